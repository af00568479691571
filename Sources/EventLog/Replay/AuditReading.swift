internal import MarketCore

/// What an audit read at once, for the market that decides it again.
struct AuditBatch: Sendable {
    /// What to do with it, in order.
    enum Step: Sendable {
        /// Something is wrong that needs no market to see.
        case finding(AuditFinding)
        /// A record could not be read: the market can be followed no further.
        case lostTrack
        /// A whole transaction, by its places in ``AuditBatch/events``, and the balances it led to,
        /// by theirs in ``AuditBatch/balances``.
        case transaction(Range<Int>, balances: Range<Int>)
    }

    /// The next position.
    fileprivate(set) var next: LogPosition
    fileprivate(set) var steps: [Step] = []
    fileprivate(set) var events: [RecordedEvent] = []
    /// What accounts hold after a transaction that changed them, by the events' own word.
    fileprivate(set) var balances: [AuditMoney.Balance] = []
    /// How many records were found whole.
    fileprivate(set) var soundRecords = 0
    /// Whose accounts they are.
    fileprivate(set) var names = AuditNames()
    /// All accounts after the last event of the log; `nil` before, and after a record that could not
    /// be read.
    fileprivate(set) var money: AuditMoney?
    /// What was found of the contacts; `nil` before the last event of the log.
    fileprivate(set) var contacts: AuditContacts.Outcome?
    /// Why nothing more can be read.
    fileprivate(set) var failure: EventLogError?
    /// Where in ``events`` those begin whose transaction's end was not read yet.
    fileprivate var unfinished = 0

    fileprivate init(from next: LogPosition) {
        self.next = next
    }
}

/// Reads the records of a log in order, checks them by themselves, makes transactions of them, and
/// writes down in a table what they say of sales and money.
///
/// It asks no market, so it can go ahead of the one that decides.
struct AuditReading: Sendable {
    private let log: EventLog
    private let head: LogPosition
    private let contacts: AuditContacts
    /// `nil` from the first record that could not be read: what was missed would count as wrong.
    private var table: AuditTable? = AuditTable()
    private var sequence = RecordSequence(from: LogPosition(1))
    private var next = LogPosition(1)
    /// A damaged record ahead, which reading stops before.
    private var damaged: (position: LogPosition, damage: RecordDamage)?
    /// The first position that lies on a damaged page of the file. From there on the file is not
    /// read: a damaged page could end the process.
    private var brokenStructure: (position: LogPosition, damage: RecordDamage)?
    /// The events of a transaction whose end was not in the page before.
    private var unfinished: [RecordedEvent] = []
    private var isAtEnd = false

    /// How many pages of records may be read ahead of the market that decides them again.
    static let batchesAhead = 4

    /// Prepares to read `log` up to `head`.
    init(_ log: EventLog, head: LogPosition, _ contacts: AuditContacts) {
        self.log = log
        self.contacts = contacts
        self.head = head
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

    /// Reads and checks one page; `nil` after the last.
    mutating func batch() -> AuditBatch? {
        guard !isAtEnd else { return nil }
        var batch = AuditBatch(from: next)
        swap(&batch.events, &unfinished)
        do throws(EventLogError) {
            try read(into: &batch)
        } catch {
            batch.failure = error
            isAtEnd = true
        }
        if next > head {
            isAtEnd = true
            if let last = batch.events[batch.unfinished...].last {
                note(.record, at: last.position, "\(RecordDamage.brokenTransaction)", &batch)
                loseTrack(&batch)
            }
        }
        if batch.unfinished == 0 {
            swap(&unfinished, &batch.events)
        } else {
            unfinished += batch.events[batch.unfinished...]
            dropUnfinished(&batch)
        }
        batch.next = next
        if let names = table?.money.names { batch.names = names }
        if isAtEnd {
            batch.money = table?.money
            batch.contacts = contacts.outcome()
        }
        return batch
    }

    private func dropUnfinished(_ batch: inout AuditBatch) {
        batch.events.removeSubrange(batch.unfinished...)
    }

    private mutating func read(into batch: inout AuditBatch) throws(EventLogError) {
        guard next <= head else { return }
        if let (position, damage) = damaged, position == next {
            return passOver(position, damage, &batch)
        }
        if let (position, damage) = brokenStructure, position <= next {
            return passOver(position, damage, &batch)
        }
        let end = damaged?.position ?? brokenStructure?.position ?? head.next
        let count = min(512, Int(clamping: end.rawValue - next.rawValue))
        let page: RecordPage
        do throws(EventLogError) {
            page = try log.read(from: next, maximumRecords: count)
        } catch .damaged(_, let position, let damage) {
            damaged = (max(position, next), damage)
            return
        } catch {
            throw error
        }
        batch.events.reserveCapacity(page.count + batch.events.count)
        for index in page.indices { try check(page, at: index, &batch) }
        next = page.nextPosition
    }

    private func note(
        _ kind: AuditFinding.Kind, at position: LogPosition, _ message: String,
        _ batch: inout AuditBatch
    ) {
        batch.steps.append(
            .finding(AuditFinding(kind: kind, position: position, message: message)))
    }

    /// Reports the record at `position` and goes on after it, with records alone.
    private mutating func passOver(
        _ position: LogPosition, _ damage: RecordDamage, _ batch: inout AuditBatch
    ) {
        note(.record, at: position, "\(damage)", &batch)
        loseTrack(&batch)
        damaged = nil
        switch damage {
        case .missing(let found?) where found > position: next = found
        case .missing, .count, .fileTooShort, .structure, .page: next = head.next
        case .tooShort, .length, .checksum, .unknownFormat, .flags, .transaction,
            .brokenTransaction, .payload:
            next = position.next
        }
        sequence = RecordSequence(from: next)
    }

    private mutating func loseTrack(_ batch: inout AuditBatch) {
        if let names = table?.money.names { batch.names = names }
        table = nil
        dropUnfinished(&batch)
        batch.steps.append(.lostTrack)
    }

    private mutating func check(
        _ page: RecordPage, at index: Int, _ batch: inout AuditBatch
    ) throws(EventLogError) {
        let position = page.firstPosition.advanced(by: index)
        let header = page.header(at: index)
        do {
            try sequence.check(position: position, header: header)
        } catch {
            note(.record, at: position, "\(error)", &batch)
            loseTrack(&batch)
            sequence = RecordSequence(from: position.next)
            return
        }
        batch.soundRecords += 1
        do {
            batch.events.append(try page.event(at: index))
        } catch .unknownEvent(let type, let version) {
            throw .newerEvent(
                path: log.path, position: position, type: type, version: version)
        } catch {
            note(.payload, at: position, "the payload cannot be read: \(error)", &batch)
            loseTrack(&batch)
            return
        }
        batch.events.span.lend(batch.events.count - 1) { contacts.note($0) }
        guard header.flags.contains(.last) else { return }
        // After damage, the rest of a transaction may follow whose beginning is not known.
        guard table != nil else { return dropUnfinished(&batch) }
        checkTransaction(&batch)
    }

    private mutating func checkTransaction(_ batch: inout AuditBatch) {
        let transaction = batch.unfinished..<batch.events.count
        let firstBalance = batch.balances.count
        for index in transaction {
            batch.events.span.lend(index) { table?.note($0) }
            for complaint in table?.complaints ?? [] {
                note(complaint.kind, at: batch.events[index].position, complaint.message, &batch)
            }
        }
        table?.moveBalances(to: &batch.balances)
        batch.steps.append(
            .transaction(transaction, balances: firstBalance..<batch.balances.count))
        batch.unfinished = batch.events.count
    }
}
