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
///
/// Key: channel, category. Row: 26 numbers, in the order of ``Field``, the rejections, the closures.
struct LeadCounts: Projection {
    static let tableName = "counts"

    /// The numbers of a row that count no reason.
    private enum Field: Int, CaseIterable {
        case accepted, pinged, posted, pingsRejected, tested, released, returned
        case charged, payout, refunded, payoutReversed
    }

    private static let rejections: [LeadRejection] = [
        .channelPaused, .channelCapped, .suppressed, .industryPeer, .noConsent, .duplicate,
        .unqualified,
    ]
    private static let closures: [LeadClosure] = [
        .expired, .withdrawn, .suppressed, .erased, .consentTimedOut, .pingUnmatched, .pingExpired,
        .postRejected,
    ]
    private static let width = Field.allCases.count + rejections.count + closures.count

    /// The keys noted, each with a block of ``width`` numbers in ``numbers``.
    private var keys: [LeadCountKey] = []
    private var numbers: [Int64] = []
    /// The block of each key, by channel and by category; 0 of a channel is its arrivals.
    private var blocks: [[Int32]] = []

    mutating func note(
        _ recorded: RecordedEvent, of assignment: Assignment?, before market: Market
    ) {
        switch recorded.event {
        case .leadAccepted(let lead):
            add(1, .accepted, block(lead.channel))
        case .leadPinged(let lead):
            let block = block(lead.channel)
            add(1, .accepted, block)
            add(1, .pinged, block)
        case .leadPosted(let post):
            guard post.rejection == nil, let lead = market.openLead(post.lead) else { return }
            add(1, .posted, block(lead.channel))
        case .leadTested(let lead):
            add(1, .tested, block(lead.channel))
        case .leadRejected(let lead):
            let block = block(lead.channel)
            add(1, at: Self.place(of: lead.reason), block)
            if lead.isPing { add(1, .pingsRejected, block) }
        case .leadClosed(let id, let closure):
            guard let lead = market.openLead(id) else { return }
            add(1, at: Self.place(of: closure), block(lead.channel, lead.categories.first))
        case .leadReleased(let release):
            guard let assignment else { return }
            let block = block(assignment.channel, assignment.category)
            add(1, .released, block)
            add(assignment.charge.fen, .charged, block)
            add(release.channelPayout.fen, .payout, block)
        case .returnDecided(_, let decision):
            guard decision.isApproved, let assignment else { return }
            let block = block(assignment.channel, assignment.category)
            add(1, .returned, block)
            add(assignment.charge.fen, .refunded, block)
            add(assignment.channelPayout.fen, .payoutReversed, block)
        default:
            break
        }
    }

    private static func place(of reason: LeadRejection) -> Int {
        Field.allCases.count + (rejections.firstIndex(of: reason) ?? 0)
    }

    private static func place(of closure: LeadClosure) -> Int {
        Field.allCases.count + rejections.count + (closures.firstIndex(of: closure) ?? 0)
    }

    private mutating func add(_ amount: Int64, _ field: Field, _ block: Int) {
        numbers[block + field.rawValue] += amount
    }

    private mutating func add(_ amount: Int64, at place: Int, _ block: Int) {
        numbers[block + place] += amount
    }

    /// Where in ``numbers`` the block of a key begins.
    private mutating func block(
        _ channel: ChannelNumber, _ category: CategoryNumber? = nil
    ) -> Int {
        let column = category.map { $0.index + 1 } ?? 0
        if channel.index < blocks.count, column < blocks[channel.index].count {
            let number = Int(blocks[channel.index][column])
            if number >= 0 { return number * Self.width }
        }
        return newBlock(channel, category, column)
    }

    private mutating func newBlock(
        _ channel: ChannelNumber, _ category: CategoryNumber?, _ column: Int
    ) -> Int {
        while blocks.count <= channel.index { blocks.append([]) }
        while blocks[channel.index].count <= column { blocks[channel.index].append(-1) }
        blocks[channel.index][column] = Int32(keys.count)
        keys.append(LeadCountKey(channel: channel, category: category))
        numbers.append(contentsOf: repeatElement(0, count: Self.width))
        return numbers.count - Self.width
    }

    /// What was noted, by key.
    var noted: [(key: LeadCountKey, numbers: ArraySlice<Int64>)] {
        keys.indices.map {
            (keys[$0], numbers[($0 * Self.width)..<(($0 + 1) * Self.width)])
        }
    }

    func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        for (key, numbers) in noted.sorted(by: { $0.key < $1.key }) {
            let rowKey = Self.rowKey(key)
            var sum = Array(numbers)
            if let stored = try Self.stored(rowKey, table, transaction) {
                for index in sum.indices { sum[index] += stored[index] }
            }
            var row = RowWriter()
            for number in sum { row.write(number) }
            try translating { () throws(LMDBError) in
                try transaction.put(row, for: rowKey, in: table)
            }
        }
    }

    private static func stored(
        _ key: RowWriter, _ table: Table, _ transaction: borrowing Transaction
    ) throws(ViewError) -> [Int64]? {
        do {
            guard let row = try transaction.value(for: key.bytes, in: table) else { return nil }
            return try numbers(row)
        } catch {
            throw ViewError(error)
        }
    }

    /// The numbers of a row.
    static func numbers(_ row: RawSpan) throws(ViewError) -> [Int64] {
        var reader = RowReader(row)
        var numbers: [Int64] = []
        for _ in 0..<width { numbers.append(try reader.read()) }
        return numbers
    }

    /// The count that a row's numbers are.
    static func count(_ numbers: ArraySlice<Int64>) -> LeadCount {
        func number(_ field: Field) -> Int64 { numbers[numbers.startIndex + field.rawValue] }
        func at(_ place: Int) -> Int { Int(numbers[numbers.startIndex + place]) }
        var count = LeadCount()
        count.accepted = Int(number(.accepted))
        count.pinged = Int(number(.pinged))
        count.posted = Int(number(.posted))
        count.pingsRejected = Int(number(.pingsRejected))
        count.tested = Int(number(.tested))
        count.released = Int(number(.released))
        count.returned = Int(number(.returned))
        count.charged = Money(fen: number(.charged))
        count.payout = Money(fen: number(.payout))
        count.refunded = Money(fen: number(.refunded))
        count.payoutReversed = Money(fen: number(.payoutReversed))
        for reason in rejections where at(place(of: reason)) > 0 {
            count.rejected[reason] = at(place(of: reason))
        }
        for reason in closures where at(place(of: reason)) > 0 {
            count.closed[reason] = at(place(of: reason))
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
        var counts: [LeadCountKey: LeadCount] = [:]
        try read { transaction, changes throws(ViewError) in
            try scan(tables.counts, in: transaction) { key, row throws(ViewError) in
                let numbers = try LeadCounts.numbers(row)
                counts[try LeadCounts.key(key)] = LeadCounts.count(numbers[...])
                return true
            }
            for change in changes {
                for (key, numbers) in change.counts.noted {
                    counts[key, default: LeadCount()] += LeadCounts.count(numbers)
                }
            }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
