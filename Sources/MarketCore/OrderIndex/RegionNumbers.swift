/// The region codes that orders name, each with a dense number: an open-addressing table.
///
/// Invariants:
/// 1. 0 is the number of no region at all.
/// 2. With a code, its prefixes of every declared length have numbers too; `parents` leads from a
///    number to that of the next shorter prefix, in the end to 0.
/// 3. At least half of the places of the table are free, so a search ends.
struct RegionNumbers: Sendable {
    /// The attribute whose codes are numbered, once the market has one of that kind.
    private(set) var attribute: AttributeNumber?
    /// The declared lengths, ascending.
    private(set) var lengths: [Int] = []
    /// The packed code of each number.
    private(set) var codes: [Int64] = [0]
    /// The number of the next shorter prefix of each number's code.
    private(set) var parents: [Int32] = [0]
    private var table: [Int32] = Array(repeating: 0, count: 16)

    /// How many numbers there are, that of no region included.
    var count: Int { codes.count }

    /// Takes over which attribute counts and which lengths its codes have; both only grow.
    ///
    /// - Complexity: O(codes) when the lengths change.
    mutating func follow(_ schema: AttributeSchema) {
        guard let attribute = schema.firstRegionAttribute,
            case .region(let lengths) = schema[attribute].kind,
            self.attribute != attribute || self.lengths != lengths
        else { return }
        self.attribute = attribute
        self.lengths = lengths
        let known = codes.dropFirst()
        codes = [0]
        parents = [0]
        table = Array(repeating: 0, count: table.count)
        for code in known { append(code) }
        for number in 1..<max(1, known.count + 1) { parents[number] = parent(of: codes[number]) }
    }

    /// The number of a packed code or of its longest numbered prefix; 0 where it has none.
    ///
    /// - Complexity: O(1) for a numbered code, O(lengths) for others.
    @inline(__always)
    func nearest(to code: Int64) -> Int32 {
        let found = number(of: code)
        return found != 0 ? found : nearestPrefix(of: code)
    }

    /// The number of a packed code, which gets one if it has none.
    mutating func intern(_ code: Int64) -> Int32 {
        let found = number(of: code)
        guard found == 0 else { return found }
        let number = append(code)
        parents[Int(number)] = parent(of: code)
        return number
    }

    private mutating func parent(of code: Int64) -> Int32 {
        var parent: Int32 = 0
        for prefix in RegionCode.prefixes(of: code, lengths: lengths) where prefix != code {
            var number = number(of: prefix)
            if number == 0 {
                number = append(prefix)
                parents[Int(number)] = parent
            }
            parent = number
        }
        return parent
    }

    @discardableResult
    private mutating func append(_ code: Int64) -> Int32 {
        codes.append(code)
        parents.append(0)
        if codes.count * 2 > table.count {
            table = Array(repeating: 0, count: table.count * 2)
            for number in 1..<codes.count { enter(Int32(number)) }
        } else {
            enter(Int32(codes.count - 1))
        }
        return Int32(codes.count - 1)
    }

    private mutating func enter(_ number: Int32) {
        var place = place(of: codes[Int(number)])
        while table[place] != 0 { place = (place + 1) & (table.count - 1) }
        table[place] = number
    }

    @inline(__always)
    private func number(of code: Int64) -> Int32 {
        var place = place(of: code)
        while table[place] != 0, codes[Int(table[place])] != code {
            place = (place + 1) & (table.count - 1)
        }
        return table[place]
    }

    /// Where the search for a code begins: the middle bits of a product (Knuth 6.4).
    @inline(__always)
    private func place(of code: Int64) -> Int {
        let product = UInt64(bitPattern: code) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: product >> 32) & (table.count - 1)
    }

    /// The number of the longest numbered prefix of a code that has none itself.
    @inline(never)
    private func nearestPrefix(of code: Int64) -> Int32 {
        for length in lengths.reversed() {
            let prefix = RegionCode.prefix(of: code, length: length)
            guard prefix != code else { continue }
            let number = number(of: prefix)
            if number != 0 { return number }
        }
        return 0
    }
}
