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

    /// Tells the session that a subscription could not go on; from any thread.
    func endFeed(_ feed: FeedNumber) {
        eventLoop.execute { self.current?.endFeed(feed) }
    }
}

/// Brings answers from other threads to their connections: one task for each event loop.
struct ReplyRouter: Sendable {
    let eventLoops: [any EventLoop]

    func deliver(_ batch: ReplyBatch) {
        for (loop, completions) in zip(eventLoops, batch.byLoop) where !completions.isEmpty {
            loop.execute { Self.complete(completions) }
        }
    }

    /// Takes the answers to their sessions, which then each go on once; on their loop.
    private static func complete(_ completions: [Completion]) {
        var answered: [Session] = []
        // An element that is not bound to a name is not copied.
        for index in completions.indices {
            guard let session = completions[index].address.connection.current else { continue }
            session.complete(completions[index])
            if session.isToSettle { continue }
            session.isToSettle = true
            answered.append(session)
        }
        for session in answered { session.settle() }
    }
}
