/// Up to eight leaves of a bucket, whose words lie side by side in the rows of a slab.
struct IndexBlock: Sendable {
    /// The most leaves of a block.
    static let widest = 8

    /// The bucket it is in.
    let bucket: Int
    /// Its place among the blocks of its bucket.
    var ordinal: Int
    /// The number of its slab.
    let slab: Int
    /// Its first word in the slab's rows.
    let base: Int
    /// How many leaves it has.
    private(set) var leafCount = 0
    /// The words of its leaves, counted from ``base``, best rank first, eight bits each.
    private var words: UInt64 = 0

    /// A block without leaves.
    init(bucket: Int, ordinal: Int, slab: Int, base: Int) {
        self.bucket = bucket
        self.ordinal = ordinal
        self.slab = slab
        self.base = base
    }

    /// The word, counted from ``base``, of the leaf at a place in order of rank.
    @inline(__always)
    func word(_ leaf: Int) -> Int { Int(truncatingIfNeeded: words &>> UInt64(8 &* leaf)) & 0xFF }

    /// The place in order of rank of the leaf of a word.
    func leaf(ofWord word: Int) -> Int {
        var leaf = 0
        while self.word(leaf) != word { leaf += 1 }
        return leaf
    }

    /// Takes a free word for a leaf at a place in order of rank.
    ///
    /// - Returns: The word, counted from ``base``.
    mutating func insertLeaf(at leaf: Int) -> Int {
        var taken = 0
        for place in 0..<leafCount { taken |= 1 << word(place) }
        let word = (~taken).trailingZeroBitCount
        let before = words & Self.low(leaf)
        words = before | UInt64(word) << UInt64(8 * leaf) | (words & ~Self.low(leaf)) << 8
        leafCount += 1
        return word
    }

    /// Frees the word of the leaf at a place in order of rank; its planes have no bits any more.
    mutating func removeLeaf(at leaf: Int) {
        words = words & Self.low(leaf) | (words >> 8) & ~Self.low(leaf)
        leafCount -= 1
    }

    /// The bits that the first leaves have in ``words``.
    private static func low(_ leaves: Int) -> UInt64 { (1 << UInt64(8 * leaves)) - 1 }
}
