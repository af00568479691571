internal import EventLog
internal import MarketCore
internal import MarketRPC

/// A request that the writer decides, and everything it needs to.
///
/// An object, because it passes through the hands of session, mailbox and writer: copying a
/// command would retain each of its parts each time.
final class WriterRequest: Sendable {
    /// What is asked.
    enum Task: Sendable {
        /// To decide a command.
        case command(Command)
        /// To take the post of a pinged lead, whose channel is looked up where the request names none.
        case post(LeadPostRequest, identity: Identity, sealedContact: [UInt8])
        /// To decide about the person who handed in a lead.
        case person(of: LeadID, PersonChange)
        /// To change what a revision names in an advisor's profile.
        case revise(AdvisorRevision, identity: Identity?)
        /// To say what a configuration would change.
        case rehearse(MarketConfiguration)
        /// To compare the writer's state with the follower's.
        case digest

        /// Whether it may need room on disk.
        var mayWrite: Bool {
            switch self {
            case .command, .post, .person, .revise: true
            case .rehearse, .digest: false
            }
        }
    }

    /// What is to happen to a person.
    enum PersonChange: Sendable {
        case erase
        case suppress(reason: String)
        case unsuppress

        func command(for identity: Identity) -> Command {
            switch self {
            case .erase: .erasePerson(identity)
            case .suppress(let reason): .suppressPerson(identity, reason: reason)
            case .unsuppress: .unsuppressPerson(identity)
            }
        }
    }

    /// Where the answer goes.
    let address: ReplyAddress
    /// What is asked.
    let task: Task
    /// Who asks.
    let input: InputContext
    /// The channel whose leads alone the request may be about; `nil` for any.
    let channel: Name?
    /// The request's `at`.
    let at: Timestamp?
    /// The key that opens the contact of a lead that is submitted or posted.
    let contactKey: ContactKey?
    /// The size of the frame it came in, or its part of it.
    let byteCount: Int

    init(
        address: ReplyAddress, task: Task, input: InputContext, channel: Name?, at: Timestamp?,
        contactKey: ContactKey?, byteCount: Int
    ) {
        self.address = address
        self.task = task
        self.input = input
        self.channel = channel
        self.at = at
        self.contactKey = contactKey
        self.byteCount = byteCount
    }
}
