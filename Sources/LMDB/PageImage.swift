/// One page as read from the file, 0.9 format on a 64-bit machine; nothing in it is believed
/// before it is checked.
///
/// Layout (mdb.c, `MDB_page`, `MDB_node`): u64 number, u16 pad, u16 flags, u16 lower, u16 upper or
/// u32 overflow count, then u16 offsets of nodes; a node is u16 low, u16 high, u16 flags, u16 key
/// size, key, data.
struct PageImage {
    static let headerByteCount = 16
    static let nodeHeaderByteCount = 8

    enum Kind: UInt16 {
        case branch = 1
        case leaf = 2
        case overflow = 4
        case meta = 8
    }

    struct Node {
        /// Where its key lies in the page.
        let keyBytes: Range<Int>
        let flags: UInt16
        /// The number of the page below, in a branch.
        let child: Int
        /// The size of the value, in a leaf.
        let valueByteCount: Int
        /// Where the value, or the number of its first overflow page, begins.
        let valueOffset: Int
        /// The size of the whole node, rounded up to an even number.
        let byteCount: Int
    }

    let bytes: [UInt8]

    /// The number in little-endian bytes at `offset`.
    ///
    /// - Precondition: all of them lie in the page.
    func number<Value: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: Value.Type
    ) -> Value {
        bytes.withUnsafeBytes { bytes in
            precondition(
                offset >= 0 && offset <= bytes.count - MemoryLayout<Value>.size,
                "a number lies in its page")
            return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
    }

    func integer(at offset: Int) -> Int {
        Int(truncatingIfNeeded: number(at: offset, as: UInt64.self))
    }

    var pageNumber: Int { integer(at: 0) }
    var kind: Kind? { Kind(rawValue: number(at: 10, as: UInt16.self)) }
    var lower: Int { Int(number(at: 12, as: UInt16.self)) }
    var upper: Int { Int(number(at: 14, as: UInt16.self)) }
    var overflowPages: Int { Int(number(at: 12, as: UInt32.self)) }
    var nodeCount: Int { (lower - Self.headerByteCount) / 2 }

    /// Whether the bounds of free space fit the page and its number of nodes.
    func hasSoundBounds(minimumNodes: Int) -> Bool {
        lower >= Self.headerByteCount && lower % 2 == 0 && lower <= upper && upper <= bytes.count
            && nodeCount >= minimumNodes
    }

    /// Returns the node at `index`, or `nil` when it does not lie in the page.
    func node(at index: Int, in kind: Kind) -> Node? {
        let start = Int(number(at: Self.headerByteCount + index * 2, as: UInt16.self))
        guard start >= upper, start % 2 == 0, start + Self.nodeHeaderByteCount <= bytes.count
        else { return nil }
        let low = Int(number(at: start, as: UInt16.self))
        let high = Int(number(at: start + 2, as: UInt16.self))
        let flags = number(at: start + 4, as: UInt16.self)
        let keyStart = start + Self.nodeHeaderByteCount
        let keyEnd = keyStart + Int(number(at: start + 6, as: UInt16.self))
        guard keyEnd <= bytes.count else { return nil }
        let value = low | high << 16
        let stored = kind == .branch ? 0 : flags & NodeFlag.overflow != 0 ? 8 : value
        guard keyEnd + stored <= bytes.count else { return nil }
        return Node(
            keyBytes: keyStart..<keyEnd, flags: flags, child: value | Int(flags) << 32,
            valueByteCount: value, valueOffset: keyEnd,
            byteCount: (keyEnd + stored - start + 1) & ~1)
    }

    enum NodeFlag {
        static let overflow: UInt16 = 1
        static let table: UInt16 = 2
    }
}

/// A key, as its tree compares it.
enum KeyImage: Comparable {
    case integer(UInt64)
    case bytes(ArraySlice<UInt8>)

    static func < (left: KeyImage, right: KeyImage) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): left < right
        case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
        case (.integer, .bytes), (.bytes, .integer): preconditionFailure("keys are of one tree")
        }
    }

    /// Its number; `nil` where keys are no numbers.
    var number: UInt64? {
        if case .integer(let number) = self { number } else { nil }
    }
}

/// What is stored of one tree (mdb.c, `MDB_db`).
struct TreeImage {
    static let byteCount = 48
    static let none = -1

    let flags: UInt16
    let depth: Int
    let branchPages: Int
    let leafPages: Int
    let overflowPages: Int
    let entries: Int
    /// The number of the root page; ``none`` when the tree is empty.
    let root: Int

    init(_ page: PageImage, at offset: Int) {
        flags = page.number(at: offset + 4, as: UInt16.self)
        depth = Int(page.number(at: offset + 6, as: UInt16.self))
        branchPages = page.integer(at: offset + 8)
        leafPages = page.integer(at: offset + 16)
        overflowPages = page.integer(at: offset + 24)
        entries = page.integer(at: offset + 32)
        root = page.integer(at: offset + 40)
    }

    var hasIntegerKeys: Bool { flags & 0x08 != 0 }

    /// The key of a node of this tree; `nil` when it is no number where all keys are.
    func key(of node: PageImage.Node, on page: PageImage) -> KeyImage? {
        guard hasIntegerKeys else { return .bytes(page.bytes[node.keyBytes]) }
        guard node.keyBytes.count == 8 else { return nil }
        return .integer(page.number(at: node.keyBytes.lowerBound, as: UInt64.self))
    }
}

/// A meta page (mdb.c, `MDB_meta`).
struct MetaImage {
    static let byteCount = PageImage.headerByteCount + 136

    let pageSize: Int
    let free: TreeImage
    let main: TreeImage
    let lastPage: Int
    let transaction: Int

    /// Reads the meta page `number`, or returns `nil` when its marks are not those of one.
    init?(_ page: PageImage, number: Int) {
        guard page.bytes.count >= Self.byteCount, page.pageNumber == number, page.kind == .meta,
            page.number(at: 16, as: UInt32.self) == 0xbeef_c0de,
            page.number(at: 20, as: UInt32.self) == 1
        else { return nil }
        pageSize = Int(page.number(at: 40, as: UInt32.self))
        free = TreeImage(page, at: 40)
        main = TreeImage(page, at: 88)
        lastPage = page.integer(at: 136)
        transaction = page.integer(at: 144)
    }
}
