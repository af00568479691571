internal import CPolling
import Glibc
import Histogram

/// Loads a market over its socket and measures what comes back: one thread, many connections.
///
/// 1. Nothing is made during a run but copies of requests rendered before it (``LeadDeck``).
/// 2. In an open phase latencies count from when a lead was *due*. How late it left, because the generator or the
///    daemon was busy, is part of its latency.
/// 3. What is due leaves in rounds, at least ``roundNanoseconds`` apart, each a large write to few connections.
/// 4. Every lead that was due is accounted for: sent or not, and of those sent by what the answer said, or as unanswered.
///
/// Confined to one thread.
final class LoadGenerator {
    /// How a load is put on.
    struct Options: Sendable {
        var socketPath: String
        var connections = 32
        /// How long answers, and leads that could not be sent in time, are waited for at the end.
        var drainSeconds = 10.0
        /// People are numbered from here; those of two runs must not meet.
        var firstPerson: UInt64 = 0
        /// The log position from which on a further connection watches sales, if it does.
        var watchesFrom: Int64?
        /// Whether that connection does as a frontend does (``Frontend``).
        var servesSales = false
    }

    /// Rounds of an open phase are so far apart at least, so that a lead costs less than a system call of its own.
    static let roundNanoseconds: UInt64 = 250_000
    /// How many leads in a row go to one connection.
    static let leadsInRow = 32

    let options: Options
    let deck: LeadDeck
    let scanner = ReplyScanner()
    let sockets: [LoadSocket]
    let watch: LoadSocket?
    /// The process of the daemon, or `nil` when the kernel does not tell.
    let daemon: Int32?
    var polls: [pollfd]
    var changes: OrderChanges?
    var matcher: PushMatcher?
    var frontend: Frontend?

    var phases: [LoadPhase] = []
    var records: [PhaseRecord] = []
    /// Phases of earlier runs; sockets number phases over all runs, so that a late answer is not taken for one of this.
    var earlierPhases = 0
    /// The phase under way; the number of phases once all are over.
    var current = 0
    var schedule: ArrivalSchedule?
    var nextRound: UInt64 = 0
    var nextSocket = 0
    var inRow = 0
    var nextLead = 0
    /// Whether what is due cannot be sent at present.
    var isStalled = false
    private(set) var wasInterrupted = false
    /// The first line that could not be made out.
    var unreadableLine: String?
    /// The first answer of all runs that was neither decided nor `overloaded`.
    var firstError: UnusualAnswer?

    private var interval = LoadGenerator.intervalHistogram()
    private var intervalEnd: UInt64 = 0
    private var usage: (own: Double, daemon: Double?) = (0, nil)
    private var isSubscribed = false
    private var progress: ProgressMeter?

    /// Connects.
    ///
    /// - Throws: ``ToolError/unreachable(_:)``.
    init(_ options: Options, deck: LeadDeck, changes: OrderChanges? = nil) throws(ToolError) {
        precondition(deck.count > 0, "a deck has leads")
        self.options = options
        self.deck = deck
        self.changes = changes
        var sockets: [LoadSocket] = []
        for _ in 0..<options.connections {
            sockets.append(try LoadSocket(path: options.socketPath))
        }
        self.sockets = sockets
        watch = options.watchesFrom == nil ? nil : try LoadSocket(path: options.socketPath)
        matcher = options.watchesFrom == nil ? nil : PushMatcher()
        frontend = watch != nil && options.servesSales ? Frontend() : nil
        polls = (sockets + [watch].compactMap(\.self)).map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        daemon = sockets.first?.peerProcess
    }

    /// Runs `phases` one after the other, without a pause between them, and waits for the last answers.
    ///
    /// A signal (``StopRequest``) ends it early with what was measured by then.
    /// - Throws: ``ToolError`` when the daemon goes away or answers what cannot be read.
    func run(
        _ phases: [LoadPhase], progress: ProgressMeter? = nil
    ) throws(ToolError) -> [PhaseRecord] {
        earlierPhases += self.phases.count
        self.phases = phases
        self.progress = progress
        records = phases.map { _ in PhaseRecord() }
        current = 0
        leadmarket_wait_exactly()
        try subscribe()
        try begin(at: MonotonicClock.now)
        var deadline = UInt64.max
        while true {
            let now = MonotonicClock.now
            try turn(now)
            if current == phases.count {
                if deadline == .max {
                    deadline = now + MonotonicClock.nanoseconds(options.drainSeconds)
                }
                if now >= deadline || sockets.allSatisfy({ $0.inFlight == 0 }) { break }
            }
            if current < phases.count { try sendDue(now) }
            try serveSales(now)
            try wait(from: now)
            try receive()
        }
        try settleSales()
        for socket in sockets + [watch].compactMap(\.self) {
            for entry in socket.unanswered where entry.phase >= earlierPhases {
                records[entry.phase - earlierPhases].unanswered += 1
            }
        }
        progress?.finish()
        if let unreadableLine {
            throw .refused(request: "lead.submit", problem: "cannot read \(unreadableLine)")
        }
        return records
    }

