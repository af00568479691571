internal import MarketCore
internal import Synchronization

/// What a session needs of the market to read parameters: attributes and the phone pattern.
struct ParsingSchema: Sendable {
    let attributes: AttributeSchema
    let phonePattern: PhonePattern

    init(_ market: Market) {
        attributes = market.schema
        phonePattern = market.settings.phonePattern
    }
}

/// Where the writer publishes the schema for the event loops: before the reply to the
/// `market.apply` that changed it leaves.
///
/// A session may read with the schema before the last; schemas only grow, so what it reads is
/// valid under the newer one too (R1.1).
final class SchemaBoard: Sendable {
    private let schema: Mutex<ParsingSchema>

    init(_ market: Market) {
        schema = Mutex(ParsingSchema(market))
    }

    func publish(_ market: Market) {
        let new = ParsingSchema(market)
        schema.withLock { $0 = new }
    }

    var current: ParsingSchema { schema.withLock { $0 } }
}
