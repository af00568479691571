internal import MarketCore

/// What an auditor writes down while reading the events, to check sales and money by the events'
/// own word, without asking the market that the rules build.
///
/// It knows no rules of matching; it never traps, whatever the events say.
struct AuditTable: Sendable {
    /// A promise that an event breaks.
    struct Complaint {
        let kind: AuditFinding.Kind
        let message: String
    }

    struct OpenLead {
        /// Where its person stands in ``persons``.
        let person: Int
        let channel: ChannelNumber
        /// Whether it was asked about and has not been posted.
        var awaitsPost: Bool
        var reservation: AssignmentID?
    }

    struct OpenSale {
        let lead: LeadID
        /// Where the lead's person stands in ``persons``.
        let person: Int
        let channel: ChannelNumber
        let advisor: AdvisorNumber
        let charge: Money
        let channelPayout: Money
        var awaited: PendingGates
        let taken: AuditCaps.Taken
    }

    struct Sale {
        let channel: ChannelNumber
        let advisor: AdvisorNumber
        let charge: Money
        let channelPayout: Money
        /// Where what the payees get stands in ``payeeShares``.
        let payeeShares: Range<Int>
        var returned = Return.none

        enum Return { case none, open, decided }
    }

    struct Binding {
        let advisor: AdvisorNumber
        let until: Timestamp?

        func holds(at time: Timestamp) -> Bool { until.map { time <= $0 } ?? true }
    }

    private(set) var complaints: [Complaint] = []
    /// The accounts that the events since the last ``moveBalances(to:)`` changed.
    private var touched: [Account] = []

    /// Where what stands in the stores below began in the log.
    var places = AuditPlaces()
    var openLeads = AuditStore<OpenLead>()
    var reserved = AuditStore<OpenSale>()
    var sales: [Sale] = []
    var payeeShares: [PayeeShare] = []
    var persons = AuditPersons()
    var sold = SoldLeads()
    var caps = AuditCaps()
    private(set) var rulesVersion = 0
    private var channelNames: Set<Name> = []
    private var payeeNames: Set<Name> = []
    private(set) var money = AuditMoney()

    /// Writes `recorded` down; what it breaks is in ``complaints`` until the next call.
    mutating func note(_ recorded: RecordedEvent) {
        if !complaints.isEmpty { complaints.removeAll(keepingCapacity: true) }
        switch recorded.event {
        case .marketCreated(let foundation):
            rulesVersion = foundation.rulesVersion
            caps.calendar = MarketCalendar(utcOffsetMinutes: foundation.utcOffsetMinutes)
        case .rulesChanged(let version):
            rulesVersion = version
        case .configurationApplied(let change):
            for channel in change.channels where channelNames.insert(channel.name).inserted {
                money.openChannel(channel.name)
            }
            for payee in change.payees where payeeNames.insert(payee.name).inserted {
                money.openPayee(payee.name)
            }
        case .advisorRegistered(let name, let profile):
            money.openAdvisor(name)
            caps.advisors.append(AuditCaps.AdvisorCount(cap: profile.dailyCap))
        case .advisorUpdated(let advisor, let profile):
            caps.update(advisor, profile)
        case .orderPlaced(let advisor, _, let terms):
            places.put(.order, at: recorded.position, place: caps.place(for: advisor, terms))
        case .orderAmended(let id, let terms):
            if let order = places.place(.order, at: id.position) { caps.amend(at: order, terms) }
        case .orderRenewed(let id):
            renew(id)
        case .deposited, .withdrawn, .channelPaid, .payeePaid:
            noteTransfer(recorded.event)
        case .leadAccepted, .leadPinged, .leadPosted, .leadClosed, .leadReserved, .leadVoided,
            .assignmentAccepted, .consentConfirmed, .leadReleased, .returnRequested,
            .returnDecided:
            noteSale(recorded)
        case .timePassed, .offersDeferred, .availabilitySet, .advisorSuspended,
            .advisorReinstated, .advisorGraded, .orderPaused, .orderResumed, .orderCancelled,
            .leadRejected, .leadTested, .leadWithdrawn, .assignmentAcknowledged,
            .contactDisclosed, .contactReported, .stageReported, .personSuppressed,
            .personUnsuppressed, .personErased, .channelPaused, .channelResumed,
            .channelPausedItself:
            break
        }
    }

