internal import LMDB
public import MarketCore

/// Where a sale counts.
public struct SaleKey: Hashable, Comparable, Sendable {
    /// The category the lead was sold in.
    public var category: CategoryNumber
    /// Where the lead came from.
    public var channel: ChannelNumber

    /// Orders keys as the tables do.
    public static func < (left: SaleKey, right: SaleKey) -> Bool {
        (left.category, left.channel) < (right.category, right.channel)
    }
}

/// How long after their arrival leads were released.
public struct ReleaseDelay: Hashable, Sendable {
    /// The delays, for percentiles.
    public var histogram = DelayHistogram()
    /// The exact number of releases by delay bucket.
    public var buckets: [DelayBucket: Int] = [:]

    /// No releases.
    public init() {}

    /// Adds another.
    public static func += (left: inout ReleaseDelay, right: ReleaseDelay) {
        left.histogram += right.histogram
        left.buckets.merge(right.buckets, uniquingKeysWith: +)
    }
}

/// Delays from arrival to release by category and channel.
///
/// Key: category, channel, kind (1 histogram, 2 bucket), bin or bucket. Row: releases.
struct ReleaseDelays: Projection {
    static let tableName = "delays"

    private enum Kind: UInt8 {
        case histogram = 1
        case bucket = 2
    }

    private struct Key: Hashable, Comparable {
        let sale: SaleKey
        let kind: UInt8
        let index: UInt16

        static func < (left: Key, right: Key) -> Bool {
            (left.sale, left.kind, left.index) < (right.sale, right.kind, right.index)
        }
    }

    private var pending: [Key: Int] = [:]

    mutating func note(_ recorded: RecordedEvent, before market: Market) {
        guard case .leadReleased(let release) = recorded.event,
            let assignment = market.assignment(release.assignment)
        else { return }
        let sale = SaleKey(category: assignment.category, channel: assignment.channel)
        let delay = recorded.time - assignment.leadArrivedAt
        let bin = DelayHistogram.bin(of: delay)
        let bucket = UInt16(DelayBucket(delay: delay).rawValue)
        pending[Key(sale: sale, kind: Kind.histogram.rawValue, index: bin), default: 0] += 1
        pending[Key(sale: sale, kind: Kind.bucket.rawValue, index: bucket), default: 0] += 1
    }

    mutating func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        for key in pending.keys.sorted() {
            guard var count = pending[key] else { continue }
            let rowKey = Self.rowKey(key)
            count += try Self.stored(rowKey, table, transaction)
            var row = RowWriter()
            row.write(Int64(count))
            try translating { () throws(LMDBError) in
                try transaction.put(row, for: rowKey, in: table)
            }
        }
        pending.removeAll(keepingCapacity: true)
    }

    private static func stored(
        _ key: RowWriter, _ table: Table, _ transaction: borrowing Transaction
    ) throws(ViewError) -> Int {
        do {
            guard let row = try transaction.value(for: key.bytes, in: table) else { return 0 }
            var reader = RowReader(row)
            return Int(try reader.read(Int64.self))
        } catch {
            throw ViewError(error)
        }
    }

    private static func rowKey(_ key: Key) -> RowWriter {
        var row = RowWriter()
        row.write(key.sale.category.rawValue)
        row.write(key.sale.channel.rawValue)
        row.write(key.kind)
        row.write(key.index)
        return row
    }

    static func add(
        _ key: RawSpan, _ row: RawSpan, to delays: inout [SaleKey: ReleaseDelay]
    ) throws(ViewError) {
        var reader = RowReader(key)
        let sale = SaleKey(
            category: CategoryNumber(try reader.read(UInt32.self)),
            channel: ChannelNumber(try reader.read(UInt32.self)))
        let kind = Kind(rawValue: try reader.read())
        let index: UInt16 = try reader.read()
        var rowReader = RowReader(row)
        let count = Int(try rowReader.read(Int64.self))
        switch kind {
        case .histogram:
            guard index <= DelayHistogram.bin(of: Timespan(microseconds: .max)) else {
                throw .damagedRow
            }
            delays[sale, default: .init()].histogram.add(count, to: index)
        case .bucket:
            guard let bucket = UInt8(exactly: index).flatMap(DelayBucket.init(rawValue:)) else {
                throw .damagedRow
            }
            delays[sale, default: .init()].buckets[bucket, default: 0] += count
        case nil: throw .damagedRow
        }
    }
}

extension ViewReader {
    /// All delays from arrival to release, by category and channel.
    ///
    /// - Complexity: O(combinations that occurred).
    public func releaseDelays() throws(ViewError) -> [(SaleKey, ReleaseDelay)] {
        var delays: [SaleKey: ReleaseDelay] = [:]
        try scan(tables.delays, from: []) { key, row throws(ViewError) in
            try ReleaseDelays.add(key, row, to: &delays)
            return true
        }
        return delays.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
