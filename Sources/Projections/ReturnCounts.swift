internal import LMDB
public import MarketCore

/// How many returns were asked for, and what came of them (R10).
public struct ReturnCount: Hashable, Sendable {
    /// Returns asked for.
    public var requested = 0
    /// Those approved.
    public var approved = 0
    /// Those of the approved that evidence decided, without an operator.
    public var automatic = 0
    /// Those refused.
    public var refused = 0
    /// What was charged for all that were asked for.
    public var requestedAmount: Money = .zero
    /// What was given back.
    public var refunded: Money = .zero

    /// Those that an operator has to decide.
    public var open: Int { requested - approved - refused }

    /// Nothing counted.
    public init() {}

    /// Adds another count.
    public static func += (left: inout ReturnCount, right: ReturnCount) {
        left.requested += right.requested
        left.approved += right.approved
        left.automatic += right.automatic
        left.refused += right.refused
        left.requestedAmount += right.requestedAmount
        left.refunded += right.refunded
    }
}

/// What returns are counted by.
public struct ReturnKey: Hashable, Comparable, Sendable {
    /// The sale taken back.
    public var sale: SaleKey
    /// Why.
    public var reason: ReturnReason

    /// Orders keys as the table does.
    public static func < (left: ReturnKey, right: ReturnKey) -> Bool {
        (left.sale, ReturnCounts.number(of: left.reason))
            < (right.sale, ReturnCounts.number(of: right.reason))
    }
}

/// Returns by category, channel and reason.
///
/// Key: category, channel, reason. Row: requested, approved, automatic, refused, the two amounts.
struct ReturnCounts: Projection {
    static let tableName = "returns"
    /// The reasons by their number in a key, from 0.
    private static let reasons: [ReturnReason] = [
        .noSuchNumber, .outOfService, .wrongPerson, .industryPeer, .duplicate, .unqualified,
    ]

    private(set) var pending: [ReturnKey: ReturnCount] = [:]

    mutating func note(
        _ recorded: RecordedEvent, of assignment: Assignment?, before market: Market
    ) {
        switch recorded.event {
        case .returnRequested(_, let request):
            guard let assignment else { return }
            let key = Self.key(assignment, request.reason)
            pending[key, default: .init()].requested += 1
            pending[key, default: .init()].requestedAmount += assignment.charge
        case .returnDecided(_, let decision):
            guard let assignment, let request = assignment.returned?.request else { return }
            let key = Self.key(assignment, request.reason)
            guard decision.isApproved else {
                pending[key, default: .init()].refused += 1
                return
            }
            pending[key, default: .init()].approved += 1
            if decision.isAutomatic { pending[key, default: .init()].automatic += 1 }
            pending[key, default: .init()].refunded += assignment.charge
        default:
            break
        }
    }

    private static func key(_ assignment: Assignment, _ reason: ReturnReason) -> ReturnKey {
        ReturnKey(
            sale: SaleKey(category: assignment.category, channel: assignment.channel),
            reason: reason)
    }

    func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        for (key, noted) in pending.sorted(by: { $0.key < $1.key }) {
            let key = Self.rowKey(key)
            var count = noted
            if let row = try Self.stored(key, table, transaction) { count += row }
            var row = RowWriter()
            for number in [count.requested, count.approved, count.automatic, count.refused] {
                row.write(Int64(number))
            }
            row.write(count.requestedAmount.fen)
            row.write(count.refunded.fen)
            try translating { () throws(LMDBError) in
                try transaction.put(row, for: key, in: table)
            }
        }
    }

    private static func stored(
        _ key: RowWriter, _ table: Table, _ transaction: borrowing Transaction
    ) throws(ViewError) -> ReturnCount? {
        do {
            guard let row = try transaction.value(for: key.bytes, in: table) else { return nil }
            return try count(row)
        } catch {
            throw ViewError(error)
        }
    }

    static func count(_ row: RawSpan) throws(ViewError) -> ReturnCount {
        var reader = RowReader(row)
        var count = ReturnCount()
        count.requested = Int(try reader.read(Int64.self))
        count.approved = Int(try reader.read(Int64.self))
        count.automatic = Int(try reader.read(Int64.self))
        count.refused = Int(try reader.read(Int64.self))
        count.requestedAmount = Money(fen: try reader.read())
        count.refunded = Money(fen: try reader.read())
        return count
    }

    static func number(of reason: ReturnReason) -> Int {
        guard let number = reasons.firstIndex(of: reason) else {
            preconditionFailure("the table knows every reason")
        }
        return number
    }

    private static func rowKey(_ key: ReturnKey) -> RowWriter {
        var row = RowWriter()
        row.write(key.sale.category.rawValue)
        row.write(key.sale.channel.rawValue)
        row.write(UInt8(number(of: key.reason)))
        return row
    }

    static func key(_ row: RawSpan) throws(ViewError) -> ReturnKey {
        var reader = RowReader(row)
        let sale = SaleKey(
            category: CategoryNumber(try reader.read(UInt32.self)),
            channel: ChannelNumber(try reader.read(UInt32.self)))
        let reason = Int(try reader.read(UInt8.self))
        guard reasons.indices.contains(reason) else { throw .damagedRow }
        return ReturnKey(sale: sale, reason: reasons[reason])
    }
}

extension ViewReader {
    /// All counts of returns, by category, channel and reason.
    ///
    /// - Complexity: O(combinations that occurred).
    public func returnCounts() throws(ViewError) -> [(ReturnKey, ReturnCount)] {
        var counts: [ReturnKey: ReturnCount] = [:]
        try read { transaction, changes throws(ViewError) in
            try scan(tables.returns, in: transaction) { key, row throws(ViewError) in
                counts[try ReturnCounts.key(key)] = try ReturnCounts.count(row)
                return true
            }
            for change in changes {
                for (key, count) in change.returns.pending {
                    counts[key, default: ReturnCount()] += count
                }
            }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
