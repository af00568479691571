import CSimdJSON
public import MarketCore
public import NIOCore

/// A request that was read fast: what ``RequestReader`` and ``Catalogue`` would have made of it.
public struct FrequentRequest: Sendable {
    /// The identifier, or `nil` for a notification.
    public let identifier: RequestIdentifier?
    /// What it asks for.
    public let mutation: Mutation
    /// What changing methods take besides.
    public let options: MutationOptions
}

/// Reads the requests that come thousands of times a second straight from their bytes: `lead.submit`, `lead.ping`,
/// `lead.post`, `assignment.acknowledge` and `assignment.reportContact`.
///
/// A frame it reads means exactly what the general way (``RequestReader``, then ``Catalogue``) makes of it. Everything
/// else it leaves to the general way: other methods, batches, escapes in strings, and whatever is wrong, so that there
/// is one place for each error. Belongs to one connection, and is confined to one thread.
@safe
public final class FrequentRequestReader {
    /// The most values in a frame that is read fast.
    private static let maximumTokens = 160

    let role: Role
    let channel: Name?
    let names = NameTable()
    /// Room for a lead's values by attribute number.
    let values: UnsafeMutableBufferPointer<Int64>
    private let maximumDepth: Int
    private let tokens: UnsafeMutableBufferPointer<leadmarket_json_token>

    /// Makes a reader for a connection with `role`.
    ///
    /// - Parameters:
    ///   - channel: a supplier's own channel.
    ///   - maximumDepth: the most arrays and objects open at once, the request's own included.
    public init(
        role: Role, channel: Name? = nil, maximumDepth: Int = JSONParser.defaultMaximumDepth
    ) {
        self.role = role
        self.channel = channel
        self.maximumDepth = maximumDepth
        unsafe values = .allocate(capacity: AttributeSchema.maximumCount)
        unsafe values.initialize(repeating: 0)
        unsafe tokens = .allocate(capacity: Self.maximumTokens)
        unsafe tokens.initialize(repeating: leadmarket_json_token())
    }

    deinit {
        unsafe values.deallocate()
        unsafe tokens.deallocate()
    }

    /// Reads one frame, or returns `nil` when it is for the general way.
    ///
    /// This is also what the benchmarks of parsing call.
    /// - Complexity: linear in the number of bytes; makes no strings but those that the command holds.
    public func read(_ frame: ByteBuffer, tables: CallTables) -> FrequentRequest? {
        unsafe frame.withUnsafeReadableBytes { bytes in
            do throws(Irregular) {
                let frame = try unsafe PlainFrame(
                    bytes, tokens: tokens, maximumDepth: maximumDepth)
                return try read(frame, tables)
            } catch {
                return nil
            }
        }
    }

    private static let envelope = FrequentMembers.Mask(.jsonrpc, .id, .method, .params)

    // A request is a large value; what makes it is inlined so that it is made in place.
    @inline(__always)
    private func read(
        _ frame: borrowing PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> FrequentRequest {
        let envelope = try FrequentMembers(of: 0, allowed: Self.envelope, frame, tables)
        let version = frame.key(try frame.string(try envelope.required(.jsonrpc)))
        // "2.0", the first byte lowest.
        guard version.length == 3, version.first == 0x30_2E32 else { throw Irregular() }
        let name = try frame.string(try envelope.required(.method))
        guard let number = tables.texts.number(of: name, in: CallTables.Domain.methods, frame),
            let method = FrequentMethod(rawValue: number)
        else { throw Irregular() }
        let identifier = try identifier(envelope[.id], frame)
        let members = try FrequentMembers(
            of: try envelope.required(.params), allowed: Self.parameters(of: method), frame, tables)
        // The general way computes what an idempotency key stands for.
        let at = try members[.at].map { place throws(Irregular) in try frame.time(place) }
        return FrequentRequest(
            identifier: identifier, mutation: try mutation(method, members, frame, tables),
            options: MutationOptions(at: at))
    }

    private func identifier(
        _ place: Int?, _ frame: borrowing PlainFrame
    ) throws(Irregular) -> RequestIdentifier? {
        guard let place else { return nil }
        if frame.isKind(.integer, place) { return .integer(try frame.integer(place)) }
        if frame.isKind(.null, place) { return .null }
        return .string(
            frame.text(
                try frame.string(place, length: 0...RequestIdentifier.maximumStringBytes)))
    }

    @inline(__always)
    private func mutation(
        _ method: FrequentMethod, _ members: FrequentMembers, _ frame: borrowing PlainFrame,
        _ tables: CallTables
    ) throws(Irregular) -> Mutation {
        switch method {
        case .submitLead: .submitLead(try submission(members, frame, tables))
        case .pingLead: .pingLead(try ping(members, frame, tables))
        case .postLead: .postLead(try post(members, frame, tables))
        case .acknowledgeAssignment:
            .command(.acknowledgeAssignment(try assignment(members, frame)))
        case .reportContact:
            .command(
                .reportContact(
                    try assignment(members, frame), try contactReport(members, frame, tables)))
        }
    }

    // MARK: - Which members a method takes

    private static let submission = FrequentMembers.Mask(
        .channel, .phone, .attributes, .consent, .contact, .preferredAdvisor, .at)
    private static let ping = FrequentMembers.Mask(
        .channel, .phone, .phoneMD5, .attributes, .preferredAdvisor, .at)
    private static let post = FrequentMembers.Mask(.lead, .phone, .consent, .contact, .at)
    private static let acknowledgement = FrequentMembers.Mask(.assignment, .at)
    private static let contactReport = FrequentMembers.Mask(
        .assignment, .firstCallAt, .attempts, .outcome, .evidence, .at)

    private static func parameters(of method: FrequentMethod) -> FrequentMembers.Mask {
        switch method {
        case .submitLead: submission
        case .pingLead: ping
        case .postLead: post
        case .acknowledgeAssignment: acknowledgement
        case .reportContact: contactReport
        }
    }
}
