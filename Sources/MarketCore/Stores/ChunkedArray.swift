/// An array that grows by whole chunks: appending never moves what is there, and a copy of it shares
/// all chunks that neither of the two has changed since.
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
    /// - Complexity: O(1).
    mutating func append(_ element: consuming Element) {
        if count & (Self.chunkLength - 1) == 0 {
            var chunk: [Element] = []
            chunk.reserveCapacity(Self.chunkLength)
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].append(element)
        count += 1
    }
}

extension ChunkedArray: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { 0 }
    /// As ``count``.
    public var endIndex: Int { count }
}