    private mutating func renew(_ id: OrderID) {
        guard let order = places.place(.order, at: id.position) else {
            return complain(.invariant, "R5.2: order \(id.rawValue) was never placed")
        }
        if !caps.renew(at: order) {
            complain(
                .invariant,
                "R5.2: order \(id.rawValue) is renewed and was not filled, or does not renew")
        }
    }

    /// Adds what the accounts hold that changed since this was last called, each time one did.
    mutating func moveBalances(to balances: inout [AuditMoney.Balance]) {
        for account in touched {
            balances.append(AuditMoney.Balance(account: account, amount: money[account]))
        }
        touched.removeAll(keepingCapacity: true)
    }

    mutating func complain(_ kind: AuditFinding.Kind, _ message: String) {
        complaints.append(Complaint(kind: kind, message: message))
    }
}

// MARK: - Money (R12.1, R12.3)

extension AuditTable {
    private mutating func noteTransfer(_ event: Event) {
        switch event {
        case .deposited(let advisor, let amount, _):
            post(.cash, amount)
            post(.available(advisor), amount)
        case .withdrawn(let advisor, let amount, _):
            post(.cash, -amount)
            post(.available(advisor), -amount)
        case .channelPaid(let channel, let amount, _):
            post(.channelPayable(channel), -amount)
            post(.cash, -amount)
        case .payeePaid(let payee, let amount, _):
            post(.payeePayable(payee), -amount)
            post(.cash, -amount)
        default:
            break
        }
    }

    /// Moves a sale's charge to those who share it.
    mutating func settle(_ sale: Sale) {
        post(.held(sale.advisor), -sale.charge)
        split(sale, times: 1)
    }

    /// Gives a sale's charge back, each share from whoever had it (R10.3).
    mutating func reverse(_ sale: Sale) {
        post(.available(sale.advisor), sale.charge)
        split(sale, times: -1)
    }

    private mutating func split(_ sale: Sale, times sign: Int64) {
        var remainder = AuditMoney.Amount(sale.charge.fen) - .init(sale.channelPayout.fen)
        // What was paid out before a return is owed: these balances may fall below zero (R12.2).
        post(.channelPayable(sale.channel), sale.channelPayout, times: sign)
        for share in payeeShares[sale.payeeShares] {
            post(.payeePayable(share.payee), share.amount, times: sign)
            remainder -= .init(share.amount.fen)
        }
        money.post(remainder * AuditMoney.Amount(sign), to: .revenue)
        touched.append(.revenue)
    }

    private mutating func post(_ account: Account, _ amount: Money, times sign: Int64) {
        guard money.post(.init(amount.fen) * .init(sign), to: account) else {
            return complainUnknown(account, amount)
        }
        touched.append(account)
    }

    /// Posts what nobody may overdraw.
    mutating func post(_ account: Account, _ amount: Money) {
        guard money.post(.init(amount.fen), to: account) else {
            return complainUnknown(account, amount)
        }
        touched.append(account)
        if amount < .zero, account.staysPositive, money[account] < 0 {
            complain(
                .ledger,
                "R12.3: \(-amount.fen) fen are taken from \(money.names.words(for: account)), which falls to"
                    + " \(money[account]) fen")
        }
    }

    private mutating func complainUnknown(_ account: Account, _ amount: Money) {
        complain(
            .ledger,
            "R12.1: \(amount.fen) fen go to \(money.names.words(for: account)), which is unknown")
    }
}