    // MARK: - Phases

    var length: UInt64 { MonotonicClock.nanoseconds(phases[current].seconds) }

    private func begin(at time: UInt64) throws(ToolError) {
        guard current < phases.count else { return }
        records[current].began = time
        records[current].lastAnswer = time
        usage = (ProcessUsage.ownSeconds, daemon.flatMap(ProcessUsage.seconds))
        intervalEnd = time + MonotonicClock.nanoseconds(phases[current].intervalSeconds)
        interval.reset()
        isStalled = false
        switch phases[current].pace {
        case .open(let schedule):
            self.schedule = schedule
        case .closed(let inFlight):
            schedule = nil
            for index in sockets.indices {
                try refill(index, inFlight - sockets[index].inFlight)
            }
        }
    }

    /// Ends intervals and phases whose time is over.
    private func turn(_ now: UInt64) throws(ToolError) {
        if !wasInterrupted, StopRequest.isRequested { wasInterrupted = true }
        while current < phases.count {
            let end = records[current].began + length
            while now >= intervalEnd, intervalEnd <= end { endInterval() }
            guard isOver(now, end) else { return }
            let isOnTime = phases[current].maximumCount == nil && !wasInterrupted
            finish()
            current = wasInterrupted ? phases.count : current + 1
            try begin(at: isOnTime ? end : now)
        }
    }

    private func isOver(_ now: UInt64, _ end: UInt64) -> Bool {
        if wasInterrupted { return true }
        if let maximum = phases[current].maximumCount, records[current].sent >= maximum {
            return true
        }
        guard now >= end else { return false }
        // What is overdue at the very end is still sent: it would be missing from the slowest.
        guard let schedule, current == phases.count - 1 else { return true }
        return schedule.next >= length
            || now >= end + MonotonicClock.nanoseconds(options.drainSeconds)
    }

    private func finish() {
        if var rest = schedule, !wasInterrupted, phases[current].maximumCount == nil {
            while rest.next < length {
                records[current].due += 1
                rest.advance()
            }
        }
        schedule = nil
        records[current].ownSeconds = ProcessUsage.ownSeconds - usage.own
        if let before = usage.daemon, let after = daemon.flatMap(ProcessUsage.seconds) {
            records[current].daemonSeconds = after - before
        }
    }

    // MARK: - Intervals

    private static func intervalHistogram() -> Histogram<UInt64> {
        Histogram(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .two)
    }

    /// Notes a decision of the phase under way for the series.
    func noteInInterval(_ nanoseconds: UInt64) { interval.record(nanoseconds / 1_000) }

    private func endInterval() {
        let memory = daemon.flatMap(ProcessUsage.memory)
        let isEmpty = interval.totalCount == 0
        records[current].intervals.append(
            PhaseRecord.Interval(
                end: Double(intervalEnd - records[current].began) / 1_000_000_000,
                answers: Int(interval.totalCount),
                median: isEmpty ? 0 : interval.valueAtPercentile(50),
                p99: isEmpty ? 0 : interval.valueAtPercentile(99),
                p999: isEmpty ? 0 : interval.valueAtPercentile(99.9),
                residentKiB: memory?.residentKiB, ownKiB: memory?.ownKiB))
        interval.reset()
        intervalEnd += MonotonicClock.nanoseconds(phases[current].intervalSeconds)
        progress?.update(records.reduce(0) { $0 + $1.counts.total })
    }

    // MARK: - Sales

    private func subscribe() throws(ToolError) {
        guard let watch, let from = options.watchesFrom, !isSubscribed else { return }
        isSubscribed = true
        let identifier = watch.enter(
            due: MonotonicClock.now, phase: -1, subject: .subscription)
        watch.add(identifier, "assignment.subscribe", Array(#"{"from":\#(from)}"#.utf8))
        try watch.flush()
        let deadline = MonotonicClock.now + MonotonicClock.nanoseconds(10)
        while watch.inFlight > 0 {
            guard MonotonicClock.now < deadline else {
                throw .unreachable("no answer to assignment.subscribe in time")
            }
            try wait(from: MonotonicClock.now)
            try receive()
        }
        if let firstError {
            throw .refused(request: "assignment.subscribe", problem: firstError.text)
        }
    }

    /// Pushes may come later than answers: waits until all sales were seen, and what they ask for is done.
    private func settleSales() throws(ToolError) {
        guard let watch else { return }
        let deadline = MonotonicClock.now + MonotonicClock.nanoseconds(options.drainSeconds)
        func seen() -> UInt64 { records.reduce(0) { $0 + $1.pushLatencies.totalCount } }
        func sold() -> UInt64 { records.reduce(0) { $0 + UInt64($1.counts[.released]) } }
        func isServed() -> Bool { watch.inFlight == 0 && frontend.map { $0.count == 0 } ?? true }
        while seen() < sold() || !isServed(), MonotonicClock.now < deadline {
            let now = MonotonicClock.now
            try serveSales(now)
            try wait(from: now)
            try receive()
        }
    }
}
