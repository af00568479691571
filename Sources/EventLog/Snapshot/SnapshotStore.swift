public import MarketCore

/// The snapshots of one market: files `<position, 20 digits>.snapshot` in a directory.
///
/// A snapshot is complete or not there: it is written under a temporary name, synced, renamed, and
/// the directory synced. Writing and pruning belong to one thread at a time.
public struct SnapshotStore: Sendable {
    /// How many of the newest snapshots are always kept.
    public static let keptNewest = 3
    /// Of each span of this many events, the first snapshot is kept, so that a past state is near.
    public static let keptEvery: UInt64 = 1_000_000

    private static let suffix = ".snapshot"
    private static let temporarySuffix = ".temporary"

    /// The directory.
    public let directory: String

    /// Names the snapshots in `directory`, which need not exist before the first is written.
    public init(directory: String) {
        self.directory = directory
    }

    /// The positions of the snapshots there are, newest first; none when there is no directory.
    public func positions() throws(SnapshotError) -> [LogPosition] {
        try names().compactMap(Self.position(ofName:)).sorted(by: >)
    }

    /// The path of the snapshot at `position`.
    public func path(of position: LogPosition) -> String {
        let digits = String(position.rawValue)
        let zeros = String(repeating: "0", count: 20 - digits.utf8.count)
        return directory + "/" + zeros + digits + Self.suffix
    }

    /// Writes a snapshot of `market`; when it returns, it is on disk under its name.
    @discardableResult
    public func write(_ market: Market) throws(SnapshotError) -> SnapshotHeader {
        let path = path(of: market.head)
        do throws(EventLogError) {
            try FileSystem.makeDirectory(directory)
            return try FileSystem.replace(path, temporary: path + Self.temporarySuffix) {
                file throws(EventLogError) in
                try Self.write(market, to: &file)
            }
        } catch {
            throw .file(error)
        }
    }

    /// How many bytes are written between syncs: a disk that is given all at once in the end lets
    /// everybody else wait the while.
    private static let bytesBetweenSyncs = 8 << 20

    /// Writes the state piece by piece behind room for the header, which is known at the end, and the
    /// marks behind it.
    private static func write(
        _ market: Market, to file: inout NewFile
    ) throws(EventLogError) -> SnapshotHeader {
        var digest = SHA256Stream()
        var checksum: UInt32 = 0
        var end = SnapshotHeader.byteCount
        var synchronized = 0
        let marks = try market.encodeState { piece throws(EventLogError) in
            digest.update(piece)
            checksum = Checksum.crc32c(piece, continuing: checksum)
            try file.write(piece, at: end)
            end += piece.byteCount
            if end - synchronized >= bytesBetweenSyncs {
                try file.synchronize()
                synchronized = end
            }
        }
        let marked = SnapshotMarks.bytes(of: marks)
        try unsafe file.write(marked.span.bytes, at: end)
        let header = SnapshotHeader(
            position: market.head, stateByteCount: end - SnapshotHeader.byteCount,
            digest: MarketDigest(bytes: digest.finish()),
            checksum: unsafe Checksum.crc32c(marked.span.bytes, continuing: checksum))
        try unsafe file.write(header.bytes.span.bytes, at: 0)
        return header
    }

    /// Reads and checks the snapshot at `position`.
    public func read(_ position: LogPosition) throws(SnapshotError) -> Snapshot {
        let contents: FileContents
        do {
            contents = try FileContents(of: path(of: position))
        } catch {
            throw .file(error)
        }
        let snapshot = try Snapshot(contents)
        guard snapshot.position == position else { throw .otherPosition(snapshot.position) }
        return snapshot
    }

