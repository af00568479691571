import MarketCore
import MarketRPC
import Testing

/// A market with one of everything that has a name, made of the catalogue's own example of `market.apply`.
enum SampleMarket {
    static func make() throws -> Market {
        var market = Market()
        let foundation = MarketFoundation(
            rulesVersion: Market.rulesVersion, clock: .supplied,
            secretFingerprint: Bytes16(high: 1, low: 2))
        _ = try market.execute(.createMarket(foundation), at: time(0), input: .market)
        let apply = try #require(Catalogue.method(named: "market.apply"))
        let context = CallContext(role: .operator, schema: AttributeSchema())
        guard
            case .mutation(.applyConfiguration(let configuration, _), _) = try apply.content(
                of: apply.example, context: context)
        else { throw Unexpected() }
        _ = try market.execute(.applyConfiguration(configuration), at: time(1), input: .market)
        let profile = AdvisorProfile(institution: "Xihu Bank")
        _ = try market.execute(
            .registerAdvisor(name: name("adv-17"), profile: profile), at: time(2), input: .market)
        return market
    }

    static func context(_ role: Role, channel: String? = "partner-a") throws -> CallContext {
        CallContext(
            role: role, channel: role == .supplier ? try channel.map(name) : nil,
            schema: try make().schema)
    }

    static func name(_ text: String) throws -> Name {
        try #require(Name(text))
    }

    static func time(_ seconds: Int64) -> Timestamp {
        Timestamp.epoch + .seconds(1_800_000_000 + seconds)
    }

    struct Unexpected: Error {}
}
