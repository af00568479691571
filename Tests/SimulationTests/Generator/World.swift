import MarketCore
import MarketTestSupport

/// What the simulations add to ``SmallWorld``.
enum World {
    /// Four channels; the last one begins as a test channel.
    static let channels: [Name] = SmallWorld.channels + ["trial"]
    /// How many people there are at a time.
    static let personCount = 18
    /// The tiers, and a word that is none.
    static let tiers = ["A", "B", "C", "unknown"]
    /// The attribute that holds the tier.
    static let tier = AttributeNumber(4)

    /// The attribute of the tier.
    static var tierAttribute: Attribute {
        Attribute(name: "tier", kind: .choice(words: tiers))
    }
}
