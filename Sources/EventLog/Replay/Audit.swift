public import MarketCore

/// Checks a whole log: what anybody who holds it can check.
///
/// 1. Every page of the file is in its place; every record is whole, in its place, in a whole
///    transaction; time moves forward.
/// 2. Every input, decided again by the rules at the same time, gives the very same events; ranges
///    of rules that this program does not have are checked by 3 and 4 alone.
/// 3. By the events' own word, kept in a table apart from the market: nobody is sold twice or to
///    another advisor while bound (R4.4, R4.5), nothing is overspent, and every account is what
///    the events add up to (R12.3).
/// 4. The market's own promises hold: every account that a transaction changes is what 3 says, all
///    promises are checked at twice as many events each time, and at the end.
/// 5. Every snapshot is the state that the log leads to.
/// 6. Where there are keys, they are the log's, every contact of who was not erased opens, and no key of who was
///    is there any more (R4.2).
///
/// A thread of its own reads and does 1, 3 and 6; the calling thread decides behind it, in order. What
/// costs as much as the state is large, 4's promises and 5, is done on another thread on copies of
/// the market, one at a time, and at the end on this one. What is found is told in the order of the
/// log all the same, what 6 finds at the end.
///
/// After damage the audit goes on with what can still be checked: after an event that cannot have
/// happened with 1 and 3, after a record that cannot be read with 1 alone.
public struct Audit: Sendable {
    /// How an audit is done.
    public struct Options: Sendable {
        /// The most findings kept.
        public var maximumFindings = 100
        /// After how many events all of the market's promises are checked first, and how many
        /// events apart at least.
        public var invariantsEvery = 100_000
        /// The snapshots to check, if any.
        public var snapshots: SnapshotStore?
        /// Where secret and key file are, to check the contacts with.
        public var keysDirectory: String?
        /// Whether keys that are not there, or may not be read, are something wrong.
        public var requiresKeys = false

        /// The usual options, without snapshots and keys.
        public init() {}
    }

    private let log: EventLog
    private let options: Options

    /// Prepares an audit of `log`.
    public init(of log: EventLog, options: Options = Options()) {
        self.log = log
        self.options = options
    }

    /// Reads and checks the log from its first event to its head at the time of the call.
    ///
    /// - Parameter progress: told after each read how far the audit is, and where it ends.
    /// - Throws: ``EventLogError`` when the log cannot be read at all or is of a newer format;
    ///   damage is a finding and no error.
    /// - Complexity: O(events), with O(state) memory, as much again for the table of sales, and
    ///   while a copy is checked as much as changes meanwhile; two snapshots are mapped at a time.
    public func run(
        progress: (LogPosition, _ head: LogPosition) -> Void = { _, _ in }
    ) throws(EventLogError) -> AuditReport {
        let head = try log.head()
        var pass = AuditPass(log: log, options: options, head: head)
        var reading = AuditReading(log, head: head, AuditContacts(log, options))
        try reading.checkStructure()
        let batches = Ahead(by: AuditReading.batchesAhead, from: reading) { $0.batch() }
        while let batch = batches.next() {
            try pass.take(batch)
            progress(batch.next, head)
        }
        return pass.finish(head: try log.head())
    }
}
