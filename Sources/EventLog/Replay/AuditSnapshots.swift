internal import MarketCore

/// The snapshots that an audit still has to compare with the replayed market, oldest first.
///
/// A thread of its own reads the next ones meanwhile and checks each by itself.
struct AuditSnapshots {
    private let store: SnapshotStore?
    private var pending: [LogPosition] = []
    private var unreadable: SnapshotError?
    /// Those in `pending`, as they are found.
    private let read: Ahead<Result<Snapshot?, SnapshotError>>?

    init(store: SnapshotStore?) {
        self.store = store
        do {
            pending = try store?.positions() ?? []
        } catch {
            unreadable = error
        }
        guard let store, !pending.isEmpty else {
            read = nil
            return
        }
        read = Ahead(by: 1, from: pending) { positions in
            positions.popLast().map { Self.read($0, of: store) }
        }
    }

    /// Whether there is a snapshot to compare with the market at `head`, or one before it.
    func isDue(at head: LogPosition) -> Bool { pending.last.map { $0 <= head } ?? false }

    /// The comparison of the snapshot at the market's position with it, if there is one.
    mutating func takeDueCheck(
        of market: Market, _ findings: inout AuditFindings
    ) -> AuditCheck? {
        while let position = pending.last, position <= market.head {
            guard let snapshot = next(&findings) else { continue }
            guard position == market.head else {
                findings.add(
                    .snapshot, at: position,
                    "\(path(position)): no transaction of the log ends at its position")
                continue
            }
            guard snapshot.header.rulesVersion == Market.rulesVersion else { continue }
            return .snapshot(snapshot, path: path(position), of: market.following())
        }
        return nil
    }

    /// Checks, by themselves, the snapshots that the market was not followed to.
    mutating func finish(currentHead: LogPosition, _ findings: inout AuditFindings) {
        if let unreadable {
            findings.add(.snapshot, at: .start, "the snapshots cannot be read: \(unreadable)")
        }
        while let position = pending.last {
            guard position <= currentHead else {
                let error = SnapshotError.beyondLog(head: currentHead)
                findings.add(.snapshot, at: position, "\(path(position)): \(error)")
                pending.removeLast()
                _ = read?.next()
                continue
            }
            _ = next(&findings)
        }
    }

    /// Takes the next snapshot; `nil` when it is none, or damaged.
    private mutating func next(_ findings: inout AuditFindings) -> Snapshot? {
        guard let position = pending.popLast(), let found = read?.next() else { return nil }
        switch found {
        case .success(let snapshot): return snapshot
        case .failure(let error):
            findings.add(.snapshot, at: position, "\(path(position)): \(error)")
            return nil
        }
    }

    /// Reads a snapshot; one that was pruned meanwhile is none, nor one that another program wrote
    /// in its own form: it is whole, and of no use here.
    private static func read(
        _ position: LogPosition, of store: SnapshotStore
    ) -> Result<Snapshot?, SnapshotError> {
        do throws(SnapshotError) {
            let snapshot = try store.read(position)
            try snapshot.checkDigest()
            return .success(snapshot)
        } catch .unknownStateFormat {
            return .success(nil)
        } catch {
            if case .file = error, !FileSystem.exists(store.path(of: position)) {
                return .success(nil)
            }
            return .failure(error)
        }
    }

    private func path(_ position: LogPosition) -> String { store?.path(of: position) ?? "" }
}
