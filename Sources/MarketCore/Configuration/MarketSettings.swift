/// The market's own settings.
public struct MarketSettings: Hashable, Sendable {
    /// How long after a release a further lead of that person is a duplicate (R4.3).
    public var duplicateWindow: Timespan = .days(30)
    /// What counts as a phone number (R4.1).
    public var phonePattern: PhonePattern = .chineseMobile
    /// The order in which categories are tried; `nil` for the dearest first rung first, then by
    /// definition (R2.3). Categories it leaves out follow those it names.
    public var categoryOrder: [CategoryNumber]?
    /// How long the reservation of a pinged lead lasts (R8.5).
    public var pingTimeout: Timespan = .minutes(3)
    /// How many of a channel's last decided leads it is judged by, 1...``QualityWindow/maximumLength``
    /// (R3.2).
    public var qualitySpan = 200
    /// The share of them, in basis points, 0...10,000, that may be rejected or returned before the
    /// channel pauses itself (R3.2).
    public var qualityLimit = 4_000
    /// The choice whose first three words are a lead's tiers from best to worst; `nil` where leads
    /// have none (R6.2).
    public var tierAttribute: AttributeNumber?
    /// How the market derives the tier itself; `nil` where leads declare it (R1.5).
    public var tierRules: TierRules?
    /// How grades follow from results; `nil` where they are only set (R9.4).
    public var gradeRules: GradeRules?

    /// The default settings.
    public init() {}
}
