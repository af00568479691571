internal import MarketCore

/// One audit under way: what was read is given to a market that decides it again, in order.
struct AuditPass {
    private var report = AuditReport()
    private var follower: AuditFollower
    private var snapshots: AuditSnapshots
    private var findings: AuditFindings
    private var checks = AuditChecks()
    private var money: AuditMoney?
    private var contacts: AuditContacts.Outcome?

    init(log: EventLog, options: Audit.Options, head: LogPosition) {
        report.head = head
        findings = AuditFindings(limit: options.maximumFindings)
        follower = AuditFollower(log: log, invariantsEvery: options.invariantsEvery)
        snapshots = AuditSnapshots(store: options.snapshots)
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
                check(
                    batch.events.span.extracting(events), batch.balances[balances], batch.names)
            }
        }
        money = batch.money
        contacts = batch.contacts
        if let failure = batch.failure { throw failure }
    }

    private mutating func check(
        _ transaction: Span<RecordedEvent>, _ balances: ArraySlice<AuditMoney.Balance>,
        _ names: AuditNames
    ) {
        report.eventsCheckedThrough = transaction[transaction.count - 1].position
        report.transactions += 1
        follower.follow(transaction, &report, &findings)
        guard follower.isFollowing else { return }
        if let check = follower.takeDueCheck() { checks.begin(check, &report, &findings) }
        let head = follower.market.head
        for difference in follower.differences(from: balances, names) {
            findings.add(.ledger, at: head, "R12.3: \(difference)")
        }
        guard snapshots.isDue(at: head) else { return }
        if let check = snapshots.takeDueCheck(of: follower.market, &findings) {
            checks.begin(check, &report, &findings)
        }
    }

    /// Checks what can only be said at the end.
    ///
    /// - Parameter head: where the log ends by now.
    mutating func finish(head: LogPosition) -> AuditReport {
        if follower.isFollowing { checkEnd() }
        checks.finish(&report, &findings)
        if follower.isFollowing { report.digest = digest }
        snapshots.finish(currentHead: head, &findings)
        if let contacts {
            report.contacts = contacts.contacts
            contacts.tell(&findings)
        }
        report.findings = findings.findings
        report.omittedFindings = findings.omitted
        return report
    }

    private mutating func checkEnd() {
        if let finding = AuditCheck.promises(of: follower.market).run().finding {
            findings.add(finding)
        }
        guard let money else { return }
        for difference in follower.differences(from: money.balances[...], money.names) {
            findings.add(.ledger, at: follower.market.head, "R12.3: \(difference)")
        }
    }

    /// The market's digest: that of a snapshot if it was found to be the market's state.
    private var digest: MarketDigest {
        if let known = checks.soundSnapshot, known.position == follower.market.head {
            return known.digest
        }
        return MarketDigest(of: follower.market)
    }
}
