/// What advisors order: which leads qualify and what they cost (R2.1).
///
/// A redefinition is a new version; the newest holds for orders and waiting leads, an assignment
/// keeps the version it was reserved under (R2.2).
public struct CategoryDefinition: Hashable, Sendable {
    /// What people read; at most 128 bytes.
    public var title: String
    /// Which leads belong to it.
    public var qualification: Filter
    /// What they cost by age (R7).
    public var ladder: PriceLadder
    /// How long a release binds the person to the advisor; `nil` for good (R4.4).
    public var exclusivity: Timespan?
    /// Who gets a share of each charge besides the channel (R12.2).
    public var splits: [Split]
    /// Whether the category has ended: its orders are not live, its waiting leads expire (R2.2).
    public var retired: Bool
    /// What decides between eligible orders, in this order; no key twice (R6.2).
    public var rank: [RankKey]
    /// What must come between reservation and release (R8.2, R8.3).
    public var gates: Gates
    /// When and how a sale is taken back (R10.2).
    public var returns: ReturnPolicy

    /// Defines a category.
    public init(
        title: String, qualification: Filter, ladder: PriceLadder, exclusivity: Timespan? = nil,
        splits: [Split] = [], retired: Bool = false, rank: [RankKey] = RankKey.defaultList,
        gates: Gates = Gates(), returns: ReturnPolicy = ReturnPolicy()
    ) {
        self.title = title
        self.qualification = qualification
        self.ladder = ladder
        self.exclusivity = exclusivity
        self.splits = splits
        self.retired = retired
        self.rank = rank
        self.gates = gates
        self.returns = returns
    }
}

/// What a category's reservations wait for before they are released.
public struct Gates: Hashable, Sendable {
    /// How long the person has to agree to the institution where their consent names none; `nil`
    /// where that is not asked (R8.2).
    public var namedConsent: Timespan?
    /// How long the advisor has to accept; `nil` where that is not asked (R8.3).
    public var acceptance: Timespan?

    /// The time for consent where a configuration gives none.
    public static let defaultConsentTimeout = Timespan.minutes(10)
    /// The time for acceptance where a configuration gives none.
    public static let defaultAcceptanceTimeout = Timespan.seconds(60)

    /// Describes gates; none by default.
    public init(namedConsent: Timespan? = nil, acceptance: Timespan? = nil) {
        self.namedConsent = namedConsent
        self.acceptance = acceptance
    }
}

/// When and how an advisor gets the money of a sale back (R10.2).
public struct ReturnPolicy: Hashable, Sendable {
    /// How long after the release a return may be asked for, its last microsecond included.
    public var window: Timespan
    /// The share of an advisor's last ``automaticSpan`` assignments, in basis points, 0...10,000,
    /// that evidence alone may return; floored, this one included.
    public var automaticShare: Int
    /// How many of the advisor's last assignments count, 1...``AdvisorRecord/length``.
    public var automaticSpan: Int

    /// Makes a policy; the defaults are those of R10.2.
    public init(
        window: Timespan = .hours(72), automaticShare: Int = 1_500, automaticSpan: Int = 50
    ) {
        self.window = window
        self.automaticShare = automaticShare
        self.automaticSpan = automaticSpan
    }
}

/// A payee's share of each charge of a category (R12.2).
public struct Split: Hashable, Sendable {
    /// Who gets it.
    public var payee: PayeeNumber
    /// The share of the whole charge in hundredths of a percent, 1...10,000; floored to fen.
    public var basisPoints: Int

    /// Gives `payee` a share.
    public init(payee: PayeeNumber, basisPoints: Int) {
        self.payee = payee
        self.basisPoints = basisPoints
    }
}

/// What a channel gets for a sold lead (R3.1).
public enum ChannelPayout: Hashable, Sendable {
    /// The same for each, whatever it was sold for; at most ``ChannelDefinition/maximumPayout``.
    case fixed(Money)
    /// A share of the charge in basis points, 0...10,000; floored to fen.
    case share(basisPoints: Int)

    /// What a lead sold for `charge` brings.
    public func amount(of charge: Money) -> Money {
        switch self {
        case .fixed(let payout): payout
        case .share(let basisPoints): charge.share(basisPoints: basisPoints)
        }
    }
}

/// A source of leads and what it is paid (R3.1).
public struct ChannelDefinition: Hashable, Sendable {
    /// What people read; at most 128 bytes.
    public var title: String
    /// What the channel gets for each sold lead.
    public var payout: ChannelPayout
    /// The most leads taken in a market-local day, 0...1,000,000; `nil` for any number.
    public var dailyCap: Int?
    /// Whether its leads are decided and recorded, and change nothing else.
    public var isTest: Bool

    /// The largest fixed payout, 100 million yuan: payables add up without limit, and a billion such
    /// sales still fit.
    public static let maximumPayout = Money(fen: 10_000_000_000)

    /// Defines a channel.
    public init(
        title: String, payout: ChannelPayout, dailyCap: Int? = nil, isTest: Bool = false
    ) {
        self.title = title
        self.payout = payout
        self.dailyCap = dailyCap
        self.isTest = isTest
    }
}
