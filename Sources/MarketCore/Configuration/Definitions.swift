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

    /// Defines a category.
    public init(
        title: String, qualification: Filter, ladder: PriceLadder, exclusivity: Timespan? = nil,
        splits: [Split] = [], retired: Bool = false
    ) {
        self.title = title
        self.qualification = qualification
        self.ladder = ladder
        self.exclusivity = exclusivity
        self.splits = splits
        self.retired = retired
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

/// A source of leads and what it is paid (R3.1).
public struct ChannelDefinition: Hashable, Sendable {
    /// What people read; at most 128 bytes.
    public var title: String
    /// What the channel gets for each sold lead, whatever it was sold for; at most ``maximumPayout``.
    public var payout: Money

    /// The largest payout, 100 million yuan: payables add up without limit, and a billion such sales
    /// still fit.
    public static let maximumPayout = Money(fen: 10_000_000_000)

    /// Defines a channel.
    public init(title: String, payout: Money) {
        self.title = title
        self.payout = payout
    }
}

/// The market's own settings.
public struct MarketSettings: Hashable, Sendable {
    /// How long after a release a further lead of that person is a duplicate (R4.3).
    public var duplicateWindow: Timespan = .days(30)
    /// What counts as a phone number (R4.1).
    public var phonePattern: PhonePattern = .chineseMobile
    /// The order in which categories are tried; `nil` for the dearest first rung first, then by
    /// definition (R2.3). Categories it leaves out follow those it names.
    public var categoryOrder: [CategoryNumber]?

    /// The default settings.
    public init() {}
}
