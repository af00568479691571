/// The rows of a lead that count in one bucket: those of the attributes that an order of it has a
/// predicate on.
///
/// It is read through its span: an element of an array in line is read out of a copy of all of it
/// otherwise (Swift 6.3).
struct LeadRows {
    private var rows = InlineArray<64, UInt16>(repeating: 0)
    private var count = 0

    /// Takes those of a lead in a bucket whose orders have predicates on the attributes with a bit in
    /// `asked`.
    ///
    /// - Complexity: O(attributes asked for).
    @inline(__always)
    mutating func encode(_ lead: Attributes, askedFor asked: UInt64, in cells: CellTables) {
        count = 0
        var rest = asked
        while rest != 0 {
            rows[count] = cells.row(of: lead, for: rest.trailingZeroBitCount)
            count &+= 1
            rest &= rest &- 1
        }
    }

    /// The live entries of a block of eight leaves that no row rejects.
    ///
    /// - Parameters:
    ///   - planes: the block's first word of the first row.
    ///   - stride: how many words a row has.
    ///   - grades: of whose advisors, a bit for each grade.
    @inline(__always)
    func hits(in planes: UnsafePointer<UInt64>, stride: Int, grades: UInt8) -> SIMD8<UInt64> {
        let base = unsafe UnsafeRawPointer(planes)
        let step = stride &* 8
        @inline(__always) func load(_ row: Int) -> SIMD8<UInt64> {
            unsafe base.loadUnaligned(fromByteOffset: row &* step, as: SIMD8<UInt64>.self)
        }
        var hits = load(0)
        if grades != 0b111 {
            var graded = SIMD8<UInt64>.zero
            for grade in 0..<3 where grades & (1 &<< UInt8(grade)) != 0 {
                graded |= load(1 + grade)
            }
            hits &= graded
        }
        let rows = rows.span
        var place = 0
        // Two at a time: to read one more costs less than to guess wrong when to stop.
        while place &+ 1 < count {
            hits &= ~(load(Int(rows[place])) | load(Int(rows[place &+ 1])))
            guard hits.isNotEmpty else { return hits }
            place &+= 2
        }
        if place < count { hits &= ~load(Int(rows[place])) }
        return hits
    }

    /// The same for a single leaf.
    ///
    /// - Parameter planes: the leaf's word of the first row.
    @inline(__always)
    func hits(inLeaf planes: UnsafePointer<UInt64>, stride: Int, grades: UInt8) -> UInt64 {
        var hits = unsafe planes.pointee
        if grades != 0b111 {
            var graded: UInt64 = 0
            for grade in 0..<3 where grades & (1 &<< UInt8(grade)) != 0 {
                unsafe graded |= planes[(1 &+ grade) &* stride]
            }
            hits &= graded
        }
        let rows = rows.span
        var place = 0
        while place < count, hits != 0 {
            hits &= unsafe ~planes[Int(rows[place]) &* stride]
            place &+= 1
        }
        return hits
    }

    /// Puts the rows first that leave the fewest live entries of a block of eight leaves.
    mutating func sort(by planes: UnsafePointer<UInt64>, stride: Int) {
        var all = InlineArray<64, Int>(repeating: 0)
        var rejections = all.mutableSpan
        let count = count
        var rows = rows.mutableSpan
        for place in 0..<count {
            let row = rows[place]
            var rejected = 0
            for word in 0..<IndexBlock.widest {
                unsafe rejected +=
                    (planes[word] & planes[Int(row) * stride + word]).nonzeroBitCount
            }
            var target = place
            while target > 0, rejections[target - 1] < rejected {
                rows[target] = rows[target - 1]
                rejections[target] = rejections[target - 1]
                target -= 1
            }
            rows[target] = row
            rejections[target] = rejected
        }
    }
}

extension SIMD8<UInt64> {
    /// Whether any bit is set.
    @inline(__always)
    var isNotEmpty: Bool {
        let half = lowHalf | highHalf
        let quarter = half.lowHalf | half.highHalf
        return quarter.x | quarter.y != 0
    }
}
