import NIOCore
import NIOPosix

/// Opens the socket at `path` with the handler that `makeHandler` makes on the event loop.
func openChannel(
    path: String, group: any EventLoopGroup,
    makeHandler: @escaping @Sendable (any Channel) -> LineHandler
) async throws(ClientError) -> any Channel {
    let bootstrap = ClientBootstrap(group: group)
        .channelOption(.maxMessagesPerRead, value: 4)
        .channelOption(
            .recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(
                minimum: 4_096, initial: 16_384, maximum: 262_144)
        )
        .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(makeHandler(channel))
            }
        }
    do {
        return try await bootstrap.connect(unixDomainSocketPath: path).get()
    } catch {
        throw .cannotConnect(path: path, problem: "\(error)")
    }
}
