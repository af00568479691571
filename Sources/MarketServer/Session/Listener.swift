internal import CPeerCredentials
internal import Glibc
internal import Logging
internal import MarketCore
internal import MarketRPC
internal import NIOCore
internal import NIOPosix

/// The socket: lets callers in whom the configuration gives a role.
struct Listener: Sendable {
    /// Bytes of answers that may wait in a connection before nothing more is read from it.
    static let highWaterBytes = 512 << 10

    let configuration: ServerConfiguration
    let service: SessionService
    let seams: Server.Seams
    let router: ReplyRouter

    /// Opens the socket; from now on callers are served.
    func open(on group: MultiThreadedEventLoopGroup) throws(StartError) -> any NIOCore.Channel {
        let path = configuration.socketPath
        guard !isServed(path) else {
            throw .socket(path: path, problem: "another program listens there")
        }
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: Self.highWaterBytes / 2, high: Self.highWaterBytes)
            )
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 4_096, initial: 16_384, maximum: 262_144)
            )
            .childChannelInitializer { channel in admit(channel) }
        // Nobody may connect before the permissions are what they should be.
        let mask = umask(mode_t(0o777 & ~configuration.socketMode))
        defer { umask(mask) }
        do {
            let channel = try bootstrap.bind(
                unixDomainSocketPath: path, cleanupExistingSocketFile: true
            ).wait()
            guard unsafe chmod(path, mode_t(configuration.socketMode)) == 0 else {
                throw StartError.system("chmod", path)
            }
            return channel
        } catch let error as StartError {
            throw error
        } catch {
            throw .socket(path: path, problem: "\(error)")
        }
    }

    /// Whether somebody answers at `path`; a socket left over by a dead daemon does not.
    private func isServed(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return UnixAddress(path)?.connect(descriptor) ?? false
    }

    // MARK: - Admission

    private func admit(_ channel: any NIOCore.Channel) -> EventLoopFuture<Void> {
        credentials(of: channel).flatMapThrowing { peer in
            try channel.pipeline.syncOperations.addHandler(handler(for: channel, peer))
        }
    }

    private func credentials(of channel: any NIOCore.Channel) -> EventLoopFuture<PeerCredentials> {
        if let peer = seams.credentials?() {
            return channel.eventLoop.makeSucceededFuture(peer)
        }
        guard let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let answer: EventLoopFuture<leadmarket_peer_credentials> =
            options.unsafeGetSocketOption(
                level: SocketOptionLevel(SOL_SOCKET),
                name: SocketOptionName(leadmarket_so_peercred))
        return answer.map { PeerCredentials(pid: $0.pid, uid: $0.uid, gid: $0.gid) }
    }

    private func handler(
        for channel: any NIOCore.Channel, _ peer: PeerCredentials
    ) -> any ChannelHandler {
        guard let grant = configuration.roles.grant(to: peer) else {
            service.logger.warning(
                "caller without a role refused",
                metadata: ["uid": "\(peer.uid)", "gid": "\(peer.gid)", "pid": "\(peer.pid)"])
            let message =
                "User \(peer.uid) with primary group \(peer.gid) has no role here; ask the operator to name one of them under roles in the daemon's configuration."
            return RefusalHandler(RPCError(.forbidden, message))
        }
        guard service.sessions.reserve(limit: configuration.limits.connections) else {
            return RefusalHandler(RPCError(.tooManyConnections))
        }
        channel.closeFuture.whenComplete { _ in service.sessions.giveBack() }
        let loopNumber = router.eventLoops.firstIndex { $0 === channel.eventLoop } ?? 0
        return Session(
            service: service,
            connection: Connection(eventLoop: channel.eventLoop, loopNumber: loopNumber),
            grant: grant, peer: peer)
    }
}

/// Says why a connection is not served, and closes it.
private final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let error: RPCError

    init(_ error: RPCError) {
        self.error = error
    }

    func channelActive(context: ChannelHandlerContext) {
        var writer = JSONWriter()
        writer.response(Response(identifier: .null, outcome: .failure(error)))
        writer.endLine()
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: writer.bytes)))
            .whenComplete { _ in channel.close(promise: nil) }
    }
}
