internal import MarketCore

/// The snapshots that an audit still has to compare with the replayed market, oldest first.
struct AuditSnapshots {
    private let store: SnapshotStore?
    private var pending: [LogPosition] = []
    private var unreadable: SnapshotError?

    init(store: SnapshotStore?, head: LogPosition) {
        self.store = store
        do {
            pending = try store?.positions() ?? []
        } catch {
            unreadable = error
        }
    }

    /// Whether there is a snapshot to compare with the market at `head`, or one before it.
    func isDue(at head: LogPosition) -> Bool { pending.last.map { $0 <= head } ?? false }

    /// Compares the snapshot at the market's position, if there is one.
    mutating func check(
        against market: Market, _ report: inout AuditReport, _ findings: inout AuditFindings
    ) {
        while let position = pending.last, position <= market.head {
            pending.removeLast()
            guard let snapshot = read(position, &findings) else { continue }
            guard position == market.head else {
                findings.add(
                    .snapshot, at: position,
                    "\(path(position)): no transaction of the log ends at its position")
                continue
            }
            guard snapshot.header.rulesVersion == Market.rulesVersion else { continue }
            if snapshot.header.digest == MarketDigest(of: market) {
                report.soundSnapshots.append(position)
            } else {
                findings.add(
                    .snapshot, at: position,
                    "\(path(position)): its state is not the one that the log leads to")
            }
        }
    }

    /// Checks, by themselves, the snapshots that the market was not followed to.
    mutating func finish(currentHead: LogPosition, _ findings: inout AuditFindings) {
        if let unreadable {
            findings.add(.snapshot, at: .start, "the snapshots cannot be read: \(unreadable)")
        }
        while let position = pending.popLast() {
            guard position <= currentHead else {
                let error = SnapshotError.beyondLog(head: currentHead)
                findings.add(.snapshot, at: position, "\(path(position)): \(error)")
                continue
            }
            _ = read(position, &findings)
        }
    }

    /// Reads a snapshot; one that was pruned meanwhile is none, nor one that another program wrote
    /// in its own form: it is whole, and of no use here.
    private func read(
        _ position: LogPosition, _ findings: inout AuditFindings
    ) -> Snapshot? {
        guard let store else { return nil }
        do {
            let snapshot = try store.read(position)
            try snapshot.checkDigest()
            return snapshot
        } catch .unknownStateFormat {
            return nil
        } catch {
            if case .file = error, !FileSystem.exists(store.path(of: position)) { return nil }
            findings.add(.snapshot, at: position, "\(path(position)): \(error)")
            return nil
        }
    }

    private func path(_ position: LogPosition) -> String { store?.path(of: position) ?? "" }
}
