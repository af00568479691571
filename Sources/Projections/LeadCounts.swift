internal import LMDB
public import MarketCore

/// How many leads came to what, and what they brought in.
public struct LeadCount: Hashable, Sendable {
    /// Leads turned away, by reason.
    public var rejected: [LeadRejection: Int] = [:]
    /// Leads taken in.
    public var accepted = 0
    /// Leads sold.
    public var released = 0
    /// Leads closed unsold, by reason.
    public var closed: [LeadClosure: Int] = [:]
    /// What was charged for the sold ones.
    public var charged: Money = .zero
    /// What the channel gets of it.
    public var payout: Money = .zero

    /// Nothing counted.
    public init() {}

    /// Leads neither sold nor closed. Known of a channel, not of a category.
    public var waiting: Int { accepted - released - closed.values.reduce(0, +) }

    /// Adds another count.
    public static func += (left: inout LeadCount, right: LeadCount) {
        left.rejected.merge(right.rejected, uniquingKeysWith: +)
        left.accepted += right.accepted
        left.released += right.released
        left.closed.merge(right.closed, uniquingKeysWith: +)
        left.charged += right.charged
        left.payout += right.payout
    }
}

/// What leads are counted by: their channel, and the category of those sold or closed in one.
public struct LeadCountKey: Hashable, Comparable, Sendable {
    /// Where they came from.
    public var channel: ChannelNumber
    /// The category they were sold in, or the first they waited in; `nil` for arrivals.
    public var category: CategoryNumber?

    /// Orders keys as the table does, arrivals last.
    public static func < (left: LeadCountKey, right: LeadCountKey) -> Bool {
        (left.channel, left.category?.rawValue ?? .max)
            < (right.channel, right.category?.rawValue ?? .max)
    }
}

/// Leads by channel, category and what became of them.
struct LeadCounts: Projection {
    static let tableName = "counts"

    private var pending: [LeadCountKey: LeadCount] = [:]

    mutating func note(_ recorded: RecordedEvent, before market: Market) {
        switch recorded.event {
        case .leadAccepted(let lead):
            pending[LeadCountKey(channel: lead.channel), default: .init()].accepted += 1
        case .leadRejected(let lead):
            pending[LeadCountKey(channel: lead.channel), default: .init()]
                .rejected[lead.reason, default: 0] += 1
        case .leadClosed(let id, let closure):
            guard let lead = market.openLead(id) else { return }
            let key = LeadCountKey(channel: lead.channel, category: lead.categories.first)
            pending[key, default: .init()].closed[closure, default: 0] += 1
        case .leadReleased(let release):
            guard let assignment = market.assignment(release.assignment) else { return }
            let key = LeadCountKey(channel: assignment.channel, category: assignment.category)
            pending[key, default: .init()].released += 1
            pending[key, default: .init()].charged += assignment.charge
            pending[key, default: .init()].payout += release.channelPayout
        default:
            break
        }
    }

    mutating func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        for key in pending.keys.sorted() {
            guard var count = pending[key] else { continue }
            let rowKey = Self.rowKey(key)
            if let row = try Self.stored(rowKey, table, transaction) { count += row }
            let row = Self.row(count)
            try translating { () throws(LMDBError) in
                try transaction.put(row, for: rowKey, in: table)
            }
        }
        pending.removeAll(keepingCapacity: true)
    }

    private static func stored(
        _ key: RowWriter, _ table: Table, _ transaction: borrowing Transaction
    ) throws(ViewError) -> LeadCount? {
        do {
            guard let row = try transaction.value(for: key.bytes, in: table) else { return nil }
            return try count(row)
        } catch {
            throw ViewError(error)
        }
    }

    private static let rejections: [LeadRejection] = [
        .channelPaused, .suppressed, .noConsent, .duplicate, .unqualified,
    ]
    private static let closures: [LeadClosure] = [.expired, .withdrawn, .suppressed, .erased]

    private static func row(_ count: LeadCount) -> RowWriter {
        var row = RowWriter()
        row.write(Int64(count.accepted))
        row.write(Int64(count.released))
        row.write(count.charged.fen)
        row.write(count.payout.fen)
        for reason in rejections { row.write(Int64(count.rejected[reason] ?? 0)) }
        for reason in closures { row.write(Int64(count.closed[reason] ?? 0)) }
        return row
    }

    static func count(_ row: RawSpan) throws(ViewError) -> LeadCount {
        var reader = RowReader(row)
        var count = LeadCount()
        count.accepted = Int(try reader.read(Int64.self))
        count.released = Int(try reader.read(Int64.self))
        count.charged = Money(fen: try reader.read())
        count.payout = Money(fen: try reader.read())
        for reason in rejections {
            let number = Int(try reader.read(Int64.self))
            if number > 0 { count.rejected[reason] = number }
        }
        for reason in closures {
            let number = Int(try reader.read(Int64.self))
            if number > 0 { count.closed[reason] = number }
        }
        return count
    }

    private static func rowKey(_ key: LeadCountKey) -> RowWriter {
        var row = RowWriter()
        row.write(key.channel.rawValue)
        row.write(key.category?.rawValue ?? UInt32.max)
        return row
    }

    static func key(_ row: RawSpan) throws(ViewError) -> LeadCountKey {
        var reader = RowReader(row)
        let channel = ChannelNumber(try reader.read(UInt32.self))
        let category: UInt32 = try reader.read()
        return LeadCountKey(
            channel: channel, category: category == .max ? nil : CategoryNumber(category))
    }
}

extension ViewReader {
    /// All counts of leads, by channel and category.
    ///
    /// - Complexity: O(channels × categories).
    public func leadCounts() throws(ViewError) -> [(LeadCountKey, LeadCount)] {
        var counts: [(LeadCountKey, LeadCount)] = []
        try scan(tables.counts, from: []) { key, row throws(ViewError) in
            counts.append((try LeadCounts.key(key), try LeadCounts.count(row)))
            return true
        }
        return counts
    }
}
