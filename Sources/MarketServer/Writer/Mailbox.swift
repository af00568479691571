internal import MarketRPC

/// Requests on their way from the event loops to the writer: bounded, and full means refused at
/// once.
///
/// One client with one request in flight wakes the writer at once; under load the writer takes
/// whatever has come meanwhile, so the batch grows with the load and nothing ever waits for one.
final class Mailbox: Sendable {
    /// What waits, and what the writer has taken and not finished.
    private struct State {
        var waiting: [WriterRequest] = []
        var next = 0
        var outstanding = 0
        var outstandingBytes = 0
        var isClosed = false
    }

    /// What the writer takes at once.
    struct Delivery {
        var requests: ArraySlice<WriterRequest>
        /// Whether nothing more will ever come.
        var isLast: Bool
    }

    /// The most requests outstanding.
    let maximumRequests: Int
    /// The most bytes of frames outstanding.
    let maximumBytes: Int
    private let state = Monitor(State())

    init(maximumRequests: Int, maximumBytes: Int = 256 << 20) {
        self.maximumRequests = maximumRequests
        self.maximumBytes = maximumBytes
    }

    /// Hands requests over in order, as many as there is room for.
    ///
    /// - Returns: how many were taken; the rest is refused.
    func post(_ requests: [WriterRequest]) -> Int {
        var taken = 0
        state.change { state in
            if state.isClosed { return false }
            for request in requests {
                guard state.outstanding < maximumRequests,
                    state.outstandingBytes + request.byteCount <= maximumBytes
                else { break }
                state.waiting.append(request)
                state.outstanding += 1
                state.outstandingBytes += request.byteCount
                taken += 1
            }
            return taken > 0
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
            guard state.next < state.waiting.count else {
                return state.isClosed ? Delivery(requests: [], isLast: true) : nil
            }
            var end = state.next
            var bytes = 0
            while end < state.waiting.count, end - state.next < maximumCount, bytes < maximumBytes {
                bytes += state.waiting[end].byteCount
                end += 1
            }
            let requests = state.waiting[state.next..<end]
            state.next = end
            if end == state.waiting.count {
                // The slice keeps the taken requests; the next ones get a new array.
                state.waiting = []
                state.next = 0
            }
            return Delivery(requests: requests, isLast: false)
        }
    }

    /// Makes room again for requests that were answered.
    func release(_ requests: ArraySlice<WriterRequest>) {
        let bytes = requests.reduce(0) { $0 + $1.byteCount }
        state.withLock { state in
            state.outstanding -= requests.count
            state.outstandingBytes -= bytes
        }
    }

    /// Takes no more requests; the writer still gets those that were taken.
    func close() {
        state.change { state in
            state.isClosed = true
            return true
        }
    }

    /// Whether ``close()`` was called.
    var isClosed: Bool { state.withLock { $0.isClosed } }
}
