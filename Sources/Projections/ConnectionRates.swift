internal import LMDB
public import MarketCore

/// Where a reported call counts.
public struct ConnectionKey: Hashable, Comparable, Sendable {
    /// The category the lead was sold in.
    public var category: CategoryNumber
    /// Where the lead came from.
    public var channel: ChannelNumber
    /// Who called.
    public var advisor: AdvisorNumber
    /// How long after arrival they first called.
    public var bucket: DelayBucket

    /// Orders keys as the table does.
    public static func < (left: ConnectionKey, right: ConnectionKey) -> Bool {
        (left.category, left.channel, left.advisor, left.bucket)
            < (right.category, right.channel, right.advisor, right.bucket)
    }
}

/// How many assignments were called, and how many calls connected (R9.3).
public struct ConnectionCount: Hashable, Sendable {
    /// Assignments with a reported call.
    public var reported = 0
    /// Those of them with a connected call.
    public var connected = 0

    /// Nothing counted.
    public init() {}

    /// Adds another count.
    public static func += (left: inout ConnectionCount, right: ConnectionCount) {
        left.reported += right.reported
        left.connected += right.connected
    }

    /// The sum of two counts.
    static func + (left: ConnectionCount, right: ConnectionCount) -> ConnectionCount {
        var sum = left
        sum += right
        return sum
    }
}

/// Reported and connected calls by category, channel, advisor and delay bucket.
///
/// An assignment counts once, in the bucket of the first call of its first report; it becomes
/// connected by the first report that says so.
struct ConnectionRates: Projection {
    static let tableName = "calls"

    /// One report: a call reported for the first time, one connected for the first time, or both.
    private var reports: [(key: ConnectionKey, count: ConnectionCount)] = []

    mutating func note(
        _ recorded: RecordedEvent, of assignment: Assignment?, before market: Market
    ) {
        guard case .contactReported(_, let report) = recorded.event, let assignment
        else { return }
        var count = ConnectionCount()
        if assignment.firstCallAt == nil { count.reported = 1 }
        if report.outcome == .connected, !assignment.isConnected { count.connected = 1 }
        guard count != ConnectionCount() else { return }
        let firstCall = assignment.firstCallAt ?? report.firstCallAt
        let key = ConnectionKey(
            category: assignment.category, channel: assignment.channel,
            advisor: assignment.advisor,
            bucket: DelayBucket(delay: firstCall - assignment.leadArrivedAt))
        reports.append((key, count))
    }

    /// What was noted, by key.
    var noted: [ConnectionKey: ConnectionCount] {
        var counts: [ConnectionKey: ConnectionCount] = [:]
        for (key, count) in reports { counts[key, default: .init()] += count }
        return counts
    }

    func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        for (key, noted) in noted.sorted(by: { $0.key < $1.key }) {
            var count = noted
            let rowKey = Self.rowKey(key)
            if let row = try Self.stored(rowKey, table, transaction) { count += row }
            var row = RowWriter()
            row.write(Int64(count.reported))
            row.write(Int64(count.connected))
            try translating { () throws(LMDBError) in
                try transaction.put(row, for: rowKey, in: table)
            }
        }
    }

    private static func stored(
        _ key: RowWriter, _ table: Table, _ transaction: borrowing Transaction
    ) throws(ViewError) -> ConnectionCount? {
        do {
            guard let row = try transaction.value(for: key.bytes, in: table) else { return nil }
            return try count(row)
        } catch {
            throw ViewError(error)
        }
    }

    static func count(_ row: RawSpan) throws(ViewError) -> ConnectionCount {
        var reader = RowReader(row)
        var count = ConnectionCount()
        count.reported = Int(try reader.read(Int64.self))
        count.connected = Int(try reader.read(Int64.self))
        return count
    }

    private static func rowKey(_ key: ConnectionKey) -> RowWriter {
        var row = RowWriter()
        row.write(key.category.rawValue)
        row.write(key.channel.rawValue)
        row.write(key.advisor.rawValue)
        row.write(key.bucket.rawValue)
        return row
    }

    static func key(_ row: RawSpan) throws(ViewError) -> ConnectionKey {
        var reader = RowReader(row)
        let category = CategoryNumber(try reader.read(UInt32.self))
        let channel = ChannelNumber(try reader.read(UInt32.self))
        let advisor = AdvisorNumber(try reader.read(UInt32.self))
        guard let bucket = DelayBucket(rawValue: try reader.read()) else { throw .damagedRow }
        return ConnectionKey(
            category: category, channel: channel, advisor: advisor, bucket: bucket)
    }
}

extension ViewReader {
    /// All counts of calls, by category, channel, advisor, bucket.
    ///
    /// - Complexity: O(combinations that occurred).
    public func connectionCounts() throws(ViewError) -> [(ConnectionKey, ConnectionCount)] {
        var counts: [ConnectionKey: ConnectionCount] = [:]
        try read { transaction, changes throws(ViewError) in
            try scan(tables.calls, in: transaction) { key, row throws(ViewError) in
                counts[try ConnectionRates.key(key)] = try ConnectionRates.count(row)
                return true
            }
            for change in changes { counts.merge(change.calls.noted) { $0 + $1 } }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
