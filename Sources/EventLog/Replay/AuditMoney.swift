internal import MarketCore

/// The balances as the events alone add up, in integers that cannot overflow.
struct AuditMoney: Sendable {
    typealias Amount = Int128

    private var cash: Amount = 0
    private var revenue: Amount = 0
    private var available: [Amount] = []
    private var held: [Amount] = []
    private var channelPayable: [Amount] = []
    private var payeePayable: [Amount] = []

    /// What a balance is by the events' word.
    struct Balance: Sendable {
        let account: Account
        let amount: Amount
    }

    /// Whose accounts they are.
    private(set) var names = AuditNames()

    mutating func openAdvisor(_ name: Name) {
        names.advisors.append(name)
        available.append(0)
        held.append(0)
    }

    mutating func openChannel(_ name: Name) {
        names.channels.append(name)
        channelPayable.append(0)
    }

    mutating func openPayee(_ name: Name) {
        names.payees.append(name)
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

    /// The balances of all accounts there are.
    var balances: [Balance] {
        let advisors = available.indices.map(AdvisorNumber.init(index:))
        let accounts: [Account] =
            [.cash, .revenue] + advisors.map(Account.available) + advisors.map(Account.held)
            + channelPayable.indices.map { .channelPayable(ChannelNumber(index: $0)) }
            + payeePayable.indices.map { .payeePayable(PayeeNumber(index: $0)) }
        return accounts.map { Balance(account: $0, amount: self[$0]) }
    }
}

extension Ledger {
    /// What it says otherwise about one of `balances`, in words.
    func differences(
        from balances: some Sequence<AuditMoney.Balance>, _ names: AuditNames
    ) -> [String] {
        balances.compactMap { balance in
            let account = balance.account
            guard has(account) else { return "\(names.words(for: account)) is not in the ledger" }
            let other = self[account].fen
            guard balance.amount != AuditMoney.Amount(other) else { return nil }
            return
                "\(names.words(for: account)) is \(other) fen in the ledger and \(balance.amount)"
                + " fen by the events"
        }
    }

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

/// The names of those who have accounts, as the events tell them.
struct AuditNames: Sendable {
    fileprivate var advisors: [Name] = []
    fileprivate var channels: [Name] = []
    fileprivate var payees: [Name] = []

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
