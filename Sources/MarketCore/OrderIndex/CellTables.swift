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
    private var attributesInUse: UInt64 = 0
    /// How many rows there are.
    private(set) var rowCount = CellTables.reservedRows
    /// The row of each attribute's absence.
    private var absentRows: [UInt16] = []
    /// For each attribute ``limit`` places: its thresholds, then the greatest number.
    private var thresholds: [Int64] = []
    /// For each attribute ``limit`` places: the row of each cell.
    private var rows: [UInt16] = []
    /// How many cells each attribute has.
    private var counts: [Int] = []
    /// For each attribute how its values from the first threshold on are cut into stretches.
    private var scales: [Scale] = []
    /// For each attribute ``limit`` places: its stretches.
    private var stretches: [Stretch] = []

    /// How the values of an attribute are cut into stretches of one length, the least that reaches from
    /// the first threshold to the last.
    private struct Scale {
        /// The first threshold; the greatest number where there is none.
        var first = Int64.max
        /// How long a stretch is, as a power of two.
        var bits: UInt64 = 0
    }

    /// Some values next to each other.
    private struct Stretch {
        /// The cell of the first.
        var firstCell: UInt8 = 0
        /// That of the first after the last.
        var lastCell: UInt8 = 0
    }

    /// The row of the cell that holds a lead's value of an attribute in use, or that of its absence.
    ///
    /// - Complexity: that of ``cell(of:of:)``.
    @inline(__always)
    func row(of lead: Attributes, for attribute: Int) -> UInt16 {
        guard let value = lead[AttributeNumber(index: attribute)] else {
            return absentRows[attribute]
        }
        return rows[attribute &* Self.limit &+ cell(of: value, of: attribute)]
    }

    /// The cell of an attribute that holds `value`.
    ///
    /// - Complexity: O(log thresholds in the value's stretch): one comparison where they are spread evenly.
    @inline(__always)
    private func cell(of value: Int64, of attribute: Int) -> Int {
        let scale = scales[attribute]
        guard value >= scale.first else { return 0 }
        let distance = UInt64(bitPattern: value &- scale.first)
        let base = attribute &* Self.limit
        let place = min(distance &>> scale.bits, UInt64(Self.limit &- 1))
        let stretch = stretches[base &+ Int(truncatingIfNeeded: place)]
        var cell = Int(stretch.firstCell)
        var last = Int(stretch.lastCell)
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
        let bits = UInt64(max(0, significant - Self.limit.trailingZeroBitCount))
        scales[attribute] = Scale(first: thresholds[base], bits: bits)
        var cell = 0
        for place in 0..<Self.limit {
            while cell < distances.count, distances[cell] <= UInt64(place) << bits { cell += 1 }
            stretches[base + place].firstCell = UInt8(cell)
            if place > 0 { stretches[base + place - 1].lastCell = UInt8(cell) }
        }
        stretches[base + Self.limit - 1].lastCell = UInt8(distances.count)
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
            absentRows.append(0)
            counts.append(0)
            scales.append(Scale())
            stretches += Array(repeating: Stretch(), count: Self.limit)
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
