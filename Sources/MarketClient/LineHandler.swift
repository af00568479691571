import MarketRPC
import NIOCore

/// The channel handler of every client connection: cuts lines, collects writes of one loop turn into one flush, and
/// stops reading while it is paused. Confined to its event loop.
final class LineHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var framing: LineFraming
    private var context: ChannelHandlerContext?
    private var flushIsScheduled = false
    private var isPaused = false
    private var readIsPending = false
    private var hasEnded = false
    private let onLine: (ByteBuffer) -> Void
    private let onEnd: (ClientError) -> Void

    /// - Parameters:
    ///   - onLine: called with each line, on the event loop.
    ///   - onEnd: called once, when no more lines will come.
    init(
        maximumFrameBytes: Int, onLine: @escaping (ByteBuffer) -> Void,
        onEnd: @escaping (ClientError) -> Void
    ) {
        framing = LineFraming(maximumFrameBytes: maximumFrameBytes)
        self.onLine = onLine
        self.onEnd = onEnd
    }

    /// Writes whole lines. They are flushed with everything else written in this turn of the event loop.
    func send(_ lines: ByteBuffer, promise: EventLoopPromise<Void>? = nil) {
        guard let context, !hasEnded else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(wrapOutboundOut(lines), promise: promise)
        guard !flushIsScheduled else { return }
        flushIsScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.flushIsScheduled = false
            self.context?.flush()
        }
    }

    /// Stops reading from the socket; lines that were read already still come.
    func pause() {
        isPaused = true
    }

    /// Reads on.
    func resume() {
        isPaused = false
        guard readIsPending else { return }
        readIsPending = false
        context?.read()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end(.connectionClosed)
        self.context = nil
    }

    func read(context: ChannelHandlerContext) {
        if isPaused {
            readIsPending = true
        } else {
            context.read()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framing.append(unwrapInboundIn(data))
        do throws(FramingError) {
            while !hasEnded, let line = try framing.next() { onLine(line) }
        } catch {
            end(.protocolViolation("a line is longer than \(framing.maximumFrameBytes) bytes"))
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.connectionClosed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.connectionClosed)
        context.close(promise: nil)
    }

    /// Ends the connection because of what a line held.
    func fail(_ error: ClientError) {
        end(error)
        context?.close(promise: nil)
    }

    private func end(_ error: ClientError) {
        guard !hasEnded else { return }
        hasEnded = true
        onEnd(error)
    }
}
