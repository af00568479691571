import MarketCore

/// Which orders of a plain book accept which of many leads.
///
/// Thousands of orders have a few hundred *conditions* between them: that a value lies in some stretch. Each is
/// tried on each of 512 leads once; an order's filter is then read off for all of them together, as an *and*
/// of *or*s of these bits. So every decision of a benchmark can be checked, where asking each order about each lead
/// would take an hour. It goes by the predicates as they are declared, and shares no code with ``Filter/accepts(_:)`` or the index.
struct Acceptances {
    /// How many leads are asked about together.
    static let width = Leads.scalarCount * 64

    private typealias Leads = SIMD8<UInt64>

    /// That an attribute's value lies from `lower` to `upper`.
    private struct Condition: Hashable {
        let attribute: AttributeNumber
        let lower: Int64
        let upper: Int64
    }

    /// The filters of a category's orders, one behind the other: numbers of conditions, of which those up to one
    /// marked as the last of its predicate stand for each other.
    private struct Filters {
        var conditions: [UInt32] = []
        /// Where each order's conditions end.
        var ends: [Int] = []
    }

    private static let last: UInt32 = 1 << 31

    private var conditions: [Condition] = []
    private var filters: [Filters] = []
    /// For each lead a bit for each order, category by category.
    private var rows: [UInt64]
    /// At which word of a row each category starts, and where the row ends.
    private var starts = [0]
    private let stride: Int

    /// Notes the filters of the orders in `book`.
    init(_ book: NaiveBook) {
        var numbers: [Condition: UInt32] = [:]
        for orders in book.categories {
            var filters = Filters()
            for filter in orders.filters {
                for predicate in filter.predicates {
                    let alternatives = Self.alternatives(of: predicate)
                    precondition(!alternatives.isEmpty, "a predicate accepts something")
                    for condition in alternatives {
                        let number = numbers[condition] ?? UInt32(conditions.count)
                        if number == conditions.count {
                            numbers[condition] = number
                            conditions.append(condition)
                        }
                        filters.conditions.append(number)
                    }
                    filters.conditions[filters.conditions.count - 1] |= Self.last
                }
                filters.ends.append(filters.conditions.count)
            }
            self.filters.append(filters)
            starts.append(starts[starts.count - 1] + (orders.filters.count + 63) / 64)
        }
        stride = starts[starts.count - 1]
        rows = Array(repeating: 0, count: stride * Self.width)
    }

    /// The conditions of which one has to hold.
    private static func alternatives(of predicate: Predicate) -> [Condition] {
        func condition(_ lower: Int64, _ upper: Int64) -> Condition {
            Condition(attribute: predicate.attribute, lower: lower, upper: upper)
        }
        return switch predicate.test {
        case .flag(true): [condition(.min, -1), condition(1, .max)]
        case .flag(false): [condition(0, 0)]
        case .range(let minimum, let maximum): [condition(minimum ?? .min, maximum ?? .max)]
        case .choices(let words): words.map { condition(Int64($0), Int64($0)) }
        case .regions(let regions): regions.map { condition($0.lower, $0.upper) }
        }
    }

    /// Asks about others.
    ///
    /// - Precondition: there are no more than ``width``.
    /// - Complexity: O(conditions × leads + orders).
    mutating func ask(about leads: some Collection<Lead>) {
        precondition(leads.count <= Self.width, "leads are asked about \(Self.width) at a time")
        let leads = Array(leads)
        func those(where holds: (Lead) -> Bool) -> Leads {
            var all = Leads.zero
            for (place, lead) in leads.enumerated() where holds(lead) {
                all[place / 64] |= 1 << UInt64(place % 64)
            }
            return all
        }
        let passing = conditions.map { condition in
            those { lead in
                guard let value = lead.attributes[condition.attribute] else { return false }
                return condition.lower <= value && value <= condition.upper
            }
        }
        for (category, filters) in filters.enumerated() {
            let members = those { lead in lead.categories.contains { $0.index == category } }
            var next = 0
            for first in Swift.stride(from: 0, to: filters.ends.count, by: 64) {
                let orders = filters.ends[first...].prefix(64)
                var accepted = InlineArray<64, Leads>(repeating: .zero)
                for (lane, end) in orders.enumerated() {
                    accepted[lane] = members
                    var some = Leads.zero
                    while next < end {
                        let number = filters.conditions[next]
                        some |= passing[Int(number & ~Self.last)]
                        if number & Self.last != 0 {
                            accepted[lane] &= some
                            some = .zero
                        }
                        next += 1
                    }
                }
                for word in 0..<Leads.scalarCount {
                    var square = InlineArray<64, UInt64>(repeating: 0)
                    for lane in 0..<64 { square[lane] = accepted[lane][word] }
                    square.transpose()
                    let column = starts[category] + first / 64
                    for lead in 0..<64 { rows[(word * 64 + lead) * stride + column] = square[lead] }
                }
            }
        }
    }

    /// Hands the places of a category's orders whose filters the lead passes to `body`, ascending, until that is `false`.
    @inline(__always)
    func forEachOrder(
        in category: CategoryNumber, ofLeadAt lead: Int, _ body: (Int) -> Bool
    ) {
        let (start, end) = (starts[category.index], starts[category.index + 1])
        for word in start..<end {
            var rest = rows[lead * stride + word]
            while rest != 0 {
                let order = (word - start) * 64 + rest.trailingZeroBitCount
                guard body(order) else { return }
                rest &= rest - 1
            }
        }
    }
}

extension InlineArray<64, UInt64> {
    /// Bit n of word m becomes bit m of word n.
    fileprivate mutating func transpose() {
        var width = 32
        var mask: UInt64 = 0xFFFF_FFFF
        while width > 0 {
            for word in 0..<64 where word & width == 0 {
                let swapped = (self[word] >> UInt64(width) ^ self[word + width]) & mask
                self[word] ^= swapped << UInt64(width)
                self[word + width] ^= swapped
            }
            width /= 2
            mask ^= mask << UInt64(width)
        }
    }
}
