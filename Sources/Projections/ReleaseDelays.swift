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
        let kind: Kind
        let index: UInt16

        static func < (left: Key, right: Key) -> Bool {
            (left.sale, left.kind.rawValue, left.index)
                < (right.sale, right.kind.rawValue, right.index)
        }

        /// Adds a count whose key was checked.
        func add(_ count: Int, to delays: inout [SaleKey: ReleaseDelay]) {
            switch kind {
            case .histogram:
                delays[sale, default: .init()].histogram.add(count, to: index)
            case .bucket:
                guard let bucket = Key.bucket(index) else { return }
                delays[sale, default: .init()].buckets[bucket, default: 0] += count
            }
        }

        static func bucket(_ index: UInt16) -> DelayBucket? {
            UInt8(exactly: index).flatMap(DelayBucket.init(rawValue:))
        }
    }

    /// Each release; sorted out when it is read or written.
    private var releases: [(sale: SaleKey, delay: Timespan)] = []

    mutating func note(
        _ recorded: RecordedEvent, of assignment: Assignment?, before market: Market
    ) {
        guard case .leadReleased = recorded.event, let assignment else { return }
        releases.append(
            (
                SaleKey(category: assignment.category, channel: assignment.channel),
                recorded.time - assignment.leadArrivedAt
            ))
    }

    /// Adds what was noted.
    func add(to delays: inout [SaleKey: ReleaseDelay]) {
        for (key, count) in noted { key.add(count, to: &delays) }
    }

    private var noted: [Key: Int] {
        var counts: [Key: Int] = [:]
        for (sale, delay) in releases {
            let bin = DelayHistogram.bin(of: delay)
            let bucket = UInt16(DelayBucket(delay: delay).rawValue)
            counts[Key(sale: sale, kind: .histogram, index: bin), default: 0] += 1
            counts[Key(sale: sale, kind: .bucket, index: bucket), default: 0] += 1
        }
        return counts
    }

    func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        for (key, noted) in noted.sorted(by: { $0.key < $1.key }) {
            let rowKey = Self.rowKey(key)
            let count = noted + (try Self.stored(rowKey, table, transaction))
            var row = RowWriter()
            row.write(Int64(count))
            try translating { () throws(LMDBError) in
                try transaction.put(row, for: rowKey, in: table)
            }
        }
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
        row.write(key.kind.rawValue)
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
        guard let kind = Kind(rawValue: try reader.read()) else { throw .damagedRow }
        let index: UInt16 = try reader.read()
        let isKnown =
            switch kind {
            case .histogram: index <= DelayHistogram.bin(of: Timespan(microseconds: .max))
            case .bucket: Key.bucket(index) != nil
            }
        guard isKnown else { throw .damagedRow }
        var rowReader = RowReader(row)
        let count = Int(try rowReader.read(Int64.self))
        Key(sale: sale, kind: kind, index: index).add(count, to: &delays)
    }
}

extension ViewReader {
    /// All delays from arrival to release, by category and channel.
    ///
    /// - Complexity: O(combinations that occurred).
    public func releaseDelays() throws(ViewError) -> [(SaleKey, ReleaseDelay)] {
        var delays: [SaleKey: ReleaseDelay] = [:]
        try read { transaction, changes throws(ViewError) in
            try scan(tables.delays, in: transaction) { key, row throws(ViewError) in
                try ReleaseDelays.add(key, row, to: &delays)
                return true
            }
            for change in changes { change.delays.add(to: &delays) }
        }
        return delays.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
