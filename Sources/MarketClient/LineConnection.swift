public import MarketRPC
public import NIOCore
public import NIOPosix

/// A connection that sends lines encoded before and hands over the lines that come back, for load drivers and players.
///
/// Nothing is parsed; ``MarketRPC/ResponseLine`` finds the identifier of most answers without parsing.
public final class LineConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<LineHandler>

    private init(channel: any Channel, handler: NIOLoopBound<LineHandler>) {
        self.channel = channel
        self.handler = handler
    }

    deinit {
        channel.close(promise: nil)
    }

    /// The event loop on which lines arrive.
    public var eventLoop: any EventLoop { channel.eventLoop }

    /// Connects to the daemon's socket.
    ///
    /// - Parameters:
    ///   - onLine: called on the event loop with each line, without its line end; must not block.
    ///   - onEnd: called on the event loop once no more lines will come, with why.
    /// - Throws: ``ClientError/cannotConnect(path:problem:)``.
    public static func connect(
        path: String, maximumFrameBytes: Int = LineFraming.defaultMaximumFrameBytes,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        onLine: @escaping @Sendable (ByteBuffer) -> Void,
        onEnd: @escaping @Sendable (ClientError) -> Void = { _ in }
    ) async throws(ClientError) -> LineConnection {
        let channel = try await openChannel(path: path, group: group) { _ in
            LineHandler(maximumFrameBytes: maximumFrameBytes, onLine: onLine, onEnd: onEnd)
        }
        do {
            let handler = try await channel.pipeline.handler(type: LineHandler.self)
                .map { NIOLoopBound($0, eventLoop: channel.eventLoop) }.get()
            return LineConnection(channel: channel, handler: handler)
        } catch {
            throw .connectionClosed
        }
    }

    /// Sends one or more whole lines without waiting.
    ///
    /// From the event loop this costs no hop, and the lines of one turn leave together. The caller bounds what is
    /// outstanding.
    public func enqueue(_ lines: ByteBuffer) {
        if channel.eventLoop.inEventLoop {
            handler.value.send(lines)
        } else {
            channel.eventLoop.execute { self.handler.value.send(lines) }
        }
    }

    /// Sends one or more whole lines and waits until the socket has taken them.
    ///
    /// - Throws: ``ClientError/connectionClosed``.
    public func send(_ lines: ByteBuffer) async throws(ClientError) {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.eventLoop.execute { self.handler.value.send(lines, promise: promise) }
        do {
            try await promise.futureResult.get()
        } catch {
            throw .connectionClosed
        }
    }

    /// Closes the connection; returns when it is closed.
    public func close() async {
        try? await channel.close().get()
    }
}
