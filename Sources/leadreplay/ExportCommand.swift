import ArgumentParser
import EventLog
import MarketCore
import MarketRPC

/// Writes events for other programs.
struct ExportCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write events as JSON, one object a line.",
        discussion: """
            Names stand for numbers, as in events.read. Contact data is left out, sealed or not, \
            unless the directory of the keys is named: then leads carry their opened contact, and \
            those of erased persons say so.
            """)

    @OptionGroup var options: DataOptions

    @Option(help: "The format: jsonl.")
    var format = Format.jsonl

    @Option(help: ArgumentHelp("The first event to write.", valueName: "position"))
    var from: PositionArgument?

    @Option(help: ArgumentHelp("The last event to write.", valueName: "position"))
    var to: PositionArgument?

    @Option(
        help: ArgumentHelp(
            "Open contacts with the secret and keys of this directory.", valueName: "keydir"),
        completion: .directory)
    var keys: String?

    func run() throws {
        try Terminal.run {
            let replaying = try Replaying(options)
            let head = try replaying.log.head()
            let first = from?.position ?? LogPosition(1)
            let last = to?.position ?? head
            guard last <= head else {
                throw Failure("The log ends at position \(head.rawValue), before \(last.rawValue).")
            }
            guard first <= last else { return }
            let contacts = try keys.map { try Contacts(directory: $0, replaying: replaying) }
            var writer = JSONWriter(capacity: 1 << 16)
            try replaying.events(from: first, through: last) { recorded, market in
                writer.beginObject()
                switch try contacts?.contact(of: recorded, in: market) {
                case .open(let contact)?:
                    writer.event(recorded, in: copy market, contact: contact)
                case .erased?:
                    writer.event(recorded, in: copy market)
                    writer.member("contactErased", true)
                case nil:
                    writer.event(recorded, in: copy market)
                }
                writer.endObject()
                writer.endLine()
                if writer.bytes.count >= 1 << 16 {
                    try Terminal.write(writer.bytes)
                    writer.removeAll()
                }
            }
            try Terminal.write(writer.bytes)
        }
    }
}

/// Opens sealed contacts with the keys of a market.
struct Contacts {
    enum Contact {
        case open(ContactDetails)
        case erased
    }

    private let vault: ContactVault
    /// The market at the log's head: whoever is erased there stays so, whatever keys are found.
    private let market: Market

    /// Opens the keys in `directory`, once the secret beside them is found to be the log's.
    init(directory: String, replaying: Replaying) throws {
        market = try replaying.market(at: nil)
        guard let foundation = market.foundation else {
            throw Failure("The log has no market yet, and so no contacts.")
        }
        _ = try MarketSecret(
            path: directory + "/secret", fingerprint: foundation.secretFingerprint)
        vault = try ContactVault(readingOnly: directory + "/contacts")
    }

    /// The contact that came with an event, if one did.
    ///
    /// - Parameter market: the market after the event.
    func contact(of recorded: RecordedEvent, in market: borrowing Market) throws -> Contact? {
        switch recorded.event {
        case .leadAccepted(let lead):
            try contact(lead.contact, in: lead.contactSlot, of: lead.identity, recorded.position)
        case .leadPosted(let post):
            try contact(
                post.contact, in: post.contactSlot, of: market.openLead(post.lead)?.identity,
                post.lead.position)
        default:
            nil
        }
    }

    private func contact(
        _ sealed: [UInt8], in slot: UInt64?, of identity: Identity?, _ lead: LogPosition
    ) throws -> Contact? {
        guard let slot, let identity else { return nil }
        if market.person(identity)?.isErased == true { return .erased }
        guard let bytes = try vault.open(sealed, in: slot) else { return .erased }
        guard let contact = ContactDetails(encoded: bytes) else {
            throw Failure(
                """
                The contact of lead \(lead.rawValue) opens and cannot be read: a newer program \
                wrote it.
                """)
        }
        return .open(contact)
    }
}
