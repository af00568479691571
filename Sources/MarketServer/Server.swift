internal import EventLog
internal import Glibc
public import Logging
internal import MarketCore
internal import NIOCore
internal import NIOPosix

/// A running market: its files, its threads and its socket.
///
/// ```swift
/// let server = try Server.start(configuration, logger: logger)
/// server.stop()   // drains, replies, commits, compares digests, closes
/// ```
public final class Server: Sendable {
    /// What a test may put in the place of the kernel or the disk.
    public struct Seams: Sendable {
        /// Who is at the other end; the kernel's word when `nil`.
        public var credentials: (@Sendable () -> PeerCredentials?)?
        /// What happens after a failed write, in place of the end of the process.
        public var onFailure: (@Sendable (String) -> Void)?
        var storage: (@Sendable (any DurableStorage) -> any DurableStorage)?
        /// Called before each step of rebuilding a past state, with how far it is.
        var beforeRebuildStep: (@Sendable (LogPosition) -> Void)?
        /// How far the writer may get ahead of the follower.
        var pace = Follower.Pace()
        /// Called before each turn of the follower.
        var beforeFollowerTurn: (@Sendable () -> Void)?
        /// Called before each block of a backup.
        var beforeBackupBlock: (@Sendable () -> Void)?

        /// Kernel and disk as they are.
        public init() {}
    }

    /// How a server ended.
    public enum End: Hashable, Sendable {
        /// All that was asked for is answered and durable, and both copies of the market agree.
        case clean
        /// Writer and follower differ: a fault; the log decides.
        case digestsDiffer
        /// It could not finish in time.
        case timedOut
    }

    private let service: SessionService
    private let opened: OpenedMarket
    private let group: MultiThreadedEventLoopGroup
    private let listener: any NIOCore.Channel
    private let scrubber: Scrubber
    private let files: MarketFiles
    private let threads: [WorkThread]
    private let digests: Monitor<(writer: MarketDigest?, follower: MarketDigest?)>
    private let logger: Logger
    private let socketPath: String

    private init(
        service: SessionService, opened: OpenedMarket, group: MultiThreadedEventLoopGroup,
        listener: any NIOCore.Channel, scrubber: Scrubber, files: MarketFiles,
        threads: [WorkThread],
        digests: Monitor<(writer: MarketDigest?, follower: MarketDigest?)>, logger: Logger,
        socketPath: String
    ) {
        self.service = service
        self.opened = opened
        self.group = group
        self.listener = listener
        self.scrubber = scrubber
        self.files = files
        self.threads = threads
        self.digests = digests
        self.logger = logger
        self.socketPath = socketPath
    }

    /// How many connections are open.
    var connectionCount: Int { service.sessions.count }

    /// What makes backups.
    var backups: Backups { service.backups }

    /// What explains past decisions.
    var explainer: Explainer { service.explainer }

    // MARK: - Starting

    /// Opens or creates the market, starts its threads and its socket; when it returns, callers
    /// are served.
    ///
    /// - Parameter beforeServing: called before the socket opens: from then on somebody may be served, who is
    ///   to be answered before a stop.
    public static func start(
        _ configuration: ServerConfiguration, creation: Creation = .ifMissing, logger: Logger,
        seams: Seams = Seams(), beforeServing: () -> Void = {}
    ) throws(StartError) -> Server {
        let opening = MarketOpening(
            configuration: configuration, creation: creation, logger: logger)
        let opened = try opening.open()
        let group = MultiThreadedEventLoopGroup(
            numberOfThreads: max(1, min(4, System.coreCount)))
        let router = ReplyRouter(eventLoops: Array(group.makeIterator()))
        let follower = Follower(head: opened.head, pace: seams.pace)
        let health = Health()
        health.noteTold(opened.head)
        let files = MarketFiles(log: opened.log, vault: opened.vault, logger: logger)
        let storage: any DurableStorage = seams.storage?(files) ?? files
        let service = SessionService(
            configuration: configuration, opened: opened,
            mailbox: Mailbox(maximumRequests: configuration.limits.mailboxCommands),
            follower: follower,
            explainer: Explainer(
                log: opened.log, snapshots: opened.snapshots, logger: logger,
                deliver: router.deliver, beforeStep: seams.beforeRebuildStep ?? { _ in }),
            health: health,
            reserve: StorageReserve(
                reserveBytes: configuration.storage.reserveMiB << 20, of: storage),
            backups: Backups(
                Backup(log: opened.log, vault: opened.vault, secret: opened.secret),
                logger: logger, deliver: router.deliver,
                beforeBlock: seams.beforeBackupBlock ?? {}),
            deliver: router.deliver, logger: logger)
        let digests = Monitor<(writer: MarketDigest?, follower: MarketDigest?)>((nil, nil))
        let onFailure = seams.onFailure ?? Self.crash(logger)
        let listener: any NIOCore.Channel
        beforeServing()
        do throws(StartError) {
            listener = try Listener(
                configuration: configuration, service: service, seams: seams, router: router
            ).open(on: group)
        } catch {
            try? group.syncShutdownGracefully()
            throw error
        }
        let scrubber = Scrubber(log: opened.log, health: health, logger: logger)
        let threads = [
            writerThread(opened, service, storage, digests, onFailure),
            followerThread(
                opened, service, configuration, digests, onFailure,
                seams.beforeFollowerTurn ?? {}),
            WorkThread("scrubber") { scrubber.run() },
            WorkThread("explainer", isLowPriority: true) { service.explainer.run() },
            WorkThread("backup") { service.backups.run() },
        ]
        logger.notice(
            "serving",
            metadata: [
                "socket": "\(configuration.socketPath)", "position": "\(opened.head.rawValue)",
            ])
        return Server(
            service: service, opened: opened, group: group, listener: listener,
            scrubber: scrubber, files: files, threads: threads, digests: digests, logger: logger,
            socketPath: configuration.socketPath)
    }

