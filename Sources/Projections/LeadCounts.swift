internal import LMDB
public import MarketCore

/// How many leads came to what, and what they brought in.
public struct LeadCount: Hashable, Sendable {
    /// Leads turned away, by reason; those that were only asked about too.
    public var rejected: [LeadRejection: Int] = [:]
    /// Leads opened: taken in, or asked about and not turned away.
    public var accepted = 0
    /// How many of the opened ones were asked about first (R8.5).
    public var pinged = 0
    /// How many of those were posted, and the post was taken.
    public var posted = 0
    /// How many of the ones turned away were only asked about.
    public var pingsRejected = 0
    /// Leads of test channels, which count nowhere else (R3.1).
    public var tested = 0
    /// Leads sold.
    public var released = 0
    /// Leads closed unsold, by reason.
    public var closed: [LeadClosure: Int] = [:]
    /// What was charged for the sold ones.
    public var charged: Money = .zero
    /// What the channel gets of it.
    public var payout: Money = .zero
    /// Sold leads whose money was given back (R10.3).
    public var returned = 0
    /// What was given back for them.
    public var refunded: Money = .zero
    /// What the channel lost of its payout by that.
    public var payoutReversed: Money = .zero

    /// Nothing counted.
    public init() {}

    /// Leads neither sold nor closed, the reserved ones too. Known of a channel, not of a category.
    public var waiting: Int { accepted - released - closed.values.reduce(0, +) }

    /// Leads taken in: submitted, or asked about and reserved. Known of a channel, not of a category.
    public var taken: Int { accepted - (closed[.pingUnmatched] ?? 0) }

    /// The share of the leads taken in that was sold, in basis points, floored; `nil` without any.
    public var fillRate: Int? { taken > 0 ? released * 10_000 / taken : nil }

    /// Adds another count.
    public static func += (left: inout LeadCount, right: LeadCount) {
        left.rejected.merge(right.rejected, uniquingKeysWith: +)
        left.accepted += right.accepted
        left.pinged += right.pinged
        left.posted += right.posted
        left.pingsRejected += right.pingsRejected
        left.tested += right.tested
        left.released += right.released
        left.closed.merge(right.closed, uniquingKeysWith: +)
        left.charged += right.charged
        left.payout += right.payout
        left.returned += right.returned
        left.refunded += right.refunded
        left.payoutReversed += right.payoutReversed
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
        case .leadPinged(let lead):
            let key = LeadCountKey(channel: lead.channel)
            pending[key, default: .init()].accepted += 1
            pending[key, default: .init()].pinged += 1
        case .leadPosted(let post):
            guard post.rejection == nil, let lead = market.openLead(post.lead) else { return }
            pending[LeadCountKey(channel: lead.channel), default: .init()].posted += 1
        case .leadTested(let lead):
            pending[LeadCountKey(channel: lead.channel), default: .init()].tested += 1
        case .leadRejected(let lead):
            let key = LeadCountKey(channel: lead.channel)
            pending[key, default: .init()].rejected[lead.reason, default: 0] += 1
            if lead.isPing { pending[key, default: .init()].pingsRejected += 1 }
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
        case .returnDecided(let id, let decision):
            guard decision.isApproved, let assignment = market.assignment(id) else { return }
            let key = LeadCountKey(channel: assignment.channel, category: assignment.category)
            pending[key, default: .init()].returned += 1
            pending[key, default: .init()].refunded += assignment.charge
            pending[key, default: .init()].payoutReversed += assignment.channelPayout
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
        .channelPaused, .channelCapped, .suppressed, .industryPeer, .noConsent, .duplicate,
        .unqualified,
    ]
    private static let closures: [LeadClosure] = [
        .expired, .withdrawn, .suppressed, .erased, .consentTimedOut, .pingUnmatched, .pingExpired,
        .postRejected,
    ]

    private static func row(_ count: LeadCount) -> RowWriter {
        var row = RowWriter()
        let numbers = [
            count.accepted, count.pinged, count.posted, count.pingsRejected, count.tested,
            count.released, count.returned,
        ]
        for number in numbers { row.write(Int64(number)) }
        for amount in [count.charged, count.payout, count.refunded, count.payoutReversed] {
            row.write(amount.fen)
        }
        for reason in rejections { row.write(Int64(count.rejected[reason] ?? 0)) }
        for reason in closures { row.write(Int64(count.closed[reason] ?? 0)) }
        return row
    }

    static func count(_ row: RawSpan) throws(ViewError) -> LeadCount {
        var reader = RowReader(row)
        var count = LeadCount()
        count.accepted = Int(try reader.read(Int64.self))
        count.pinged = Int(try reader.read(Int64.self))
        count.posted = Int(try reader.read(Int64.self))
        count.pingsRejected = Int(try reader.read(Int64.self))
        count.tested = Int(try reader.read(Int64.self))
        count.released = Int(try reader.read(Int64.self))
        count.returned = Int(try reader.read(Int64.self))
        count.charged = Money(fen: try reader.read())
        count.payout = Money(fen: try reader.read())
        count.refunded = Money(fen: try reader.read())
        count.payoutReversed = Money(fen: try reader.read())
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
