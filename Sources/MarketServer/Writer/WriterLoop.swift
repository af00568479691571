internal import EventLog
internal import Logging
internal import MarketCore
internal import MarketRPC

/// What the writer's thread does: takes requests, decides them, makes them durable, answers.
///
/// 1. Contact keys are on disk before the records that name their slots, records before any reply.
/// 2. Stamps strictly increase; every transaction lies whole in one commit.
/// 3. After a failed write memory is ahead of the disk: nothing is answered any more and the
///    process ends. It recovers from the log.
///
/// Confined to the writer's thread.
final class WriterLoop {
    /// Requests taken at once.
    static let maximumBatchRequests = 1_024
    /// Bytes of frames taken at once, and of records before an early commit.
    static let maximumBatchBytes = 4 << 20
    /// Transactions of due work on the real clock before waiting requests get their turn.
    static let maximumDueTransactions = 16

    var market: Market
    let parts: WriterParts
    private let clock: ClockKind
    private var records: RecordBatch
    var events: [RecordedEvent] = []
    /// The keys of the slots that come next.
    private var spareKeys: ArraySlice<ContactKey> = []
    /// Those of the slots that the next commit's events name, and whose they are.
    private var keys: [(identity: Identity, key: ContactKey)] = []
    private var erased: Set<Identity> = []
    /// Whether erasures will find all keys, once one of those taken at once has asked.
    var isErasureSure: Result<Void, EventLogError>?
    var replies = ReplyBatch()
    private var configurationChanged = false
    private var spaceWatch: SpaceWatch

    init(market: consuming Market, parts: WriterParts) {
        precondition(
            Self.maximumBatchRequests <= ContactVault.preparedAtOnce,
            "a batch takes no more keys than a lot has")
        clock = market.foundation?.clock ?? .real
        records = RecordBatch(firstPosition: market.head.next, capacity: Self.maximumBatchBytes)
        spaceWatch = SpaceWatch(reserveBytes: parts.reserve.reserveBytes)
        self.market = market
        self.parts = parts
    }

    /// Runs until the mailbox is closed and empty.
    ///
    /// - Throws: what a write failed with; the caller ends the process.
    func run() throws(EventLogError) {
        while true {
            parts.keepPace(market.head)
            let delivery = parts.mailbox.take(
                maximumCount: Self.maximumBatchRequests, maximumBytes: Self.maximumBatchBytes,
                until: dueInstant)
            let mayWrite = try hasSpace()
            if mayWrite, clock == .real {
                try runDueWork(
                    through: WallClock.now, atMost: Self.maximumDueTransactions, isReal: true)
            }
            if let delivery {
                for requests in delivery.parcels {
                    try handle(requests, mayWrite: mayWrite)
                }
            }
            try commit()
            guard let delivery else { continue }
            parts.mailbox.release(delivery)
            if delivery.isLast { return }
        }
    }

    /// Whether disk and map have room for a batch. Looks at them when it is time to.
    private func hasSpace() throws(EventLogError) -> Bool {
        let now = Instant.now
        if parts.reserve.isEnough, !spaceWatch.isDue(at: now) { return true }
        spaceWatch.noteLook(at: now)
        return parts.reserve.isEnough(try parts.reserve.look())
    }

    /// When the market's earliest due work is due.
    ///
    /// The market is lent, and the function not inlined: a class that asks its own copies all of it
    /// (Swift 6.3).
    @inline(never)
    private static func nextDue(of market: inout Market) -> Timestamp? { market.nextDue }

    /// The stamp of the market's next transaction, asked for in the same way.
    @inline(never)
    private static func stamp(of market: inout Market, at time: Timestamp) -> Timestamp {
        market.stamp(at: time)
    }

    /// When the thread must wake although nobody asks.
    private var dueInstant: Instant? {
        // With no room on disk there is nothing to be done at once; look again in a while.
        if !parts.reserve.isEnough { return Instant.now.advanced(bySeconds: 1) }
        guard clock == .real, let due = Self.nextDue(of: &market) else { return nil }
        let wait = (due - WallClock.now).microseconds
        return Instant.now.advanced(byMicroseconds: wait)
    }

    // MARK: - Deciding

    private func handle(
        _ requests: ArraySlice<WriterRequest>, mayWrite: Bool
    ) throws(EventLogError) {
        isErasureSure = nil
        for request in requests {
            if mayWrite || !request.task.mayWrite {
                try handle(request)
            } else {
                refuse(request, RPCError(.storageFull))
            }
        }
    }

    private func handle(_ request: WriterRequest) throws(EventLogError) {
        guard let command = try command(of: request) else { return }
        if let mark = request.input.idempotency, try answerRepetition(of: request, command, mark) {
            return
        }
        var target = WallClock.now
        if let at = request.at {
            guard at >= market.suppliedTime else {
                return refuse(request, RPCError(.timeInPast, field: "at"))
            }
            target = at
            try runDueWork(through: at, atMost: .max, isReal: false)
        }
        let stamp = market.stamp(at: target)
        if case .erasePerson = command, refuseUnsure(request, command, at: stamp) { return }
        var input = request.input
        if let at = request.at, at != stamp { input.suppliedTime = at }
        do throws(Rejection) {
            let answer = try market.carryOut(
                command, at: stamp, input: input, appendingTo: &events)
            takeTransaction()
            reply(to: request, outcome(answer, command))
        } catch {
            refuse(request, RPCError(error))
        }
        try commitIfLarge()
    }

