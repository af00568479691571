import MarketRPC
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#endif

/// A tiny JSON-RPC server to test clients with: `echo` answers with its parameters, `fail` with an error, `silence` not
/// at all, `close` by closing, `flood` with `count` notifications and then an empty object.
enum EchoServer {
    static func run(_ body: (String) async throws -> Void) async throws {
        let path = "/tmp/echo-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoHandler())
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        do {
            try await body(path)
            try await server.close().get()
            unlink(path)
        } catch {
            try await server.close().get()
            unlink(path)
            throw error
        }
    }
}

private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var framing = LineFraming()
    private let reader = RequestReader()
    private var writer = JSONWriter()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framing.append(unwrapInboundIn(data))
        do throws(FramingError) {
            while let frame = try framing.next() {
                switch reader.read(frame) {
                case .single(let message): answer(message, context: context)
                case .batch(let messages):
                    for message in messages { answer(message, context: context) }
                }
            }
        } catch {
            writer.response(Response(identifier: .null, outcome: .failure(RPCError(error))))
            writer.endLine()
            context.close(promise: nil)
        }
        if !writer.bytes.isEmpty {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: writer.bytes)), promise: nil)
            writer.removeAll()
        }
    }

    private func answer(_ message: IncomingMessage, context: ChannelHandlerContext) {
        guard case .request(let request) = message, let identifier = request.identifier else {
            return
        }
        switch request.method {
        case "echo":
            writer.response(identifier) { $0.value(.object(request.parameters)) }
        case "fail":
            let error = RPCError.invalidParameter(FieldPath("lead"), "is missing; it is required.")
            writer.response(Response(identifier: identifier, outcome: .failure(error)))
        case "flood":
            for position in 0..<(request.parameters["count"]?.integer ?? 0) {
                writer.notification("event") {
                    $0.beginObject()
                    $0.name("position")
                    $0.integer(position)
                    $0.endObject()
                }
                writer.endLine()
            }
            writer.response(identifier) { $0.value([:]) }
        case "close":
            context.close(promise: nil)
            return
        default: return
        }
        writer.endLine()
    }
}
