internal import MarketCore

/// One audit under way: what was read is given to a market that decides it again, in order.
struct AuditPass {
    private var report = AuditReport()
    private var follower: AuditFollower
    private var snapshots: AuditSnapshots
    private var findings: AuditFindings
    private var money: AuditMoney?

    init(log: EventLog, options: Audit.Options, head: LogPosition) {
        report.head = head
        findings = AuditFindings(limit: options.maximumFindings)
        follower = AuditFollower(log: log, invariantsEvery: options.invariantsEvery)
        snapshots = AuditSnapshots(store: options.snapshots, head: head)
    }

    /// Goes on with what was read next.
    ///
    /// - Throws: why nothing more could be read.
    mutating func take(_ batch: AuditBatch) throws(EventLogError) {
        report.soundRecords += batch.soundRecords
        for step in batch.steps {
            switch step {
            case .finding(let finding):
                findings.add(finding)
            case .lostTrack:
                follower.stop()
            case .transaction(let events, let balances):
                check(batch.events[events], batch.balances[balances], batch.names)
            }
        }
        money = batch.money
        if let failure = batch.failure { throw failure }
    }

    private mutating func check(
        _ transaction: ArraySlice<RecordedEvent>, _ balances: ArraySlice<AuditMoney.Balance>,
        _ names: AuditNames
    ) {
        if let last = transaction.last { report.eventsCheckedThrough = last.position }
        report.transactions += 1
        follower.follow(transaction, &report, &findings)
        guard let head = follower.head else { return }
        for difference in follower.differences(from: balances, names) {
            findings.add(.ledger, at: head, "R12.3: \(difference)")
        }
        if snapshots.isDue(at: head), let market = follower.market {
            snapshots.check(against: market, &report, &findings)
        }
    }

    /// Checks what can only be said at the end.
    ///
    /// - Parameter head: where the log ends by now.
    mutating func finish(head: LogPosition) -> AuditReport {
        if let market = follower.market {
            follower.checkInvariants(&findings)
            if let money {
                for difference in market.ledger.differences(from: money.balances, money.names) {
                    findings.add(.ledger, at: market.head, "R12.3: \(difference)")
                }
            }
            report.digest = MarketDigest(of: market)
        }
        snapshots.finish(currentHead: head, &findings)
        report.findings = findings.findings
        report.omittedFindings = findings.omitted
        return report
    }
}
