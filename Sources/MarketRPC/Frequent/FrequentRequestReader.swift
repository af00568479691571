public import MarketCore
public import NIOCore

/// A request that was read fast: what ``RequestReader`` and ``Catalogue`` would have made of it.
public struct FrequentRequest: Sendable {
    /// The identifier, or `nil` for a notification.
    public let identifier: RequestIdentifier?
    /// What it asks for.
    public let mutation: Mutation
    /// When the change happens, if it says so; all of the options that are read fast.
    let at: Timestamp?

    /// What changing methods take besides.
    public var options: MutationOptions { MutationOptions(at: at) }
}

/// What a request for a change says before its parameters.
public struct ChangeEnvelope: Sendable {
    /// Its identifier.
    public let identifier: RequestIdentifier
    /// Whether it hands in a lead that the market does not know yet (``Mutation/isNewLead``).
    public let isNewLead: Bool
}

/// Reads the requests that come thousands of times a second straight from their bytes: `lead.submit`, `lead.ping`,
/// `lead.post`, `assignment.acknowledge` and `assignment.reportContact`.
///
/// A frame it reads means exactly what the general way (``RequestReader``, then ``Catalogue``) makes of it. Everything
/// else it leaves to the general way: other methods, batches, idempotency keys, escapes in strings, frames of more than
/// 4,096 bytes, and whatever is wrong, so that there is one place for each error. Belongs to one connection, and is confined to one
/// thread.
@safe
public final class FrequentRequestReader {
    /// The longest frame that is read fast.
    private static let maximumBytes = 4_096
    /// How much is looked at of a frame of which only the envelope matters: one with the longest identifier, at least.
    private static let maximumEnvelopeBytes = 512
    /// How deep the arrays and objects of these requests lie in each other.
    private static let depth = 4

    let role: Role
    let channel: Name?
    let names = NameTable()
    /// The order in which members come, and attributes.
    let (memberOrder, attributeOrder) = (NameOrder(), NameOrder())
    /// Room for a lead's values, by their attributes' numbers.
    let values: UnsafeMutablePointer<Int64>
    /// Whether the limit on depth lets all of these requests pass.
    private let isAllowed: Bool
    /// Room for a frame and the padding behind it.
    private let room: UnsafeMutablePointer<UInt8>

    /// Makes a reader for a connection with `role`.
    ///
    /// - Parameters:
    ///   - channel: a supplier's own channel.
    ///   - maximumDepth: the most arrays and objects open at once, the request's own included; when these requests
    ///     may have more, all frames are left to the general way.
    public init(
        role: Role, channel: Name? = nil, maximumDepth: Int = JSONParser.defaultMaximumDepth
    ) {
        self.role = role
        self.channel = channel
        isAllowed = maximumDepth >= Self.depth
        unsafe values = .allocate(capacity: AttributeSchema.maximumCount)
        unsafe values.initialize(repeating: 0, count: AttributeSchema.maximumCount)
        unsafe room = .allocate(capacity: Self.maximumBytes + PlainFrame.padding)
    }

    deinit {
        unsafe values.deallocate()
        unsafe room.deallocate()
        unsafe memberOrder.deallocate()
        unsafe attributeOrder.deallocate()
    }

    /// Reads one frame, or returns `nil` when it is for the general way.
    ///
    /// This is also what the benchmarks of parsing call.
    /// - Complexity: linear in the number of bytes; makes no strings but those that the command holds.
    public func read(_ frame: ByteBuffer, tables: CallTables) -> FrequentRequest? {
        guard isAllowed, frame.readableBytes <= Self.maximumBytes else { return nil }
        do throws(Irregular) {
            return try read(beginning(of: frame, bytes: Self.maximumBytes), tables)
        } catch {
            return nil
        }
    }

    /// What is known of a request for one of these changes by what stands before its parameters; `nil` where
    /// that does not tell, for a notification, and where the connection may not ask for that.
    ///
    /// For changes that are refused whatever they are. That what follows is well-formed is not looked at, so a request
    /// that can be carried out has this identifier, and another may have it.
    /// - Complexity: linear in the number of bytes before the parameters.
    public func envelope(ofChange frame: ByteBuffer, tables: CallTables) -> ChangeEnvelope? {
        guard isAllowed else { return nil }
        var place = beginning(of: frame, bytes: Self.maximumEnvelopeBytes)
        var parts = FrequentParts()
        do throws(Irregular) {
            try envelope(&place, &parts, tables, stopsAtParameters: true)
            guard let method = parts.method, mayCall(method), parts.members.contains(.jsonrpc),
                parts.members.contains(.params)
            else { return nil }
            return try identifier(&parts).map {
                ChangeEnvelope(identifier: $0, isNewLead: method.isNewLead)
            }
        } catch {
            return nil
        }
    }

    /// Copies a frame, or its first `most` bytes, to where ``PlainFrame`` can read it.
    @inline(always)
    private func beginning(of frame: ByteBuffer, bytes most: Int) -> PlainFrame {
        let count = min(frame.readableBytes, most)
        unsafe frame.withUnsafeReadableBytes { bytes in
            guard let first = bytes.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(room).copyMemory(from: first, byteCount: count)
        }
        unsafe (room + count).initialize(repeating: 0, count: PlainFrame.padding)
        return unsafe PlainFrame(room, count: count)
    }

    @inline(always)
    private func read(
        _ start: PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> FrequentRequest {
        var frame = start
        var parts = FrequentParts()
        try envelope(&frame, &parts, tables)
        try frame.finish()
        guard let method = parts.method, parts.members.isSubset(of: tables.members(of: method)),
            parts.members.contains(.jsonrpc), parts.members.contains(.params)
        else { throw Irregular() }
        return FrequentRequest(
            identifier: try identifier(&parts), mutation: try mutation(method, &parts, tables),
            at: parts.at)
    }
}
