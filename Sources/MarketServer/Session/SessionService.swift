internal import EventLog
internal import Logging
internal import MarketCore
internal import Synchronization

/// What all sessions share.
final class SessionService: Sendable {
    let limits: ServerConfiguration.Limits
    let clock: ClockKind
    let mailbox: Mailbox
    let follower: Follower
    let explainer: Explainer
    let schema: SchemaBoard
    let hasher: IdentityHasher
    let health: Health
    let reserve: StorageReserve
    let backups: Backups
    let deliver: @Sendable (ReplyBatch) -> Void
    let sessions: SessionRegistry
    let logger: Logger
    private let lastFeed = Atomic<Int64>(0)

    init(
        configuration: ServerConfiguration, opened: OpenedMarket, mailbox: Mailbox,
        follower: Follower, explainer: Explainer, health: Health, reserve: StorageReserve,
        backups: Backups, deliver: @escaping @Sendable (ReplyBatch) -> Void, logger: Logger
    ) {
        limits = configuration.limits
        clock = opened.clock
        self.mailbox = mailbox
        self.follower = follower
        self.explainer = explainer
        schema = opened.schema
        hasher = IdentityHasher(opened.secret)
        self.health = health
        self.reserve = reserve
        self.backups = backups
        self.deliver = deliver
        sessions = SessionRegistry()
        self.logger = logger
    }

    /// A number for a new subscription.
    func nextFeed() -> FeedNumber {
        FeedNumber(rawValue: lastFeed.add(1, ordering: .relaxed).newValue)
    }
}

/// The connections that are open.
final class SessionRegistry: Sendable {
    private let connections = Mutex<[ObjectIdentifier: Connection]>([:])
    private let reserved = Atomic<Int>(0)

    /// Takes one of `limit` places for a connection that is being set up.
    func reserve(limit: Int) -> Bool {
        let count = reserved.add(1, ordering: .relaxed).newValue
        if count <= limit { return true }
        reserved.subtract(1, ordering: .relaxed)
        return false
    }

    /// Gives a place back.
    func giveBack() { reserved.subtract(1, ordering: .relaxed) }

    func enter(_ connection: Connection) {
        connections.withLock { $0[ObjectIdentifier(connection)] = connection }
    }

    func leave(_ connection: Connection) {
        connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    /// How many connections are open.
    var count: Int { connections.withLock { $0.count } }

    /// The open connections.
    var all: [Connection] { connections.withLock { Array($0.values) } }
}
