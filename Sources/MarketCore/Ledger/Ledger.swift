/// One account of the ledger (R12.1).
public enum Account: Hashable, Sendable {
    /// Asset: the money the market holds.
    case cash
    /// Liability: what an advisor can spend.
    case available(AdvisorNumber)
    /// Liability: what is held for an advisor's reservations.
    case held(AdvisorNumber)
    /// Liability: what a channel has earned and not been paid; negative after an overpayment.
    case channelPayable(ChannelNumber)
    /// Liability: what a payee has earned and not been paid.
    case payeePayable(PayeeNumber)
    /// What remains of charges for the market; may be negative (R12.2).
    case revenue
}

/// The balances of all accounts (R12).
///
/// Invariants, checked by ``Market/checkInvariants()``:
/// 1. cash = sum of available + sum of held + sum of payables + revenue (R12.1).
/// 2. Every available and held balance is zero or more (R12.3).
public struct Ledger: Hashable, Sendable {
    /// The money the market holds.
    public internal(set) var cash: Money = .zero
    /// What remains for the market.
    public internal(set) var revenue: Money = .zero
    /// Available balances by advisor number.
    public internal(set) var available: [Money] = []
    /// Held balances by advisor number.
    public internal(set) var held: [Money] = []
    /// Payable balances by channel number.
    public internal(set) var channelPayable: [Money] = []
    /// Payable balances by payee number.
    public internal(set) var payeePayable: [Money] = []

    /// A ledger without accounts.
    public init() {}

    /// The balance of an account that exists.
    public subscript(account: Account) -> Money {
        switch account {
        case .cash: cash
        case .available(let advisor): available[advisor.index]
        case .held(let advisor): held[advisor.index]
        case .channelPayable(let channel): channelPayable[channel.index]
        case .payeePayable(let payee): payeePayable[payee.index]
        case .revenue: revenue
        }
    }

    /// Assets less liabilities and revenue: zero in a sound ledger (R12.1).
    ///
    /// - Complexity: O(accounts).
    public var imbalance: Money {
        var sum = cash - revenue
        for list in [available, held, channelPayable, payeePayable] {
            for balance in list { sum -= balance }
        }
        return sum
    }

    mutating func openAdvisorAccounts() {
        available.append(.zero)
        held.append(.zero)
    }

    mutating func openChannelAccount() { channelPayable.append(.zero) }

    mutating func openPayeeAccount() { payeePayable.append(.zero) }

    /// Moves money into an account, or out of it: one side of an event's change.
    mutating func post(_ amount: Money, to account: Account) {
        switch account {
        case .cash: cash += amount
        case .available(let advisor): available[advisor.index] += amount
        case .held(let advisor): held[advisor.index] += amount
        case .channelPayable(let channel): channelPayable[channel.index] += amount
        case .payeePayable(let payee): payeePayable[payee.index] += amount
        case .revenue: revenue += amount
        }
    }
}
