internal import MarketCore

/// What an auditor writes down while reading the events, to check sales and money by the events'
/// own word, without asking the market that the rules build.
///
/// It holds no terms and knows no rules of matching; it never traps, whatever the events say.
struct AuditTable {
    /// A promise that an event breaks.
    struct Complaint {
        let kind: AuditFinding.Kind
        let message: String
    }

    struct OpenLead {
        let identity: Identity
        let channel: ChannelNumber
    }

    struct OpenSale {
        let lead: LeadID
        let identity: Identity
        let channel: ChannelNumber
        let advisor: AdvisorNumber
        let charge: Money
    }

    struct Binding {
        let advisor: AdvisorNumber
        let until: Timestamp?

        func holds(at time: Timestamp) -> Bool { until.map { time <= $0 } ?? true }
    }

    private(set) var complaints: [Complaint] = []
    /// The accounts that the events since ``takeTouched()`` changed.
    private var touched: [Account] = []

    private var orders: [OrderID: AdvisorNumber] = [:]
    private var openLeads: [LeadID: OpenLead] = [:]
    private var openLeadOf: [Identity: LeadID] = [:]
    private var bindings: [Identity: Binding] = [:]
    private var reserved: [AssignmentID: OpenSale] = [:]
    private var sold: Set<LeadID> = []
    private var channelNames: Set<Name> = []
    private var payeeNames: Set<Name> = []
    private(set) var money = AuditMoney()

    /// Writes `recorded` down; what it breaks is in ``complaints`` until the next call.
    mutating func note(_ recorded: RecordedEvent) {
        complaints.removeAll(keepingCapacity: true)
        switch recorded.event {
        case .orderPlaced(let advisor, _, _):
            orders[OrderID(recorded.position)] = advisor
        case .leadAccepted(let lead):
            accept(lead, as: LeadID(recorded.position))
        case .leadClosed(let id, _):
            close(id)
        case .leadReserved(let reservation):
            reserve(reservation, as: AssignmentID(recorded.position), at: recorded.time)
        case .leadReleased(let release):
            self.release(release, at: recorded.time)
        case .advisorRegistered(let name, _):
            money.openAdvisor(name)
        case .configurationApplied(let change):
            for channel in change.channels where channelNames.insert(channel.name).inserted {
                money.openChannel(channel.name)
            }
            for payee in change.payees where payeeNames.insert(payee.name).inserted {
                money.openPayee(payee.name)
            }
        case .deposited(let advisor, let amount, _):
            post(.cash, amount)
            post(.available(advisor), amount)
        case .withdrawn(let advisor, let amount, _):
            post(.cash, -amount)
            post(.available(advisor), -amount)
        case .channelPaid(let channel, let amount, _):
            pay(.channelPayable(channel), amount)
        case .payeePaid(let payee, let amount, _):
            pay(.payeePayable(payee), amount)
        case .marketCreated, .rulesChanged, .timePassed, .offersDeferred, .advisorUpdated,
            .availabilitySet, .advisorSuspended, .advisorReinstated, .orderAmended, .orderPaused,
            .orderResumed, .orderCancelled, .leadRejected, .leadWithdrawn,
            .assignmentAcknowledged, .contactDisclosed, .contactReported, .stageReported,
            .personSuppressed, .personUnsuppressed, .personErased, .channelPaused,
            .channelResumed:
            break
        }
    }

    /// The accounts changed since the last call.
    mutating func takeTouched() -> [Account] {
        defer { touched.removeAll(keepingCapacity: true) }
        return touched
    }
}

// MARK: - Exclusivity (R4.4, R4.5)

extension AuditTable {
    private mutating func accept(_ lead: AcceptedLead, as id: LeadID) {
        if let open = openLeadOf[lead.identity] {
            complain(
                .exclusivity,
                "R4.5: lead \(id.rawValue) is of a person whose lead \(open.rawValue) is open")
        }
        openLeads[id] = OpenLead(identity: lead.identity, channel: lead.channel)
        openLeadOf[lead.identity] = id
    }

    private mutating func close(_ id: LeadID) {
        guard let lead = openLeads.removeValue(forKey: id) else {
            complain(.exclusivity, "R8.7: lead \(id.rawValue) is closed and was not open")
            return
        }
        if openLeadOf[lead.identity] == id { openLeadOf[lead.identity] = nil }
    }

