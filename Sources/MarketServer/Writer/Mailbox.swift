internal import MarketRPC
internal import Synchronization

/// Requests on their way from the event loops to the writer: bounded, and full means refused at
/// once.
///
/// One client with one request in flight wakes the writer at once; under load the writer takes
/// whatever has come meanwhile, so the batch grows with the load and nothing ever waits for one.
/// What one connection read at once travels as one parcel: one lock and at most one wake-up for
/// all of it, and no request is copied on its way.
///
/// New leads are refused while a quarter of the room is left: that is for finishing what was begun. A frontend that
/// can neither acknowledge nor accept under overload would have sold leads pushed again and reservations lapse,
/// which is more work yet.
final class Mailbox: Sendable {
    /// What one connection hands over at once.
    private struct Parcel {
        var requests: ArraySlice<WriterRequest>
        var byteCount: Int

        /// Splits off the first requests, up to `maximumCount` and until they have `maximumBytes`.
        mutating func removeFirst(maximumCount: Int, maximumBytes: Int) -> Parcel {
            if requests.count <= maximumCount, byteCount < maximumBytes {
                defer { self = Parcel(requests: [], byteCount: 0) }
                return self
            }
            var bytes = 0
            let first = requests.prefix(max(0, maximumCount)).prefix { request in
                defer { bytes += request.byteCount }
                return bytes < maximumBytes
            }
            bytes = first.reduce(0) { $0 + $1.byteCount }
            requests = requests[first.endIndex...]
            byteCount -= bytes
            return Parcel(requests: first, byteCount: bytes)
        }
    }

    /// What waits, and what the writer has taken and not finished.
    private struct State {
        var waiting: [Parcel] = []
        var outstanding = 0
        var outstandingBytes = 0
        var isClosed = false
    }

    /// What the writer takes at once.
    struct Delivery {
        /// The requests, in the order they came in.
        var parcels: [ArraySlice<WriterRequest>] = []
        /// How many requests there are.
        var count = 0
        /// The bytes of their frames.
        var byteCount = 0
        /// Whether nothing more will ever come.
        var isLast = false
    }

    /// The most requests outstanding.
    let maximumRequests: Int
    /// The most requests outstanding up to which a new lead is taken.
    var maximumWithNewLead: Int { maximumRequests - maximumRequests / 4 }
    /// The bytes of frames outstanding after which no more are taken.
    let maximumBytes: Int
    private let state = Monitor(State())
    /// How many requests are outstanding, to look at without the lock.
    private let outstanding = Atomic(0)
    /// Whether it is closed, to look at without the lock.
    private let closed = Atomic(false)

    init(maximumRequests: Int, maximumBytes: Int = 256 << 20) {
        self.maximumRequests = maximumRequests
        self.maximumBytes = maximumBytes
    }

    /// Whether a request more than `count` is to be refused for want of room alone, as far as can be told without
    /// the lock. For new leads this is what bounds them, so that two event loops at once may take a parcel more; for
    /// others it is a hint, so that what ``post(_:)`` would refuse need not be prepared.
    func isFull(beyond count: Int, forNewLead isNewLead: Bool) -> Bool {
        let most = isNewLead ? maximumWithNewLead : maximumRequests
        return outstanding.load(ordering: .relaxed) + count >= most && !isClosed
    }

    /// Hands requests over in order, as many as there is room for.
    ///
    /// - Returns: how many were taken; the rest is refused.
    func post(_ requests: [WriterRequest]) -> Int {
        let bytes = requests.reduce(0) { $0 + $1.byteCount }
        var taken = 0
        state.change { state in
            if state.isClosed { return false }
            var offered = Parcel(requests: requests[...], byteCount: bytes)
            let parcel = offered.removeFirst(
                maximumCount: maximumRequests - state.outstanding,
                maximumBytes: maximumBytes - state.outstandingBytes)
            taken = parcel.requests.count
            if taken == 0 { return false }
            state.outstanding += taken
            state.outstandingBytes += parcel.byteCount
            outstanding.store(state.outstanding, ordering: .relaxed)
            state.waiting.append(parcel)
            return true
        }
        return taken
    }

    /// Takes what has come, at most `maximumCount` requests of about `maximumBytes`; waits for the
    /// first.
    ///
    /// - Returns: `nil` when `deadline` came first.
    func take(
        maximumCount: Int, maximumBytes: Int, until deadline: Instant?
    ) -> Delivery? {
        state.wait(until: deadline) { state in
            guard !state.waiting.isEmpty else {
                return state.isClosed ? Delivery(isLast: true) : nil
            }
            var delivery = Delivery()
            var emptied = 0
            while emptied < state.waiting.count {
                let parcel = state.waiting[emptied].removeFirst(
                    maximumCount: maximumCount - delivery.count,
                    maximumBytes: maximumBytes - delivery.byteCount)
                if parcel.requests.isEmpty { break }
                delivery.parcels.append(parcel.requests)
                delivery.count += parcel.requests.count
                delivery.byteCount += parcel.byteCount
                if state.waiting[emptied].requests.isEmpty { emptied += 1 }
            }
            state.waiting.removeFirst(emptied)
            return delivery
        }
    }

    /// Makes room again for the requests of a delivery, which were answered.
    func release(_ delivery: Delivery) {
        state.withLock { state in
            state.outstanding -= delivery.count
            state.outstandingBytes -= delivery.byteCount
            outstanding.store(state.outstanding, ordering: .relaxed)
        }
    }

    /// Takes no more requests; the writer still gets those that were taken.
    func close() {
        state.change { state in
            state.isClosed = true
            closed.store(true, ordering: .relaxed)
            return true
        }
    }

    /// Whether ``close()`` was called.
    var isClosed: Bool { closed.load(ordering: .relaxed) }
}
