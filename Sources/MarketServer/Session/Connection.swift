internal import NIOCore
internal import Synchronization

/// A connection as other threads see it: a place to send answers to.
final class Connection: Sendable {
    /// The loop that everything about the connection happens on.
    let eventLoop: any EventLoop
    /// The number of that loop, so that answers can be sorted by it.
    let loopNumber: Int
    /// The session, while the connection lasts; only touched on the loop.
    private let session: NIOLoopBoundBox<Session?>
    private let hasEnded = Atomic(false)

    init(eventLoop: any EventLoop, loopNumber: Int) {
        self.eventLoop = eventLoop
        self.loopNumber = loopNumber
        session = .makeEmptyBox(valueType: Session.self, eventLoop: eventLoop)
    }

    /// Names the session, or `nil` when it has ended; on the loop.
    func attach(_ session: Session?) {
        self.session.value = session
        hasEnded.store(session == nil, ordering: .relaxed)
    }

    /// Whether somebody still waits for answers; from any thread.
    var isOpen: Bool { !hasEnded.load(ordering: .relaxed) }

    /// The session; on the loop.
    var current: Session? { session.value }

    /// Sends a slice of a subscription; from any thread.
    ///
    /// - Parameter onEnd: called when the connection has ended.
    func send(_ slice: [UInt8], of feed: FeedNumber, onEnd: @escaping @Sendable () -> Void) {
        eventLoop.execute {
            if let session = self.current { session.receive(slice, of: feed) } else { onEnd() }
        }
    }

    /// Tells the session that a subscription could not go on; from any thread.
    func endFeed(_ feed: FeedNumber) {
        eventLoop.execute { self.current?.endFeed(feed) }
    }
}

/// Brings answers from other threads to their connections: one task for each event loop.
struct ReplyRouter: Sendable {
    let eventLoops: [any EventLoop]

    func deliver(_ completions: [Completion]) {
        guard let first = completions.first?.address.connection else { return }
        if eventLoops.count == 1
            || completions.allSatisfy({ $0.address.connection.loopNumber == first.loopNumber })
        {
            return deliver(completions, on: first.eventLoop)
        }
        var sorted = Array(repeating: [Completion](), count: eventLoops.count)
        for completion in completions {
            sorted[completion.address.connection.loopNumber].append(completion)
        }
        for (loop, completions) in zip(eventLoops, sorted) where !completions.isEmpty {
            deliver(completions, on: loop)
        }
    }

    private func deliver(_ completions: [Completion], on eventLoop: any EventLoop) {
        eventLoop.execute {
            for completion in completions {
                completion.address.connection.current?.complete(completion)
            }
            for completion in completions { completion.address.connection.current?.settle() }
        }
    }
}
