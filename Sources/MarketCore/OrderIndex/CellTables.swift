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
    /// For each attribute ``limit`` places and one: the cell of the first value of each *stretch*, then
    /// the last cell. Stretches are of one length, a power of two, the least that reaches from the first
    /// threshold to the last.
    private var starts: [UInt8] = []
    /// For each attribute how long its stretches are, as a power of two.
    private var stretchBits: [Int] = []

    /// The row of the cell that holds `value`; the attribute is in use.
    ///
    /// - Complexity: that of ``cell(of:of:)``.
    @inline(__always)
    func row(of value: Int64, of attribute: Int) -> UInt16 {
        rows[attribute * Self.limit + cell(of: value, of: attribute)]
    }

    /// The cell of an attribute that holds `value`.
    ///
    /// - Complexity: O(log thresholds in the value's stretch): one comparison where they are spread evenly.
    @inline(__always)
    private func cell(of value: Int64, of attribute: Int) -> Int {
        let base = attribute &* Self.limit
        let first = thresholds[base]
        guard value >= first else { return 0 }
        let distance = UInt64(bitPattern: value &- first)
        let stretch = min(distance &>> UInt64(stretchBits[attribute]), UInt64(Self.limit &- 1))
        let place = base &+ attribute &+ Int(stretch)
        var cell = Int(starts[place])
        var last = Int(starts[place &+ 1])
        while cell < last {
            let middle = (cell &+ last) &>> 1
            if thresholds[base &+ middle] <= value { cell = middle &+ 1 } else { last = middle }
        }
        return cell
    }

    /// Notes where the search for a value begins, as the thresholds of an attribute are now.
    private mutating func noteStarts(of attribute: Int) {
        let base = attribute * Self.limit
        let distances = (0..<counts[attribute] - 1).map {
            UInt64(bitPattern: thresholds[base + $0] &- thresholds[base])
        }
        guard let furthest = distances.last else { return }
        let significant = UInt64.bitWidth - furthest.leadingZeroBitCount
        let bits = max(0, significant - Self.limit.trailingZeroBitCount)
        stretchBits[attribute] = bits
        var cell = 0
        for stretch in 0..<Self.limit {
            while cell < distances.count, distances[cell] <= UInt64(stretch) << UInt64(bits) {
                cell += 1
            }
            starts[base + attribute + stretch] = UInt8(cell)
        }
        starts[base + attribute + Self.limit] = UInt8(distances.count)
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
            rejected.append(Int(absentRows.span[attribute]))
            var rest = 0
            while place < end, ranges[place].lower <= ranges[place].upper {
                let first = cell(of: ranges[place].lower, of: attribute)
                let last = cell(of: ranges[place].upper, of: attribute)
                reject(rest, first, of: attribute, &rejected)
                if lower(of: first, of: attribute) < ranges[place].lower
                    || ranges[place].upper < upper(of: last, of: attribute)
                {
                    shape.isExact = false
                }
                rest = last + 1
                place += 1
            }
            reject(rest, counts[attribute], of: attribute, &rejected)
        }
        return shape
    }

    /// Adds the rows of the cells from one up to another, which is left out.
    private func reject(
        _ cell: Int, _ end: Int, of attribute: Int, _ rejected: inout [Int]
    ) {
        guard cell < end else { return }
        let base = attribute * Self.limit
        for place in (base + cell)..<(base + end) { rejected.append(Int(rows[place])) }
    }

    /// The least value of a cell.
    private func lower(of cell: Int, of attribute: Int) -> Int64 {
        cell == 0 ? .min : thresholds[attribute * Self.limit + cell - 1]
    }

    /// The greatest value of a cell.
    private func upper(of cell: Int, of attribute: Int) -> Int64 {
        cell == counts[attribute] - 1 ? .max : thresholds[attribute * Self.limit + cell] - 1
    }

    /// Hands every row of the attributes with a bit in `attributes` to `body`.
    @inline(__always)
    func forEachRow(of attributes: UInt64, _ body: (Int) -> Void) {
        var rest = attributes
        while rest != 0 {
            let attribute = rest.trailingZeroBitCount
            rest &= rest - 1
            body(Int(absentRows.span[attribute]))
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
            stretchBits.append(0)
            starts += Array(repeating: 0, count: Self.limit + 1)
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
        let cell = cell(of: threshold, of: attribute)
        guard lower(of: cell, of: attribute) < threshold else { return nil }
        for place in (cell..<count).reversed() where place + 1 < Self.limit {
            thresholds[base + place + 1] = thresholds[base + place]
            rows[base + place + 1] = rows[base + place]
        }
        thresholds[base + cell] = threshold
        let row = takeRow()
        rows[base + cell + 1] = row
        counts[attribute] += 1
        noteStarts(of: attribute)
        return Split(source: Int(rows[base + cell]), target: Int(row))
    }

    private mutating func takeRow() -> UInt16 {
        rowCount += 1
        return UInt16(rowCount - 1)
    }
}