    /// Memory is ahead of the disk, or cannot follow it: only a new start from the log is sound.
    private static func crash(_ logger: Logger) -> @Sendable (String) -> Void {
        { problem in
            logger.critical("the daemon ends", metadata: ["problem": "\(problem)"])
            _exit(Daemon.Exit.writeFailed)
        }
    }

    private static func writerThread(
        _ opened: OpenedMarket, _ service: SessionService, _ storage: any DurableStorage,
        _ digests: Monitor<(writer: MarketDigest?, follower: MarketDigest?)>,
        _ onFailure: @escaping @Sendable (String) -> Void
    ) -> WorkThread {
        let follower = service.follower
        let parts = WriterParts(
            mailbox: service.mailbox, storage: storage, reserve: service.reserve,
            schema: service.schema, deliver: service.deliver,
            committed: { follower.post($0, head: $1) },
            follow: { follower.wake() },
            keepPace: { follower.letCatchUp(to: $0) },
            compare: { position, body in
                follower.mark(position) { body(MarketDigest(of: $0)) }
            })
        let market = opened.market
        return WorkThread("writer") {
            let loop = WriterLoop(market: market.take(), parts: parts)
            do throws(EventLogError) {
                try loop.run()
                let digest = MarketDigest(of: loop.market)
                digests.change { digests in
                    digests.writer = digest
                    return true
                }
            } catch {
                onFailure("A write failed: \(error)")
            }
        }
    }

    private static func followerThread(
        _ opened: OpenedMarket, _ service: SessionService, _ configuration: ServerConfiguration,
        _ digests: Monitor<(writer: MarketDigest?, follower: MarketDigest?)>,
        _ onFailure: @escaping @Sendable (String) -> Void,
        _ beforeTurn: @escaping @Sendable () -> Void
    ) -> WorkThread {
        let parts = FollowerParts(
            follower: service.follower, log: opened.log, logger: service.logger,
            delivery: configuration.delivery,
            snapshotIntervalEvents: configuration.storage.snapshotIntervalEvents,
            snapshots: opened.snapshots, deliver: service.deliver, health: service.health,
            beforeTurn: beforeTurn)
        let (state, lastSnapshot) = (opened.follower, opened.lastSnapshot)
        return WorkThread("follower") {
            let loop = FollowerLoop(state: state.take(), lastSnapshot: lastSnapshot, parts: parts)
            defer { loop.stopKeeping() }
            do {
                let digest = try loop.run()
                digests.change { digests in
                    digests.follower = digest
                    return true
                }
            } catch {
                onFailure("The follower cannot go on: \(error)")
            }
        }
    }

    // MARK: - Stopping

    /// Takes no more connections and requests, answers those at hand, writes a last snapshot and
    /// compares the digests of writer and follower. Blocks; not for event loops.
    ///
    /// - Parameter seconds: how long the whole may take.
    @discardableResult
    public func stop(withinSeconds seconds: Int = 60) -> End {
        let deadline = Instant.now.advanced(bySeconds: seconds)
        try? listener.close().wait()
        _ = unsafe unlink(socketPath)
        for connection in service.sessions.all {
            connection.eventLoop.execute { connection.current?.stop() }
        }
        service.mailbox.close()
        scrubber.stop()
        service.explainer.stop()
        service.backups.stop()
        var isInTime = threads[0].waitForEnd(until: deadline)
        if isInTime { files.stop(until: deadline) }
        service.follower.stop()
        isInTime = threads[1].waitForEnd(until: deadline) && isInTime
        threads[2].waitForEnd(until: deadline)
        threads[3].waitForEnd(until: deadline)
        // What one that is given up has made is removed before the process ends.
        isInTime = threads[4].waitForEnd(until: deadline) && isInTime
        closeConnections(deadline)
        try? group.syncShutdownGracefully()
        let digests = digests.withLock { $0 }
        guard isInTime, let writer = digests.writer, let follower = digests.follower else {
            logger.error("stopped before all was done; the log has everything acknowledged")
            return .timedOut
        }
        guard writer == follower else {
            logger.critical(
                "writer and follower differ",
                metadata: ["writer": "\(writer)", "follower": "\(follower)"])
            return .digestsDiffer
        }
        logger.notice("stopped", metadata: ["digest": "\(writer)"])
        return .clean
    }

    /// Gives peers a moment to read their last answers.
    private func closeConnections(_ deadline: Instant) {
        let patience = min(deadline, Instant.now.advanced(bySeconds: 2))
        while service.sessions.count > 0, Instant.now < patience { usleep(2_000) }
        for connection in service.sessions.all {
            connection.eventLoop.execute { connection.current?.context?.close(promise: nil) }
        }
    }
}
