internal import EventLog
internal import Logging
internal import MarketCore
internal import MarketRPC
internal import NIOCore

/// One connection: cuts frames, has requests carried out, writes answers.
///
/// 1. Commands are handed to the writer in the order they were sent; reads may overtake them.
/// 2. `market.apply` is a barrier: what follows it on the connection waits for its answer, because
///    it may change what parameters mean.
/// 3. While the peer does not read its answers, nothing more is read from it or carried out.
/// 4. At most ``maximumLooks`` reads are under way at once, because their answers may be large; what
///    follows them waits.
/// 5. A command handed over is decided, whatever becomes of the connection.
///
/// Confined to the connection's event loop.
final class Session: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Reads under way at once.
    static let maximumLooks = 128
    /// Bytes of answers written before they are sent on without waiting for more.
    static let maximumUnsentBytes = 256 << 10
    /// What a change is answered that the market has no room for.
    private static let overloaded = RPCError(.overloaded).encoded

    let service: SessionService
    let connection: Connection
    let grant: Grant
    let peer: PeerCredentials
    private let reader: RequestReader
    private let frequentReader: FrequentRequestReader
    private var schema: SchemaBoard.Copy
    private var framing: LineFraming
    private var batch: (messages: ArraySlice<IncomingMessage>, reply: BatchReply, bytes: Int)?
    private(set) var context: ChannelHandlerContext?
    private var output: JSONWriter
    private var inFlight = 0
    private var looks = 0
    /// Whether messages that came were put off.
    private var hasWork = false
    private var isBarred = false
    private var isReading = false
    private var inputHasEnded = false
    private var isClosing = false
    private var isLeaving = false
    /// Whether answers came and ``settle()`` is still to be called.
    var isToSettle = false
    var commands: [WriterRequest] = []
    var queries: [FollowerQuery] = []
    var feeds = SessionFeeds()
    var sealer = ContactSealer()

    init(service: SessionService, connection: Connection, grant: Grant, peer: PeerCredentials) {
        self.service = service
        self.connection = connection
        self.grant = grant
        self.peer = peer
        let limits = service.limits
        reader = RequestReader(
            maximumDepth: limits.nesting, maximumBatchRequests: limits.batchRequests)
        frequentReader = FrequentRequestReader(
            role: grant.role, channel: grant.channel, maximumDepth: limits.nesting)
        schema = service.schema.copy
        framing = LineFraming(maximumFrameBytes: limits.frameBytes)
        output = JSONWriter(capacity: 4_096)
    }

    // MARK: - The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.attach(self)
        service.sessions.enter(connection)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        readMore()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framing.append(unwrapInboundIn(data))
        work()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
        readMore()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            for feed in feeds.takeWaitingForRoom() { service.follower.post(.credit(feed, .now)) }
            work()
            flush()
            readMore()
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            inputHasEnded = true
            closeWhenDone()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func end() {
        for feed in feeds.removeAll() { service.follower.post(.close(feed)) }
        connection.attach(nil)
        service.sessions.leave(connection)
    }

    /// Reads on, unless the peer must first read, or wait.
    private func readMore() {
        guard let context, !isReading, !isBarred, !inputHasEnded, !isClosing,
            context.channel.isWritable
        else { return }
        isReading = true
        context.read()
    }

    /// Closes the connection once everything asked was answered and sent.
    private func closeWhenDone() {
        guard isClosing || (inputHasEnded && !hasWork), inFlight == 0, feeds.isEmpty,
            !isLeaving, let context
        else { return }
        isLeaving = true
        flush()
        // Nothing is left to send when this has been; closing drops what has not.
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
            channel.close(promise: nil)
        }
    }

    /// Takes no more requests, and closes once those at hand were answered.
    func stop() {
        for feed in feeds.removeAll() { service.follower.post(.close(feed)) }
        isClosing = true
        closeWhenDone()
    }

    // MARK: - Requests

    /// Carries out what has come, until a barrier, the end of it or the end of the room for answers.
    private func work() {
        repeat {
            hasWork = true
            while !isBarred, !isClosing, hasRoom, carryOutNext() {}
            handOver()
        } while hasWork && !isBarred && !isClosing && hasRoom
        closeWhenDone()
    }

    /// Whether more may be asked before the peer has read, or the follower has answered.
    private var hasRoom: Bool {
        if output.bytes.count >= Self.maximumUnsentBytes { flush() }
        return looks + queries.count < Self.maximumLooks && (context?.channel.isWritable ?? false)
    }

    /// Carries out the next message; returns whether there may be another.
    private func carryOutNext() -> Bool {
        if let (message, reply, bytes) = nextOfBatch() {
            carryOut(message, reply, bytes)
            return true
        }
        do throws(FramingError) {
            guard let frame = try framing.next() else {
                hasWork = false
                return false
            }
            take(frame)
            return true
        } catch {
            write(.null, .refused(RPCError(error)))
            isClosing = true
            return false
        }
    }

    private func nextOfBatch() -> (IncomingMessage, BatchReply, Int)? {
        guard var batch = self.batch else { return nil }
        guard let message = batch.messages.popFirst() else {
            self.batch = nil
            return nil
        }
        self.batch = batch
        return (message, batch.reply, batch.bytes)
    }

    /// What parameters are read with.
    var tables: CallTables {
        service.schema.refresh(&schema)
        return schema.tables
    }

    private func take(_ frame: ByteBuffer) {
        // What has no room is refused before reading it costs anything.
        if isFull(forNewLead: true),
            let change = frequentReader.envelope(ofChange: frame, tables: tables),
            isFull(forNewLead: change.isNewLead)
        {
            output.response(change.identifier, error: Self.overloaded)
            return output.endLine()
        }
        if let request = frequentReader.read(frame, tables: tables) {
            return carryOut(request, frame.readableBytes)
        }
        switch reader.read(frame) {
        case .single(let message):
            carryOut(message, nil, frame.readableBytes)
        case .batch(let messages):
            let bytes = frame.readableBytes / max(1, messages.count) + 1
            batch = (messages[...], BatchReply(count: messages.count), bytes)
        }
    }

    private func carryOut(_ message: IncomingMessage, _ batch: BatchReply?, _ bytes: Int) {
        switch message {
        case .refused(let identifier, let error):
            let address = ReplyAddress(
                connection: connection, identifier: identifier, batch: batch)
            inFlight += 1
            complete(Completion(address: address, outcome: .refused(error)))
        case .request(let request):
            carryOut(request.identifier, batch) { address throws(RPCError) in
                try dispatch(request, address, bytes)
            }
        }
    }

    private func carryOut(_ request: FrequentRequest, _ bytes: Int) {
        carryOut(request.identifier, nil) { address throws(RPCError) in
            try change(request.mutation, request.options, address, bytes) {
                preconditionFailure("a request with an idempotency key is read the general way")
            }
            return nil
        }
    }

    /// Counts a request in and starts it, unless there are too many; answers when the outcome is known at once.
    private func carryOut(
        _ identifier: RequestIdentifier?, _ batch: BatchReply?,
        _ start: (ReplyAddress) throws(RPCError) -> Outcome?
    ) {
        let address = ReplyAddress(connection: connection, identifier: identifier, batch: batch)
        inFlight += 1
        guard inFlight <= service.limits.inFlightPerConnection else {
            return complete(
                Completion(address: address, outcome: .refused(RPCError(.tooManyInFlight))))
        }
        do throws(RPCError) {
            if let outcome = try start(address) {
                complete(Completion(address: address, outcome: outcome))
            }
        } catch {
            complete(Completion(address: address, outcome: .refused(error)))
        }
    }

    /// Lets nothing that follows pass until the answer to the present request has come.
    func raiseBarrier() { isBarred = true }

    /// Hands what was collected to the writer and the follower; what they have no room for is
    /// refused at once.
    private func handOver() {
        if !commands.isEmpty {
            let sent = commands
            commands = []
            let taken = service.mailbox.post(sent)
            refuse(sent[taken...].map(\.address), service.mailbox.isClosed, areLooks: false)
        }
        if !queries.isEmpty {
            let asked = queries
            queries.removeAll(keepingCapacity: true)
            looks += asked.count
            let taken = service.follower.ask(asked)
            refuse(asked[taken...].map(\.address), service.mailbox.isClosed, areLooks: true)
        }
    }

    private func refuse(
        _ addresses: [ReplyAddress], _ isStopping: Bool, areLooks: Bool
    ) {
        for address in addresses {
            let error = RPCError(isStopping ? .shuttingDown : .overloaded)
            complete(
                Completion(address: address, outcome: .refused(error), isLook: areLooks))
        }
    }

    // MARK: - Answers

    /// Takes the outcome of a request; ``flush()`` sends the answer.
    func complete(_ completion: Completion) {
        if case .continued(let body, let position) = completion.outcome {
            queries.append(
                FollowerQuery(
                    address: completion.address, atLeast: position,
                    deadline: .now.advanced(byMicroseconds: FollowerQuery.patienceMicroseconds),
                    body: body))
            return handOver()
        }
        inFlight -= 1
        if completion.isLook { looks -= 1 }
        if let batch = completion.address.batch {
            let identifier = completion.address.identifier
            let line = batch.finish(
                identifier.map { identifier in
                    { $0.response(identifier, to: completion.outcome) }
                })
            if let line, !line.isEmpty {
                output.encoded(line)
                output.endLine()
            }
        } else if let identifier = completion.address.identifier {
            write(identifier, completion.outcome)
        }
        apply(completion)
        closeWhenDone()
    }

    private func apply(_ completion: Completion) {
        switch completion.address.effect {
        case .none:
            return
        case .endsBarrier:
            isBarred = false
            connection.eventLoop.assumeIsolated().execute { [self] in settle() }
        case .opens(let feed):
            if case .refused = completion.outcome { feeds.remove(feed) }
        }
    }

    private func write(_ identifier: RequestIdentifier, _ outcome: Outcome) {
        output.response(identifier, to: outcome)
        output.endLine()
    }

    /// Sends the answers that came, and goes on with what waited for them.
    func settle() {
        isToSettle = false
        work()
        flush()
        readMore()
    }

    /// Sends the answers written so far.
    func flush() {
        guard let context, !output.bytes.isEmpty else { return }
        let buffer = context.channel.allocator.buffer(bytes: output.bytes)
        output.removeAll()
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Sends a slice of a subscription, and asks for the next one when there is room.
    func receive(_ slice: [UInt8], of feed: FeedNumber) {
        guard let context, feeds.contains(feed) else { return }
        flush()
        context.writeAndFlush(
            wrapOutboundOut(context.channel.allocator.buffer(bytes: slice)), promise: nil)
        if context.channel.isWritable {
            service.follower.post(.credit(feed, .now))
        } else {
            feeds.waitForRoom(feed)
            service.follower.post(.slow(feed, .now))
        }
    }

    /// Ends a subscription that cannot go on, and the connection with it: the subscriber then
    /// knows that something is missing.
    func endFeed(_ feed: FeedNumber) {
        guard feeds.contains(feed) else { return }
        context?.close(promise: nil)
    }
}
