/// The subscriptions of one connection.
struct SessionFeeds {
    /// The most subscriptions of one connection.
    static let maximumCount = 16

    private var open: Set<FeedNumber> = []
    private var waiting: Set<FeedNumber> = []

    var isEmpty: Bool { open.isEmpty }

    var isFull: Bool { open.count >= Self.maximumCount }

    func contains(_ feed: FeedNumber) -> Bool { open.contains(feed) }

    mutating func insert(_ feed: FeedNumber) { open.insert(feed) }

    /// Forgets a subscription; returns whether there was one.
    @discardableResult
    mutating func remove(_ feed: FeedNumber) -> Bool {
        waiting.remove(feed)
        return open.remove(feed) != nil
    }

    /// Forgets all subscriptions and returns them.
    mutating func removeAll() -> [FeedNumber] {
        defer {
            open = []
            waiting = []
        }
        return open.sorted()
    }

    /// Notes that the next slice must wait until the peer has read.
    mutating func waitForRoom(_ feed: FeedNumber) { waiting.insert(feed) }

    /// The subscriptions that waited for room.
    mutating func takeWaitingForRoom() -> [FeedNumber] {
        defer { waiting = [] }
        return waiting.sorted()
    }
}