    /// Deletes all but the newest ``keptNewest`` and the first of every ``keptEvery`` events, and
    /// what an interrupted write left behind.
    public func prune() throws(SnapshotError) {
        var kept: Set<LogPosition> = []
        let positions = try positions()
        kept.formUnion(positions.prefix(Self.keptNewest))
        var span: UInt64 = 0
        for position in positions.reversed() where position.rawValue / Self.keptEvery > span {
            span = position.rawValue / Self.keptEvery
            kept.insert(position)
        }
        let unfinished = try names().filter { $0.hasSuffix(Self.suffix + Self.temporarySuffix) }
        do throws(EventLogError) {
            for position in positions where !kept.contains(position) {
                try FileSystem.remove(path(of: position))
            }
            for name in unfinished { try FileSystem.remove(directory + "/" + name) }
        } catch {
            throw .file(error)
        }
    }

    /// Deletes the snapshot at `position`; one that is gone already is no error.
    public func remove(_ position: LogPosition) throws(SnapshotError) {
        do throws(EventLogError) {
            try FileSystem.remove(path(of: position))
        } catch {
            throw .file(error)
        }
    }

    private func names() throws(SnapshotError) -> [String] {
        guard FileSystem.exists(directory) else { return [] }
        do {
            return try FileSystem.names(in: directory)
        } catch {
            throw .file(error)
        }
    }

    private static func position(ofName name: String) -> LogPosition? {
        guard name.hasSuffix(suffix) else { return nil }
        let digits = name.dropLast(suffix.utf8.count)
        guard digits.utf8.count == 20, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return UInt64(digits).map(LogPosition.init)
    }
}

// MARK: - Starting from a snapshot

/// A snapshot that cannot be started from, and why.
public struct SkippedSnapshot: Hashable, Sendable, CustomStringConvertible {
    /// The snapshot's position.
    public let position: LogPosition
    /// The snapshot's file.
    public let path: String
    /// What is wrong with it.
    public let error: SnapshotError

    /// Whether another version of the program made it, so that it will never be of use again to this
    /// one; what was made by newer rules is, to the program that has them.
    public var isOutdated: Bool {
        switch error {
        case .unknownFormat, .unknownStateFormat: true
        case .otherRules(let found, let known): found < known
        case .notASnapshot, .wrongLength, .damagedHeader, .damagedState, .wrongDigest,
            .invalidState,
            .otherPosition, .beyondLog, .file:
            false
        }
    }

    /// What is wrong, and what to do.
    public var description: String {
        "Snapshot \(path) is skipped: \(error). It is derived from the log: delete it."
    }
}

/// The market to replay a log's tail onto.
public struct SnapshotStart: Sendable {
    /// The market at the newest sound snapshot; one before its creation when there is none.
    public var market: Market
    /// The newer snapshots that were of no use, newest first.
    public var skipped: [SkippedSnapshot]

    /// The position of the market's last event; the log goes on after it.
    public var position: LogPosition { market.head }
}

extension SnapshotStore {
    /// Rebuilds the market from the newest sound snapshot at or before `limit`.
    ///
    /// - Parameters:
    ///   - limit: the position not to go beyond, at most the log's head.
    ///   - head: the log's last position; a snapshot after it is of another log.
    ///   - decides: as in `Market.init(decides:)`.
    ///   - onAllCores: whether somebody waits for it who may have all cores.
    /// - Throws: ``SnapshotError/file(_:)`` when the directory cannot be listed, and nothing else.
    public func loadNewest(
        upTo limit: LogPosition, head: LogPosition, decides: Bool = true,
        onAllCores: Bool = false
    ) throws(SnapshotError) -> SnapshotStart {
        var skipped: [SkippedSnapshot] = []
        for position in try positions() {
            do throws(SnapshotError) {
                guard position <= head else { throw SnapshotError.beyondLog(head: head) }
                guard position <= limit else { continue }
                let market = try read(position).market(
                    decides: decides, onAllCores: onAllCores)
                return SnapshotStart(market: market, skipped: skipped)
            } catch {
                skipped.append(
                    SkippedSnapshot(position: position, path: path(of: position), error: error))
            }
        }
        return SnapshotStart(market: Market(decides: decides), skipped: skipped)
    }
}
