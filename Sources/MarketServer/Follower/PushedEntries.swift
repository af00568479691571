internal import MarketCore

/// The entries of ``PushedAssignments`` by position, 16 bytes each.
///
/// They stand in chunks of at most ``chunkEntries``, none of them empty, so that neither adding nor
/// sweeping moves more than a few of them.
struct PushedEntries {
    /// The most entries of a chunk.
    static let chunkEntries = 1_024

    /// An entry in short.
    private struct Stored {
        let position: LogPosition
        /// The assignment's id times four, and the kind's number.
        let assignmentAndKind: UInt64

        init(_ entry: PushedAssignments.Entry) {
            position = entry.position
            let kind: UInt64 =
                switch entry.kind {
                case .release: 0
                case .reservation(awaitsPost: false): 1
                case .reservation(awaitsPost: true): 2
                }
            assignmentAndKind = entry.assignment.rawValue << 2 | kind
        }

        var entry: PushedAssignments.Entry {
            let kind: PushedAssignments.Kind =
                switch assignmentAndKind & 3 {
                case 0: .release
                case 1: .reservation(awaitsPost: false)
                default: .reservation(awaitsPost: true)
                }
            return PushedAssignments.Entry(
                position: position, assignment: AssignmentID(assignmentAndKind >> 2), kind: kind)
        }
    }

    private var chunks: [[Stored]] = []
    /// The chunk that is swept next.
    private var nextSwept = 0
    /// How many there are.
    private(set) var count = 0

    /// Adds an entry after all others.
    mutating func append(_ entry: PushedAssignments.Entry) {
        if let last = chunks.last, last.count < Self.chunkEntries {
            chunks[chunks.count - 1].append(Stored(entry))
        } else {
            var chunk: [Stored] = []
            chunk.reserveCapacity(Self.chunkEntries)
            chunk.append(Stored(entry))
            chunks.append(chunk)
        }
        count += 1
    }

    /// Adds entries that come after all others, by their chunks.
    mutating func append(_ other: PushedEntries) {
        chunks += other.chunks
        count += other.count
    }

    /// Adds entries that ascend by position, and stand anywhere among the others.
    ///
    /// - Complexity: O(1) when there are none, else O(all entries).
    mutating func merge(_ entries: [PushedAssignments.Entry]) {
        guard !entries.isEmpty else { return }
        var rest = entries[...]
        var merged = PushedEntries()
        visit(from: .start) { entry in
            while let first = rest.first, first.position < entry.position {
                merged.append(first)
                rest.removeFirst()
            }
            merged.append(entry)
            return true
        }
        for entry in rest { merged.append(entry) }
        self = merged
    }

    /// Visits the entries from `position` on, in order, until `visit` says false.
    func visit(from position: LogPosition, _ visit: (PushedAssignments.Entry) -> Bool) {
        guard count > 0 else { return }
        let first = place(in: chunks) { $0[0].position <= position }
        for index in max(0, first - 1)..<chunks.count {
            let chunk = chunks[index]
            for stored in chunk[place(in: chunk) { $0.position < position }...] {
                guard visit(stored.entry) else { return }
            }
        }
    }

    /// How many elements from the beginning on are `before`.
    private func place<Element>(
        in elements: [Element], _ before: (Element) -> Bool
    ) -> Int {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if before(elements[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Drops the entries of the next chunk in turn that are not to be kept.
    ///
    /// - Complexity: O(``chunkEntries``), and a move of the chunks' references.
    mutating func sweep(keeping isKept: (PushedAssignments.Entry) -> Bool) {
        guard !chunks.isEmpty else { return }
        if nextSwept >= chunks.count { nextSwept = 0 }
        let before = chunks[nextSwept].count
        chunks[nextSwept].removeAll { !isKept($0.entry) }
        count -= before - chunks[nextSwept].count
        let left = chunks[nextSwept]
        if nextSwept > 0, chunks[nextSwept - 1].count + left.count <= Self.chunkEntries {
            chunks[nextSwept - 1] += left
            chunks.remove(at: nextSwept)
        } else if left.isEmpty {
            chunks.remove(at: nextSwept)
        } else {
            nextSwept += 1
        }
    }
}
