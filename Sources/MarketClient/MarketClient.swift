public import MarketRPC
public import NIOCore
public import NIOPosix
import Synchronization

/// A connection to the daemon's socket with any number of calls under way at once.
///
/// ```swift
/// let client = try await MarketClient.connect(path: "/run/leadmarket/market.sock")
/// let advisor = try await client.call("advisor.get", ["advisor": "adv-17"])
/// ```
public final class MarketClient: Sendable {
    /// The limits of a connection.
    public struct Configuration: Sendable {
        /// The longest line accepted from the daemon, in bytes.
        public var maximumFrameBytes = LineFraming.defaultMaximumFrameBytes
        /// How long a call waits for its answer when it names no time itself; `nil` waits for ever.
        public var timeout: Duration? = .seconds(30)
        /// How many notifications may wait for their reader before the connection is no longer read.
        public var maximumBufferedNotifications = 1_024

        /// Makes the default configuration.
        public init() {}
    }

    /// What the daemon sends by itself on this connection.
    public let notifications: Notifications

    private let configuration: Configuration
    private let channel: any Channel
    private let connection: NIOLoopBound<Connection>
    private let lastIdentifier = Atomic<Int64>(0)

    /// What lives on the event loop.
    fileprivate struct Connection {
        let handler: LineHandler
        let table: CallTable
    }

    private init(
        configuration: Configuration, channel: any Channel, connection: NIOLoopBound<Connection>,
        notifications: Notifications
    ) {
        self.configuration = configuration
        self.channel = channel
        self.connection = connection
        self.notifications = notifications
    }

    deinit {
        channel.close(promise: nil)
    }

    /// Connects to the daemon's socket.
    ///
    /// - Throws: ``ClientError/cannotConnect(path:problem:)``.
    public static func connect(
        path: String, configuration: Configuration = Configuration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws(ClientError) -> MarketClient {
        let parts = Mutex<(connection: NIOLoopBound<Connection>, notifications: Notifications)?>(
            nil)
        let channel = try await openChannel(path: path, group: group) { channel in
            let delegate = NotificationDelegate(eventLoop: channel.eventLoop)
            let highWatermark = configuration.maximumBufferedNotifications
            let producer = Notifications.Producer.makeSequence(
                elementType: ServerNotification.self,
                backPressureStrategy: .init(
                    lowWatermark: highWatermark / 2, highWatermark: highWatermark),
                finishOnDeinit: true, delegate: delegate)
            let table = CallTable(notifications: NotificationSource(source: producer.source))
            let handler = makeHandler(
                table: table, configuration: configuration, delegate: delegate)
            let connection = NIOLoopBound(
                Connection(handler: handler, table: table), eventLoop: channel.eventLoop)
            parts.withLock { $0 = (connection, Notifications(sequence: producer.sequence)) }
            return handler
        }
        guard let parts = parts.withLock({ $0 }) else { throw .connectionClosed }
        return MarketClient(
            configuration: configuration, channel: channel, connection: parts.connection,
            notifications: parts.notifications)
    }

    private static func makeHandler(
        table: CallTable, configuration: Configuration, delegate: NotificationDelegate
    ) -> LineHandler {
        weak var this: LineHandler?
        let handler = LineHandler(maximumFrameBytes: configuration.maximumFrameBytes) { line in
            do throws(ClientError) {
                if !(try table.receive(line)) { this?.pause() }
            } catch {
                this?.fail(error)
            }
        } onEnd: { error in
            table.end(error)
        }
        this = handler
        delegate.attach(handler)
        return handler
    }

    /// Calls a method and waits for its answer.
    ///
    /// - Parameter timeout: how long to wait; without one, the configuration's.
    /// - Throws: ``ClientError``.
    public func call(
        _ method: String, _ parameters: JSONObject = JSONObject(), timeout: Duration? = nil
    ) async throws(ClientError) -> JSONValue {
        let identifier = lastIdentifier.add(1, ordering: .relaxed).newValue
        let line = Self.line(
            Request(identifier: .integer(identifier), method: method, parameters: parameters))
        let call = PendingCall(identifier: identifier, method: method)
        let timeout = timeout ?? configuration.timeout
        let eventLoop = channel.eventLoop
        let connection = connection
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                eventLoop.execute {
                    call.wait(continuation)
                    guard connection.value.table.begin(call) else { return }
                    connection.value.handler.send(line)
                    guard let timeout else { return }
                    call.timeout = eventLoop.scheduleTask(in: TimeAmount(timeout)) {
                        connection.value.table.abandon(call, .timedOut(method: method))
                    }
                }
            }
        } onCancel: {
            eventLoop.execute { connection.value.table.abandon(call, .cancelled) }
        }
        return try outcome.get()
    }

    /// Sends a notification, which is not answered.
    public func notify(_ method: String, _ parameters: JSONObject = JSONObject()) {
        let line = Self.line(Request(identifier: nil, method: method, parameters: parameters))
        channel.eventLoop.execute { [connection] in connection.value.handler.send(line) }
    }

    /// Closes the connection; calls under way end with ``ClientError/connectionClosed``. Returns when it is closed.
    public func close() async {
        try? await channel.close().get()
    }

    private static func line(_ request: Request) -> ByteBuffer {
        var writer = JSONWriter()
        writer.request(request)
        writer.endLine()
        return ByteBuffer(bytes: writer.bytes)
    }
}