    private func outcome(_ answer: Answer, _ command: Command) -> Outcome {
        if case .discloseContact(let assignment) = command {
            return .continued(ContactQuery.body(assignment: assignment), atLeast: market.head)
        }
        return .answered(answer, market.head)
    }

    /// Runs the work due up to `time`: on the real clock stamped now, on the supplied clock each
    /// instant at its own time.
    private func runDueWork(
        through time: Timestamp, atMost limit: Int, isReal: Bool
    ) throws(EventLogError) {
        var count = 0
        while count < limit, let due = Self.nextDue(of: &market), due <= time {
            let stamp = Self.stamp(of: &market, at: isReal ? time : due)
            do throws(Rejection) {
                try market.execute(.passTime, at: stamp, input: .market, appendingTo: &events)
                takeTransaction()
            } catch {
                preconditionFailure("passing time is never refused: \(error)")
            }
            try commitIfLarge()
            count += 1
        }
    }

    /// Puts the transaction that ``events`` end with, if they do, among what the next commit makes
    /// durable.
    private func takeTransaction() {
        let transaction = events[records.count...]
        guard let input = transaction.first else { return }
        records.append(transaction: transaction)
        note(input.event)
    }

    /// Notes what a commit does besides; only a transaction's first event, its input, asks for any.
    private func note(_ input: Event) {
        switch input {
        case .leadAccepted(let lead):
            if lead.contactSlot != nil { assignSlot(to: lead.identity) }
        case .leadPosted(let post):
            guard post.contactSlot != nil else { return }
            guard let owner = market.contactOwner(of: input) else {
                preconditionFailure("a posted lead was reserved")
            }
            assignSlot(to: owner)
        case .personErased(let identity):
            erased.insert(identity)
        case .configurationApplied:
            configurationChanged = true
        default:
            return
        }
    }

    private func assignSlot(to identity: Identity) {
        guard let key = spareKeys.popFirst() else {
            preconditionFailure("a contact's key is wrapped by that of its slot")
        }
        keys.append((identity, key))
    }

    /// A contact as the log is to have it, if it gets the next slot.
    func wrap(_ contact: [UInt8], _ key: ContactKey?) throws(EventLogError) -> [UInt8] {
        guard let key else {
            precondition(contact.isEmpty, "a sealed contact comes with its key")
            return contact
        }
        if spareKeys.isEmpty { spareKeys = try parts.storage.spareKeys()[...] }
        guard let slotKey = spareKeys.first else { preconditionFailure("keys come by the lot") }
        return SealedContact(bytes: contact, key: key).wrapped(by: slotKey)
    }

    func refuse(_ request: WriterRequest, _ error: RPCError) {
        reply(to: request, .refused(error))
    }

    /// Puts an answer among those that leave after the next commit.
    func reply(to request: WriterRequest, _ outcome: Outcome) {
        replies.append(Completion(address: request.address, outcome: outcome))
    }

    // MARK: - Making durable

    private func commitIfLarge() throws(EventLogError) {
        if records.byteCount >= Self.maximumBatchBytes { try commit() }
    }

    /// Makes what was decided durable, then lets the replies go and wakes the follower.
    ///
    /// The follower has the events before a reply leaves, so that who was answered and asks again
    /// sees them; it is woken after, so that it does not stand in the reply's way.
    func commit() throws(EventLogError) {
        let hasRecords = !records.isEmpty
        if hasRecords { try commitRecords() }
        if !replies.isEmpty {
            parts.deliver(replies)
            replies.removeAll()
        }
        if hasRecords { parts.follow() }
    }

    private func commitRecords() throws(EventLogError) {
        try parts.storage.assignKeys(keys)
        try parts.storage.append(records)
        if !erased.isEmpty { try parts.storage.eraseKeys(of: erased) }
        if configurationChanged {
            parts.schema.publish(market)
            configurationChanged = false
        }
        spaceWatch.note(writtenBytes: records.byteCount)
        let count = events.count
        parts.committed(events, market.head)
        keys.removeAll(keepingCapacity: true)
        erased.removeAll()
        // The follower keeps the old array; batches follow each other in similar sizes.
        events = []
        events.reserveCapacity(count)
        records.reset(firstPosition: market.head.next)
    }
}

extension Market {
    /// Whose contact came with an event that the market has evolved by; `nil` where none did.
    func contactOwner(of event: Event) -> Identity? {
        switch event {
        case .leadAccepted(let lead):
            return lead.identity
        case .leadPosted(let post):
            // The ping's reservation is next to it, and outlives the lead.
            return assignment(AssignmentID(post.lead.position.next))?.identity
        default:
            return nil
        }
    }
}
