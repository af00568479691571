import ArgumentParser
import EventLog
import MarketCore
import MarketRPC
import MarketTools

/// Tells everything that concerns a lead, an order, an advisor or an assignment.
struct TraceCommand: ParsableCommand {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case lead, order, advisor, assignment
    }

    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Tell every event that concerns something, in words.",
        usage: "leadreplay trace lead|order|advisor|assignment ID DIR [--json]",
        discussion: """
            An advisor is named by name, the others by number. A lead is followed into its \
            assignment, an order and an advisor into theirs. No contact data is shown.
            """)

    @Argument(help: "What to trace: lead, order, advisor or assignment.")
    var kind: Kind

    @Argument(help: ArgumentHelp("Its number, or the advisor's name.", valueName: "id"))
    var id: String

    @OptionGroup var options: DataOptions

    @Flag(help: "Print each event as one JSON object on a line, as export does.")
    var json = false

    func validate() throws { _ = try subject() }

    func run() throws {
        try Terminal.run {
            let replaying = try Replaying(options)
            var trace = Trace(of: try subject())
            let first = try trace.firstPosition(in: replaying.log)
            let head = try replaying.log.head()
            let narrator = Narrator { RFC3339.format($0.microseconds) }
            var found = false
            if first <= head {
                try replaying.events(from: first, through: head) { recorded, market in
                    guard trace.concerns(recorded, in: market) else { return }
                    found = true
                    try Terminal.write(
                        json
                            ? object(recorded, in: market)
                            : Array(line(recorded, in: market, narrator).utf8))
                }
            }
            if !found {
                throw Failure("The log has no \(kind.rawValue) \(id).", exitCode: 1)
            }
        }
    }

    private func line(
        _ recorded: RecordedEvent, in market: borrowing Market, _ narrator: Narrator
    ) -> String {
        let digits = String(recorded.position.rawValue)
        let place = String(repeating: " ", count: max(0, 9 - digits.count)) + digits
        let by = recorded.input.map { ", by \(narrator.words(for: $0))" } ?? ""
        let words = narrator.words(for: recorded, in: copy market)
        return "\(place)  \(RFC3339.format(recorded.time.microseconds))  \(words)\(by)\n"
    }

    private func object(_ recorded: RecordedEvent, in market: borrowing Market) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.event(recorded, in: copy market)
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private func subject() throws -> TraceSubject {
        if kind == .advisor {
            guard let name = Name(id) else {
                throw ValidationError(
                    "'\(id)' is no name: 1 to 64 letters, digits, dots, underscores or hyphens.")
            }
            return .advisor(name)
        }
        guard let number = UInt64(id), number >= 1 else {
            throw ValidationError("'\(id)' is no number of a \(kind.rawValue).")
        }
        return switch kind {
        case .lead: .lead(LeadID(number))
        case .order: .order(OrderID(number))
        case .assignment, .advisor: .assignment(AssignmentID(number))
        }
    }
}
