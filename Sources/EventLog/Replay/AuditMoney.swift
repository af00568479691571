internal import MarketCore

/// The balances as the events alone add up, in integers that cannot overflow.
struct AuditMoney {
    typealias Amount = Int128

    private var cash: Amount = 0
    private var revenue: Amount = 0
    private var available: [Amount] = []
    private var held: [Amount] = []
    private var channelPayable: [Amount] = []
    private var payeePayable: [Amount] = []

    private var advisors: [Name] = []
    private var channels: [Name] = []
    private var payees: [Name] = []

    mutating func openAdvisor(_ name: Name) {
        advisors.append(name)
        available.append(0)
        held.append(0)
    }

    mutating func openChannel(_ name: Name) {
        channels.append(name)
        channelPayable.append(0)
    }

    mutating func openPayee(_ name: Name) {
        payees.append(name)
        payeePayable.append(0)
    }

    /// Changes a balance; false when there is no such account.
    @discardableResult
    mutating func post(_ amount: Amount, to account: Account) -> Bool {
        guard exists(account) else { return false }
        switch account {
        case .cash: cash += amount
        case .available(let advisor): available[advisor.index] += amount
        case .held(let advisor): held[advisor.index] += amount
        case .channelPayable(let channel): channelPayable[channel.index] += amount
        case .payeePayable(let payee): payeePayable[payee.index] += amount
        case .revenue: revenue += amount
        }
        return true
    }

    /// A balance; zero when there is no such account.
    subscript(account: Account) -> Amount {
        guard exists(account) else { return 0 }
        return switch account {
        case .cash: cash
        case .available(let advisor): available[advisor.index]
        case .held(let advisor): held[advisor.index]
        case .channelPayable(let channel): channelPayable[channel.index]
        case .payeePayable(let payee): payeePayable[payee.index]
        case .revenue: revenue
        }
    }

    func exists(_ account: Account) -> Bool {
        switch account {
        case .cash, .revenue: true
        case .available(let advisor), .held(let advisor): advisor.index < available.count
        case .channelPayable(let channel): channel.index < channelPayable.count
        case .payeePayable(let payee): payee.index < payeePayable.count
        }
    }

    /// All accounts there are.
    var accounts: [Account] {
        let advisors = available.indices.map(AdvisorNumber.init(index:))
        return [.cash, .revenue] + advisors.map(Account.available) + advisors.map(Account.held)
            + channelPayable.indices.map { .channelPayable(ChannelNumber(index: $0)) }
            + payeePayable.indices.map { .payeePayable(PayeeNumber(index: $0)) }
    }

    /// What `ledger` says otherwise about one of `accounts`, in words.
    func differences(from ledger: Ledger, in accounts: some Sequence<Account>) -> [String] {
        accounts.compactMap { account in
            guard ledger.has(account) else { return "\(words(for: account)) is not in the ledger" }
            let own = self[account]
            let other = ledger[account].fen
            guard own != Amount(other) else { return nil }
            return
                "\(words(for: account)) is \(other) fen in the ledger and \(own) fen by the events"
        }
    }
}

extension Ledger {
    fileprivate func has(_ account: Account) -> Bool {
        switch account {
        case .cash, .revenue: true
        case .available(let advisor), .held(let advisor): advisor.index < available.count
        case .channelPayable(let channel): channel.index < channelPayable.count
        case .payeePayable(let payee): payee.index < payeePayable.count
        }
    }
}

// MARK: - Words

extension AuditMoney {
    /// The advisor's name, or that there is none of that number.
    func name(of advisor: AdvisorNumber) -> String {
        advisor.index < advisors.count
            ? "advisor \(advisors[advisor.index])" : "unknown advisor number \(advisor.rawValue)"
    }

    /// The account in words.
    func words(for account: Account) -> String {
        switch account {
        case .cash: "cash"
        case .available(let advisor): "the available balance of \(name(of: advisor))"
        case .held(let advisor): "the held balance of \(name(of: advisor))"
        case .channelPayable(let channel):
            channel.index < channels.count
                ? "the payable of channel \(channels[channel.index])"
                : "the payable of unknown channel number \(channel.rawValue)"
        case .payeePayable(let payee):
            payee.index < payees.count
                ? "the payable of payee \(payees[payee.index])"
                : "the payable of unknown payee number \(payee.rawValue)"
        case .revenue: "revenue"
        }
    }
}

extension Account {
    /// Whether nothing may be taken from it that is not there: of cash and revenue it may, because
    /// a channel may be paid more for a lead than the lead brought (R12.2).
    var staysPositive: Bool {
        switch self {
        case .available, .held, .channelPayable, .payeePayable: true
        case .cash, .revenue: false
        }
    }
}
