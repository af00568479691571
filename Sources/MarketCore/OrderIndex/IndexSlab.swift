/// The memory of some blocks of one bucket: their planes, row by row, and what stands beside them.
///
/// It changes only while one slab alone refers to it, which ``IndexSlab`` sees to; so a copy of a
/// market shares it until one of them changes the slab.
@safe final class SlabMemory: @unchecked Sendable {
    let rows: Int
    /// How many words a row has: one for each leaf.
    let words: Int
    let planes: UnsafeMutablePointer<UInt64>
    let heads: UnsafeMutablePointer<LeafHead>
    /// At cache lines, so that each seat lies in one; undefined where no entry has been.
    let bodies: UnsafeMutablePointer<LeafBody>

    /// Planes without a bit.
    init(rows: Int, words: Int) {
        self.rows = rows
        self.words = words
        unsafe planes = .allocate(capacity: rows * words)
        unsafe planes.initialize(repeating: 0, count: rows * words)
        unsafe heads = .allocate(capacity: words)
        let none = LeafHead(first: IndexStanding(merits: .init(repeating: 0), slot: 0))
        unsafe heads.initialize(repeating: none, count: words)
        let size = words * MemoryLayout<LeafBody>.stride
        unsafe bodies = UnsafeMutableRawPointer.allocate(
            byteCount: size, alignment: 64
        ).bindMemory(to: LeafBody.self, capacity: words)
    }

    /// A copy with room for more.
    convenience init(_ other: SlabMemory, rows: Int, words: Int) {
        self.init(rows: rows, words: words)
        unsafe heads.update(from: other.heads, count: other.words)
        unsafe bodies.update(from: other.bodies, count: other.words)
        for row in 0..<other.rows {
            let source = unsafe other.planes + row * other.words
            unsafe (planes + row * words).update(from: source, count: other.words)
        }
    }

    deinit {
        unsafe planes.deallocate()
        unsafe heads.deallocate()
        unsafe bodies.deallocate()
    }
}

/// Up to 32 blocks of a bucket. Their planes lie side by side, so that to go from block to block is to
/// go along the rows: a bucket is searched about as fast as memory is read.
///
/// A slab of one block has as many words as that has leaves room for, 1, 2, 4 or 8; one of more
/// has eight for each.
///
/// Sendable because its memory is shared only while nobody changes it.
@safe struct IndexSlab: @unchecked Sendable {
    /// The words of the widest row.
    static let widest = 32 * IndexBlock.widest

    private var memory: SlabMemory
    /// The blocks' places that are taken, a bit each.
    private var taken: UInt32 = 0
    /// The planes, for reading.
    private(set) var planes: UnsafePointer<UInt64>
    /// How many words a row has.
    private(set) var words: Int

    /// A slab without blocks.
    init(rows: Int, words: Int) {
        memory = SlabMemory(rows: rows, words: words)
        unsafe planes = UnsafePointer(memory.planes)
        self.words = words
    }

    /// Whether no block is in it.
    var isEmpty: Bool { taken == 0 }

    /// How many leaves a block of it has room for.
    var blockWidth: Int { min(words, IndexBlock.widest) }

    /// Takes a place for a block.
    ///
    /// - Returns: Its first word; `nil` where none is free.
    mutating func takePlace() -> Int? {
        let place = (~taken).trailingZeroBitCount
        guard place < max(1, words / IndexBlock.widest) else { return nil }
        taken |= 1 << UInt32(place)
        return place * IndexBlock.widest
    }

    /// Frees the place of a block whose planes have no bits any more.
    mutating func freePlace(_ base: Int) {
        taken &= ~(1 << UInt32(base / IndexBlock.widest))
    }

    /// The leaf of a word, for reading.
    @inline(__always)
    func leaf(_ word: Int) -> IndexLeaf { IndexLeaf(memory, word: word) }

    /// The leaf of a word, for writing.
    @inline(__always)
    mutating func ownLeaf(_ word: Int) -> IndexLeaf {
        own()
        return IndexLeaf(memory, word: word)
    }

    /// Makes room for more rows or words.
    ///
    /// - Complexity: O(rows × words).
    mutating func reserve(rows: Int, words: Int) {
        adopt(SlabMemory(memory, rows: rows, words: words))
    }

    /// Lets a row begin as a copy of another.
    mutating func copyRow(_ source: Int, to target: Int) {
        own()
        let row = unsafe memory.planes + source * words
        unsafe (memory.planes + target * words).update(from: row, count: words)
    }

    private mutating func own() {
        guard !isKnownUniquelyReferenced(&memory) else { return }
        adopt(SlabMemory(memory, rows: memory.rows, words: memory.words))
    }

    private mutating func adopt(_ other: SlabMemory) {
        memory = other
        unsafe planes = UnsafePointer(memory.planes)
        words = memory.words
    }
}