    private mutating func reserve(
        _ reservation: Reservation, as id: AssignmentID, at time: Timestamp
    ) {
        let lead = reservation.lead
        guard let advisor = orders[reservation.order] else {
            complain(
                .exclusivity,
                "R8.1: lead \(lead.rawValue) is reserved for order \(reservation.order.rawValue),"
                    + " which was never placed")
            return
        }
        guard let open = openLeads.removeValue(forKey: lead) else {
            complain(
                .exclusivity,
                sold.contains(lead)
                    ? "R4.5: lead \(lead.rawValue) is sold a second time, to"
                        + " \(money.name(of: advisor))"
                    : "R4.5: lead \(lead.rawValue) is sold and was not open")
            return
        }
        checkBinding(of: open.identity, lead: lead, to: advisor, at: time)
        reserved[id] = OpenSale(
            lead: lead, identity: open.identity, channel: open.channel, advisor: advisor,
            charge: reservation.charge)
        post(.available(advisor), -reservation.charge)
        post(.held(advisor), reservation.charge)
    }

    private mutating func release(_ release: Release, at time: Timestamp) {
        guard let sale = reserved.removeValue(forKey: release.assignment) else {
            complain(
                .exclusivity,
                "R4.5: assignment \(release.assignment.rawValue) is released and was not reserved,"
                    + " or is released twice")
            return
        }
        if !sold.insert(sale.lead).inserted {
            complain(.exclusivity, "R4.5: lead \(sale.lead.rawValue) is released a second time")
        }
        checkBinding(of: sale.identity, lead: sale.lead, to: sale.advisor, at: time)
        if let binding = bindings[sale.identity], binding.advisor == sale.advisor,
            binding.holds(at: time), shrinks(binding.until, to: release.boundUntil)
        {
            complain(
                .exclusivity,
                "R4.4: the binding of lead \(sale.lead.rawValue)'s person would become shorter")
        }
        bindings[sale.identity] = Binding(advisor: sale.advisor, until: release.boundUntil)
        if openLeadOf[sale.identity] == sale.lead { openLeadOf[sale.identity] = nil }
        settle(sale, release)
    }

    private mutating func checkBinding(
        of identity: Identity, lead: LeadID, to advisor: AdvisorNumber, at time: Timestamp
    ) {
        guard let binding = bindings[identity], binding.holds(at: time),
            binding.advisor != advisor
        else { return }
        complain(
            .exclusivity,
            "R4.5: lead \(lead.rawValue) goes to \(money.name(of: advisor)) while its person is"
                + " bound to \(money.name(of: binding.advisor))")
    }

    private func shrinks(_ old: Timestamp?, to new: Timestamp?) -> Bool {
        guard let new else { return false }
        return old.map { new < $0 } ?? true
    }

    private mutating func complain(_ kind: AuditFinding.Kind, _ message: String) {
        complaints.append(Complaint(kind: kind, message: message))
    }
}

// MARK: - Money (R12.1, R12.3)

extension AuditTable {
    private mutating func settle(_ sale: OpenSale, _ release: Release) {
        var remainder = AuditMoney.Amount(sale.charge.fen) - .init(release.channelPayout.fen)
        post(.held(sale.advisor), -sale.charge)
        post(.channelPayable(sale.channel), release.channelPayout)
        for share in release.payeeShares {
            post(.payeePayable(share.payee), share.amount)
            remainder -= .init(share.amount.fen)
        }
        money.post(remainder, to: .revenue)
        touched.append(.revenue)
    }

    private mutating func pay(_ account: Account, _ amount: Money) {
        post(account, -amount)
        post(.cash, -amount)
    }

    private mutating func post(_ account: Account, _ amount: Money) {
        guard money.post(.init(amount.fen), to: account) else {
            complain(
                .ledger,
                "R12.1: \(amount.fen) fen go to \(money.words(for: account)), which is unknown")
            return
        }
        touched.append(account)
        if amount < .zero, account.staysPositive, money[account] < 0 {
            complain(
                .ledger,
                "R12.3: \(-amount.fen) fen are taken from \(money.words(for: account)), which falls to"
                    + " \(money[account]) fen")
        }
    }
}
