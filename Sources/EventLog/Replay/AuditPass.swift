internal import MarketCore

/// One audit under way: reading records, and handing whole transactions on.
struct AuditPass {
    let log: EventLog
    var report = AuditReport()
    private var follower: AuditFollower
    private var snapshots: AuditSnapshots
    private var findings: AuditFindings
    /// `nil` from the first record that could not be read: what was missed would count as wrong.
    private var table: AuditTable? = AuditTable()
    private var sequence = RecordSequence(from: LogPosition(1))
    private var next = LogPosition(1)
    /// A damaged record ahead, which reading stops before.
    private var damaged: (position: LogPosition, damage: RecordDamage)?
    /// The first position that lies on a damaged page of the file. From there on the file is not
    /// read: a damaged page could end the process.
    private var brokenStructure: (position: LogPosition, damage: RecordDamage)?
    private var transaction: [RecordedEvent] = []

    init(log: EventLog, options: Audit.Options, head: LogPosition) {
        self.log = log
        report.head = head
        findings = AuditFindings(limit: options.maximumFindings)
        follower = AuditFollower(log: log, invariantsEvery: options.invariantsEvery)
        snapshots = AuditSnapshots(store: options.snapshots, head: head)
    }

    /// Checks the structure of the file, before any record is read.
    mutating func checkStructure() throws(EventLogError) {
        do throws(EventLogError) {
            try log.checkStructure()
        } catch .damaged(_, let position, let damage) {
            brokenStructure = (max(position, next), damage)
        } catch {
            throw error
        }
    }

    /// Checks one page; returns how far it came, or `nil` at the end.
    mutating func step() throws(EventLogError) -> LogPosition? {
        guard next <= report.head else { return nil }
        if let (position, damage) = damaged, position == next {
            passOver(position, damage)
            return position
        }
        if let (position, damage) = brokenStructure, position <= next {
            passOver(position, damage)
            return report.head
        }
        let end = damaged?.position ?? brokenStructure?.position ?? report.head.next
        let count = min(4_096, Int(clamping: end.rawValue - next.rawValue))
        let page: RecordPage
        do throws(EventLogError) {
            page = try log.read(from: next, maximumRecords: count)
        } catch .damaged(_, let position, let damage) {
            damaged = (max(position, next), damage)
            return next
        } catch {
            throw error
        }
        for index in page.indices { try check(page, at: index) }
        next = page.nextPosition
        return page.nextPosition
    }

    /// Reports the record at `position` and goes on after it, with records alone.
    private mutating func passOver(_ position: LogPosition, _ damage: RecordDamage) {
        findings.add(.record, at: position, "\(damage)")
        loseTrack()
        damaged = nil
        switch damage {
        case .missing(let found?) where found > position: next = found
        case .missing, .count, .fileTooShort, .structure, .page: next = report.head.next
        case .tooShort, .length, .checksum, .unknownFormat, .flags, .transaction,
            .brokenTransaction, .payload:
            next = position.next
        }
        sequence = RecordSequence(from: next)
    }

    private mutating func loseTrack() {
        table = nil
        transaction = []
        follower.stop()
    }

    private mutating func check(_ page: RecordPage, at index: Int) throws(EventLogError) {
        let position = page.firstPosition.advanced(by: index)
        let header = page.header(at: index)
        do {
            try sequence.check(position: position, header: header)
        } catch {
            findings.add(.record, at: position, "\(error)")
            loseTrack()
            sequence = RecordSequence(from: position.next)
            return
        }
        report.soundRecords += 1
        do {
            transaction.append(try page.event(at: index))
        } catch .unknownEvent(let type, let version) {
            throw .newerEvent(
                path: log.path, position: position, type: type, version: version)
        } catch {
            findings.add(.payload, at: position, "the payload cannot be read: \(error)")
            loseTrack()
            return
        }
        guard header.flags.contains(.last) else { return }
        // After damage, the rest of a transaction may follow whose beginning is not known.
        if table != nil { checkTransaction() }
        transaction.removeAll(keepingCapacity: true)
    }

    private mutating func checkTransaction() {
        for recorded in transaction {
            table?.note(recorded)
            if let complaints = table?.complaints, !complaints.isEmpty {
                for complaint in complaints {
                    findings.add(complaint.kind, at: recorded.position, complaint.message)
                }
            }
            report.eventsCheckedThrough = recorded.position
        }
        report.transactions += 1
        follower.follow(transaction, &report, &findings)
        guard let head = follower.head else {
            table?.forgetTouched()
            return
        }
        if let table {
            for difference in follower.differences(from: table.money, in: table.touched) {
                findings.add(.ledger, at: head, "R12.3: \(difference)")
            }
        }
        table?.forgetTouched()
        if snapshots.isDue(at: head), let market = follower.market {
            snapshots.check(against: market, &report, &findings)
        }
    }

    /// Checks what can only be said at the end.
    mutating func finish() throws(EventLogError) -> AuditReport {
        if let last = transaction.last {
            findings.add(
                .record, at: last.position, "\(RecordDamage.brokenTransaction)")
            loseTrack()
        }
        if let market = follower.market {
            follower.checkInvariants(&findings)
            if let table {
                let accounts = table.money.accounts
                for difference in table.money.differences(from: market.ledger, in: accounts) {
                    findings.add(.ledger, at: market.head, "R12.3: \(difference)")
                }
            }
            report.digest = MarketDigest(of: market)
        }
        snapshots.finish(currentHead: try log.head(), &findings)
        report.findings = findings.findings
        report.omittedFindings = findings.omitted
        return report
    }
}
