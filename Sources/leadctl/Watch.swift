import ArgumentParser
import Foundation
import MarketClient
import MarketRPC
import MarketTools

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show assignments as they are pushed, until interrupted.",
        discussion: """
            Nothing is acknowledged, so a frontend still gets what is shown here. Phone numbers are shown only with \
            --contact.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "Of this advisor only.") var advisor: String?
    @Option(
        help: "Begin at this log position; without it, now and with all that is unacknowledged.")
    var from: Int64?
    @Option(help: "Of this institution's advisors only.") var institution: String?
    @Flag(help: "Show the contact too.") var contact = false
    @Flag(help: "Show whole notifications as JSON, contact included.") var json = false

    func run() async {
        await ending { () throws(ToolError) in
            var parameters = JSONObject()
            if let advisor { parameters["advisor"] = .string(advisor) }
            if let institution { parameters["institution"] = .string(institution) }
            if let from { parameters["from"] = .integer(from) }
            let market = try await connection.connect()
            _ = try await market.call("assignment.subscribe", parameters)
            for await notification in market.client.notifications {
                show(json ? Self.line(notification) : row(notification.parameters))
            }
            throw .unreachable("the daemon closed the connection")
        }
    }

    private func row(_ assignment: JSONObject) -> String {
        let charge = yuan(fen: assignment["chargeFen"]?.integer ?? 0)
        func word(_ name: String) -> String {
            assignment[name]?.string ?? assignment[name]?.integer.map { String($0) } ?? "-"
        }
        var text =
            "\(word("releasedAt"))  \(word("status"))  assignment \(word("assignment"))  lead \(word("lead"))  "
            + "\(word("advisor"))  \(word("category"))  \(word("channel"))  \(charge)"
        if let reason = assignment["reason"]?.string { text += "  \(reason)" }
        if contact {
            let missing = assignment["contactUnavailable"] == true ? "unreadable" : "-"
            text += "  \(assignment["contact"]?["phone"]?.string ?? missing)"
        }
        if assignment["redelivered"] == true { text += "  again" }
        return text + "\n"
    }

    /// Shows what the daemon sends by itself as JSON until the connection ends.
    static func showNotifications(of connection: MarketConnection) async {
        for await notification in connection.client.notifications { show(line(notification)) }
    }

    private static func line(_ notification: ServerNotification) -> String {
        let value: JSONValue = [
            "method": .string(notification.method), "params": .object(notification.parameters),
        ]
        return value.line
    }
}
