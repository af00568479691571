import ArgumentParser
import EventLog
import MarketCore
import MarketRPC
import MarketTools

/// Prints all balances.
struct BalancesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balances",
        abstract: "Print every balance, now or after any event.",
        discussion: "The nearest sound snapshot before the position is used, if there is one.")

    @OptionGroup var options: DataOptions

    @Option(help: ArgumentHelp("After this event; the last if left out.", valueName: "position"))
    var at: PositionArgument?

    @Flag(help: "Print one JSON object; amounts in fen.")
    var json = false

    func run() throws {
        try Terminal.run {
            let market = try Replaying(options).market(at: at?.position)
            let balances = Balances(market: market)
            try Terminal.write(json ? balances.json : balances.text)
        }
    }
}

/// A market's balances as people and as scripts read them.
struct Balances {
    let market: Market

    private var ledger: Ledger { market.ledger }

    /// Tables, and whether the ledger balances.
    var text: String {
        var text = "position \(grouped(Int(clamping: market.head.rawValue)))"
        text += ", \(RFC3339.format(market.time.microseconds))"
        text += ", amounts in yuan\n\n"
        var advisors = TextTable(columns: [
            .left("advisor"), .left("institution"), .right("available"), .right("held"),
        ])
        for (index, advisor) in market.advisors.enumerated() {
            advisors.add([
                advisor.name.description, advisor.profile.institution,
                yuan(ledger.available[index]), yuan(ledger.held[index]),
            ])
        }
        var payables = TextTable(columns: [.left("kind"), .left("name"), .right("payable")])
        for (channel, payable) in zip(market.channels, ledger.channelPayable) {
            payables.add(["channel", channel.name.description, yuan(payable)])
        }
        for (payee, payable) in zip(market.payees, ledger.payeePayable) {
            payables.add(["payee", payee.name.description, yuan(payable)])
        }
        var totals = TextTable(columns: [.left("account"), .right("balance")])
        totals.add(["cash", yuan(ledger.cash)])
        totals.add(["available", yuan(sum(ledger.available))])
        totals.add(["held", yuan(sum(ledger.held))])
        totals.add(["payable", yuan(sum(ledger.channelPayable + ledger.payeePayable))])
        totals.add(["revenue", yuan(ledger.revenue)])
        for table in [advisors, payables] where !table.isEmpty { text += table.rendered + "\n" }
        text += totals.rendered + "\n"
        return text
            + (ledger.imbalance == .zero
                ? "Cash is the sum of the others.\n"
                : "The ledger is OFF by \(yuan(ledger.imbalance)).\n")
    }

    /// One JSON object on one line.
    var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("position", market.head)
        writer.member("time", market.time)
        writer.member("cashFen", ledger.cash)
        writer.member("revenueFen", ledger.revenue)
        writer.member("balanced", ledger.imbalance == .zero)
        writer.member("advisors", list: market.advisors.indices) { writer, index in
            writer.beginObject()
            writer.member("advisor", market.advisors[index].name)
            writer.member("availableFen", ledger.available[index])
            writer.member("heldFen", ledger.held[index])
            writer.endObject()
        }
        writer.member("channels", list: market.channels.indices) { writer, index in
            writer.beginObject()
            writer.member("channel", market.channels[index].name)
            writer.member("payableFen", ledger.channelPayable[index])
            writer.endObject()
        }
        writer.member("payees", list: market.payees.indices) { writer, index in
            writer.beginObject()
            writer.member("payee", market.payees[index].name)
            writer.member("payableFen", ledger.payeePayable[index])
            writer.endObject()
        }
        writer.endObject()
        writer.endLine()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func sum(_ balances: [Money]) -> Money { balances.reduce(.zero, +) }

    private func yuan(_ amount: Money) -> String { MarketTools.yuan(fen: amount.fen) }
}
