/// An array that grows by chunks: appending moves nothing but what stands in the last one, and that
/// only where little room is made at a time; a copy of it shares all chunks that neither of the two
/// has changed since.
///
/// Invariant: every chunk but the last holds ``chunkLength`` elements, and the last at least one.
public struct ChunkedArray<Element: Sendable>: Sendable {
    /// How many elements stand in a chunk.
    static var chunkLength: Int { 1 << chunkBits }

    private static var chunkBits: Int { 10 }

    private var chunks: [[Element]] = []
    /// How many elements there are.
    public private(set) var count = 0

    init() {}

    /// The element at `index`, in place.
    ///
    /// - Complexity: O(1); a first write to a chunk shared with a copy copies the chunk.
    public internal(set) subscript(index: Int) -> Element {
        _read { yield chunks[index >> Self.chunkBits][index & (Self.chunkLength - 1)] }
        _modify { yield &chunks[index >> Self.chunkBits][index & (Self.chunkLength - 1)] }
    }

    /// Adds an element at the end.
    ///
    /// - Parameter room: for how many elements room is made where there is none, at least 1; no more
    ///   than the rest of a chunk is.
    /// - Complexity: O(1) amortised; where less room is made than a chunk has, what stands in the
    ///   last chunk moves each time.
    mutating func append(_ element: consuming Element, room: Int = Self.chunkLength) {
        let place = count & (Self.chunkLength - 1)
        if place == 0 { chunks.append([]) }
        let last = chunks.count - 1
        if place == chunks[last].capacity {
            chunks[last].reserveCapacity(Swift.min(place + room, Self.chunkLength))
        }
        chunks[last].append(element)
        count += 1
    }

    /// Adds the elements of another array by its chunks.
    ///
    /// - Returns: Whether that was possible: the last chunk here is full, or there is none.
    /// - Complexity: O(chunks); no element is moved.
    mutating func append(chunksOf other: ChunkedArray) -> Bool {
        guard count & (Self.chunkLength - 1) == 0 else { return other.isEmpty }
        chunks += other.chunks
        count += other.count
        return true
    }

    /// The bytes that the elements take, room for more included.
    ///
    /// - Complexity: O(chunks).
    var byteCount: Int {
        chunks.reduce(0) { $0 + $1.capacity * MemoryLayout<Element>.stride }
            + chunks.capacity * MemoryLayout<[Element]>.stride
    }
}

extension ChunkedArray: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { 0 }
    /// As ``count``.
    public var endIndex: Int { count }
}
