/// The ids of the leads that wait, oldest first (R6.4).
///
/// Kept in chunks, so that the newest comes and goes in constant time and one in the middle moves
/// only its chunk; a chunk is allocated once in half its capacity of arrivals.
///
/// Invariants:
/// 1. Ids ascend within a chunk and from chunk to chunk; none comes twice.
/// 2. No chunk has more than ``chunkCapacity`` ids, and none but the last is empty.
public struct WaitingLeads: Sendable {
    /// The most ids of a chunk.
    static let chunkCapacity = 512

    private(set) var chunks: [[LeadID]] = []

    /// How many leads wait.
    ///
    /// - Complexity: O(1).
    public private(set) var count = 0

    init() {}

    /// Whether no lead waits.
    public var isEmpty: Bool { count == 0 }

    /// The one that has waited longest.
    public var first: LeadID? { chunks.first?.first }

    /// Whether the lead with `id` waits.
    ///
    /// - Complexity: O(log n).
    public func contains(_ id: LeadID) -> Bool {
        guard let chunk = chunk(of: id) else { return false }
        let place = chunks[chunk].place(of: id)
        return place < chunks[chunk].count && chunks[chunk][place] == id
    }

    /// Adds a lead that does not wait yet.
    ///
    /// - Complexity: O(1) for the newest, else O(log n) and the move of half a chunk.
    mutating func insert(_ id: LeadID) {
        count += 1
        guard let chunk = chunk(of: id) else {
            if chunks.isEmpty { appendChunk() }
            return chunks[0].insert(id, at: 0)
        }
        let place = chunks[chunk].place(of: id)
        guard chunks[chunk].count == Self.chunkCapacity else {
            return chunks[chunk].insert(id, at: place)
        }
        if chunk == chunks.count - 1, place == Self.chunkCapacity {
            appendChunk()
            chunks[chunk + 1].append(id)
        } else {
            split(chunk)
            insertAgain(id)
        }
    }

    /// Takes out a lead.
    ///
    /// - Returns: Whether it waited.
    /// - Complexity: O(1) for the newest, else O(log n) and the move of half a chunk.
    mutating func remove(_ id: LeadID) -> Bool {
        guard let chunk = chunk(of: id) else { return false }
        let place = chunks[chunk].place(of: id)
        guard place < chunks[chunk].count, chunks[chunk][place] == id else { return false }
        count -= 1
        chunks[chunk].remove(at: place)
        if chunks[chunk].isEmpty, chunk < chunks.count - 1 { chunks.remove(at: chunk) }
        return true
    }

    private mutating func insertAgain(_ id: LeadID) {
        count -= 1
        insert(id)
    }

    private mutating func appendChunk() {
        var chunk: [LeadID] = []
        chunk.reserveCapacity(Self.chunkCapacity)
        chunks.append(chunk)
    }

    private mutating func split(_ chunk: Int) {
        let upper = Array(chunks[chunk][(Self.chunkCapacity / 2)...])
        chunks[chunk].removeSubrange((Self.chunkCapacity / 2)...)
        chunks.insert(upper, at: chunk + 1)
    }

    /// The last chunk that begins at or before `id`; the last of all where `id` is the newest.
    private func chunk(of id: LeadID) -> Int? {
        var high = chunks.count
        if let first = chunks.last?.first, first <= id { return high - 1 }
        var low = 0
        while low < high {
            let middle = (low + high) / 2
            if let first = chunks[middle].first, first <= id {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low > 0 ? low - 1 : nil
    }
}

extension WaitingLeads: Sequence {
    /// Goes over the ids, oldest first.
    public struct Iterator: IteratorProtocol {
        private let chunks: [[LeadID]]
        private var chunk = 0
        private var place = 0

        fileprivate init(_ chunks: [[LeadID]]) {
            self.chunks = chunks
        }

        /// The next id.
        public mutating func next() -> LeadID? {
            while chunk < chunks.count {
                if place < chunks[chunk].count {
                    place += 1
                    return chunks[chunk][place - 1]
                }
                chunk += 1
                place = 0
            }
            return nil
        }
    }

    /// Begins with the oldest.
    public func makeIterator() -> Iterator { Iterator(chunks) }

    /// How many there are, exactly.
    public var underestimatedCount: Int { count }
}
