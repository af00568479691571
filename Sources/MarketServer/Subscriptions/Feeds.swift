internal import EventLog
internal import Logging
internal import MarketCore
internal import NIOCore

/// All subscriptions. Confined to the follower's thread.
struct Feeds {
    private let follower: Follower
    private let redeliverAfter: Timespan
    private let logger: Logger
    /// The oldest first, so that all advance alike.
    private var feeds: [Feed] = []
    /// Whether some feed could go on at once.
    private(set) var isFeeding = false

    init(follower: Follower, redeliverAfter: Timespan, logger: Logger) {
        self.follower = follower
        self.redeliverAfter = redeliverAfter
        self.logger = logger
    }

    /// When the next round of redelivery begins.
    var nextRound: Instant? { feeds.lazy.map(\.nextRound).min() }

    /// Up to where all feeds that keep up have delivered, of a market at `head`.
    func told(through head: LogPosition) -> LogPosition {
        guard !feeds.isEmpty else { return head }
        let now = Instant.now
        return feeds.reduce(head) { told, feed in
            feed.next <= told && feed.pace.isKept(at: now)
                ? LogPosition(feed.next.rawValue - 1) : told
        }
    }

    /// Takes in what sessions say, in order.
    mutating func take(_ messages: [FeedMessage]) {
        for message in messages {
            switch message {
            case .open(let request):
                let nextRound = Instant.now.advanced(
                    byMicroseconds: redeliverAfter.microseconds)
                feeds.insert(Feed(request, nextRound: nextRound), at: place(of: request.number))
            case .credit(let number, let time):
                guard let feed = feed(number) else { continue }
                feed.hasCredit = true
                feed.pace.endWait(time)
            case .slow(let number, let time):
                feed(number)?.pace.beginWait(time)
            case .close(let number):
                if feed(number) != nil { feeds.remove(at: place(of: number)) }
            }
        }
    }

    private func feed(_ number: FeedNumber) -> Feed? {
        let place = place(of: number)
        guard place < feeds.count, feeds[place].request.number == number else { return nil }
        return feeds[place]
    }

    /// How many feeds have lower numbers.
    private func place(of number: FeedNumber) -> Int {
        feeds.firstIndex { $0.request.number >= number } ?? feeds.count
    }

    /// Gives each feed with room a slice; slices for connections of one event loop go together.
    mutating func feed(from state: FollowerState) {
        isFeeding = false
        guard !feeds.isEmpty else { return }
        let now = Instant.now
        let near = follower.pace.maximumLead
        var slices: [FeedSlice] = []
        feeds.removeAll { feed in
            guard feed.request.connection.isOpen else { return true }
            feed.tick(now, interval: redeliverAfter)
            let (head, watched) = (state.market.head, state.pushed.watched)
            feed.notePace(head, near: near, now)
            guard feed.hasCredit, feed.hasWork(head, watched: watched) else { return false }
            do throws(EventLogError) {
                let bytes = try state.slice(for: feed)
                feed.notePace(head, near: near, now)
                if bytes.isEmpty {
                    isFeeding = isFeeding || feed.hasWork(head, watched: watched)
                } else {
                    feed.hasCredit = false
                    slices.append(FeedSlice(request: feed.request, bytes: bytes))
                }
                return false
            } catch {
                logger.error("a subscription ends", metadata: ["problem": "\(error)"])
                feed.request.connection.endFeed(feed.request.number)
                return true
            }
        }
        send(slices)
    }

    private func send(_ slices: [FeedSlice]) {
        let loops = Dictionary(grouping: slices) { $0.request.connection.loopNumber }
        for slices in loops.values {
            guard let loop = slices.first?.request.connection.eventLoop else { continue }
            loop.execute { [follower] in
                for slice in slices {
                    if let session = slice.request.connection.current {
                        session.receive(slice.bytes, of: slice.request.number)
                    } else {
                        follower.post(.close(slice.request.number))
                    }
                }
            }
        }
    }
}

/// A part of a subscription on its way to the connection.
struct FeedSlice: Sendable {
    let request: FeedRequest
    /// Whole lines.
    let bytes: [UInt8]
}
