/// How values become rows of planes: for each attribute the sorted thresholds of its predicates, and
/// a row for each cell between them.
///
/// A flag, a choice, a number and a region code are all one Int64, and every test accepts some
/// ranges of them; a *cell* is a stretch of values between two thresholds in use. In the row of a
/// cell, an order's bit is set when its predicate accepts no value of the cell; in the row of the
/// attribute's *absence*, when it has a predicate at all (R1.3).
///
/// Invariants:
/// 1. The thresholds of an attribute ascend; cell `n` holds the values from threshold `n - 1` up to
///    the one before threshold `n`.
/// 2. An attribute has at most ``limit`` cells. A predicate whose thresholds found no room is not
///    rejected in the cells that it accepts a part of: its order is *inexact*, and the filter is
///    asked as well.
/// 3. A row belongs to one cell or one absence for good. Where a new threshold splits a cell, the
///    upper part gets a new row, a copy of the old one.
struct CellTables: Sendable {
    /// The most cells of an attribute.
    static let limit = 64
    /// The rows that come before all cells: live, and one for each grade.
    static let reservedRows = 4

    /// What an order's filter says to the planes.
    struct Shape {
        /// The attributes it has predicates on, a bit each.
        var attributes: UInt64 = 0
        /// Whether the planes say all of it.
        var isExact = true
    }

    /// That a row begins as the copy of another.
    struct Split {
        let source: Int
        let target: Int
    }

    /// The attributes that some order has had a predicate on, a bit each.
    private(set) var attributesInUse: UInt64 = 0
    /// How many rows there are.
    private(set) var rowCount = CellTables.reservedRows
    /// The row of each attribute's absence.
    private(set) var absentRows = InlineArray<64, UInt16>(repeating: 0)
    /// For each attribute ``limit`` places: its thresholds, then the greatest number.
    private var thresholds: [Int64] = []
    /// For each attribute ``limit`` places: the row of each cell.
    private var rows: [UInt16] = []
    /// How many cells each attribute has.
    private var counts: [Int] = []
    /// The first step of a search among them: half of the least power of two that is as many.
    private var steps: [Int] = []

    /// The row of the cell that holds `value`; the attribute is in use.
    ///
    /// - Complexity: O(log ``limit``), without branches that depend on the value.
    @inline(__always)
    func row(of value: Int64, of attribute: Int) -> UInt16 {
        let base = attribute * Self.limit
        var cell = 0
        var step = steps[attribute]
        while step > 0 {
            cell += thresholds[base + cell + step - 1] <= value ? step : 0
            step /= 2
        }
        return rows[base + min(cell, counts[attribute] - 1)]
    }

    /// Makes cells for the predicates of `filter`, as far as there is room.
    ///
    /// - Returns: The rows that begin as copies.
    mutating func learn(_ filter: Filter, except region: AttributeNumber?) -> [Split] {
        var splits: [Split] = []
        for range in filter.ranges where range.attribute != region?.rawValue {
            let attribute = Int(range.attribute)
            use(attribute)
            guard counts[attribute] < Self.limit, range.lower <= range.upper else { continue }
            if let split = insert(range.lower, of: attribute) { splits.append(split) }
            guard range.upper < .max else { continue }
            if let split = insert(range.upper + 1, of: attribute) { splits.append(split) }
        }
        return splits
    }

    /// What the planes are to say of `filter`.
    ///
    /// - Parameter rejected: the rows in which its bit is set are added to it.
    /// - Complexity: O(cells of its attributes + its ranges).
    func shape(
        of filter: Filter, except region: AttributeNumber?, rejected: inout [Int]
    ) -> Shape {
        var shape = Shape()
        let ranges = filter.ranges.span
        var place = 0
        while place < ranges.count {
            let end = place + Int(ranges[place].count)
            let attribute = Int(ranges[place].attribute)
            defer { place = end }
            if ranges[place].attribute == region?.rawValue { continue }
            shape.attributes |= 1 << UInt64(attribute)
            rejected.append(Int(absentRows[attribute]))
            let base = attribute * Self.limit
            let last = counts[attribute] - 1
            for cell in 0...last {
                let lower = cell == 0 ? Int64.min : thresholds[base + cell - 1]
                let upper = cell == last ? Int64.max : thresholds[base + cell] - 1
                while place < end, ranges[place].upper < max(lower, ranges[place].lower) {
                    place += 1
                }
                if place == end || upper < ranges[place].lower {
                    rejected.append(Int(rows[base + cell]))
                } else if lower < ranges[place].lower || ranges[place].upper < upper {
                    shape.isExact = false
                }
            }
        }
        return shape
    }

    /// Hands every row of the attributes with a bit in `attributes` to `body`.
    @inline(__always)
    func forEachRow(of attributes: UInt64, _ body: (Int) -> Void) {
        var rest = attributes
        while rest != 0 {
            let attribute = rest.trailingZeroBitCount
            rest &= rest - 1
            body(Int(absentRows[attribute]))
            let base = attribute * Self.limit
            for cell in 0..<counts[attribute] { body(Int(rows[base + cell])) }
        }
    }

    private mutating func use(_ attribute: Int) {
        let bit: UInt64 = 1 << UInt64(attribute)
        guard attributesInUse & bit == 0 else { return }
        attributesInUse |= bit
        while counts.count <= attribute {
            counts.append(0)
            steps.append(0)
            thresholds += Array(repeating: Int64.max, count: Self.limit)
            rows += Array(repeating: 0, count: Self.limit)
        }
        absentRows[attribute] = takeRow()
        rows[attribute * Self.limit] = takeRow()
        counts[attribute] = 1
    }

    private mutating func insert(_ threshold: Int64, of attribute: Int) -> Split? {
        let base = attribute * Self.limit
        let count = counts[attribute]
        guard threshold > .min, count < Self.limit else { return nil }
        var cell = 0
        while cell < count - 1, thresholds[base + cell] < threshold { cell += 1 }
        if cell < count - 1, thresholds[base + cell] == threshold { return nil }
        for place in (cell..<count).reversed() where place + 1 < Self.limit {
            thresholds[base + place + 1] = thresholds[base + place]
            rows[base + place + 1] = rows[base + place]
        }
        thresholds[base + cell] = threshold
        let row = takeRow()
        rows[base + cell + 1] = row
        counts[attribute] += 1
        if counts[attribute] > steps[attribute] * 2 {
            steps[attribute] = max(1, steps[attribute] * 2)
        }
        return Split(source: Int(rows[base + cell]), target: Int(row))
    }

    private mutating func takeRow() -> UInt16 {
        rowCount += 1
        return UInt16(rowCount - 1)
    }
}
