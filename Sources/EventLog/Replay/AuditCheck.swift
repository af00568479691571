internal import MarketCore

/// Something to check of a market where it stands, at a cost that grows with the state.
///
/// It holds a copy of the market, which shares what neither has changed since, so that it can be
/// done on another thread while the audit goes on.
enum AuditCheck: Sendable {
    /// Every promise of the market.
    case promises(of: Market)
    /// The promises about money alone.
    case ledger(of: Market)
    /// That the snapshot at `path` is the market's state.
    case snapshot(Snapshot, path: String, of: Market)

    /// What was found.
    struct Outcome: Sendable {
        /// What is wrong, if anything.
        var finding: AuditFinding?
        /// What the snapshot says of itself, if it is the market's state.
        var soundSnapshot: SnapshotHeader?
    }

    /// Does it.
    ///
    /// - Complexity: O(state log state).
    func run() -> Outcome {
        switch self {
        case .promises(let market):
            Self.outcome(market) { market throws(InvariantViolation) in
                try market.checkInvariants()
            }
        case .ledger(let market):
            Self.outcome(market) { market throws(InvariantViolation) in try market.checkLedger() }
        case .snapshot(let snapshot, let path, let market):
            if snapshot.isState(of: market) {
                Outcome(soundSnapshot: snapshot.header)
            } else {
                Outcome(
                    finding: AuditFinding(
                        kind: .snapshot, position: market.head,
                        message: "\(path): its state is not the one that the log leads to"))
            }
        }
    }

    private static func outcome(
        _ market: Market, _ check: (Market) throws(InvariantViolation) -> Void
    ) -> Outcome {
        do {
            try check(market)
            return Outcome()
        } catch {
            let kind: AuditFinding.Kind =
                error.rule.hasPrefix("R12")
                ? .ledger : error.rule == "R4.5" ? .exclusivity : .invariant
            return Outcome(
                finding: AuditFinding(
                    kind: kind, position: market.head,
                    message: "\(error.rule): \(error.description)"))
        }
    }
}

/// The checks of an audit that are done on a thread of their own, one at a time.
struct AuditChecks {
    /// The one under way, and where in the order of findings its own belongs.
    private var running: (place: AuditFindings.Place, outcome: Ahead<AuditCheck.Outcome>)?
    /// What the last snapshot found sound says of itself.
    private(set) var soundSnapshot: SnapshotHeader?

    /// Begins a check, once the one before has ended.
    mutating func begin(
        _ check: consuming AuditCheck, _ report: inout AuditReport, _ findings: inout AuditFindings
    ) {
        finish(&report, &findings)
        let outcome = Ahead(by: 1, from: Optional(check)) { $0.take()?.run() }
        running = (findings.keepPlace(), outcome)
    }

    /// Waits for the check under way, and notes what it found.
    mutating func finish(_ report: inout AuditReport, _ findings: inout AuditFindings) {
        guard let (place, ahead) = running.take(), let outcome = ahead.next() else { return }
        if let finding = outcome.finding { findings.add(finding, at: place) }
        if let snapshot = outcome.soundSnapshot {
            report.soundSnapshots.append(snapshot.position)
            soundSnapshot = snapshot
        }
    }
}
