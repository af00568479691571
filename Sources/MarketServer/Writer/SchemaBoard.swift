internal import MarketCore
internal import MarketRPC
internal import Synchronization

/// Where the writer publishes what sessions need of the market to read parameters: before the reply to the
/// `market.apply` that changed it leaves.
///
/// A session may read with the tables before the last; schemas only grow, so what it reads is
/// valid under the newer ones too (R1.1).
final class SchemaBoard: Sendable {
    private let tables: Mutex<CallTables>
    /// Counts publications, so that sessions look here without the lock.
    private let version = Atomic<Int>(0)

    /// The tables as a session last saw them.
    struct Copy {
        fileprivate(set) var tables: CallTables
        fileprivate var version: Int
    }

    init(_ market: Market) {
        tables = Mutex(CallTables(market))
    }

    func publish(_ market: Market) {
        let new = CallTables(market)
        tables.withLock { $0 = new }
        version.add(1, ordering: .releasing)
    }

    /// A first copy.
    var copy: Copy {
        let version = version.load(ordering: .acquiring)
        return Copy(tables: tables.withLock { $0 }, version: version)
    }

    /// Brings a copy up to date; a load when nothing was published since.
    func refresh(_ copy: inout Copy) {
        if copy.version != version.load(ordering: .acquiring) { copy = self.copy }
    }
}

extension CallTables {
    fileprivate convenience init(_ market: Market) {
        self.init(schema: market.schema, phonePattern: market.settings.phonePattern)
    }
}
