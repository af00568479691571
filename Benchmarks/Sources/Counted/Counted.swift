import MarketWorkload
import Probes

/// Does one thing COUNT times, prepared to do it PREPARED times:
/// `counted match|submit|change|parse PREPARED COUNT`. `Scripts/count` runs it under callgrind, twice
/// with the same preparation, and compares.
@main
enum Counted {
    private static let orders = 10_000

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let prepared = Int(arguments[2]),
            let count = Int(arguments[3]), 0 < count, count <= prepared
        else { fail() }
        switch arguments[1] {
        case "match":
            var probe = MatchProbe(.mixed, orders: orders, leads: prepared)
            // What is put right on the way is put right before.
            _ = probe.times(0..<prepared)
            precondition(probe.match(0..<count) > 0, "some leads find an order")
        case "submit":
            var probe = SubmitProbe(.mixed, orders: orders, leads: 2 * prepared)
            let (first, commands) = (probe.submissions(prepared), probe.submissions(prepared))
            probe.warmUp(first)
            probe.submit(commands.prefix(count))
            precondition(probe.reserved > (prepared + count) / 2, "most leads find an order")
        case "change":
            var probe = SubmitProbe(.churn, orders: orders, leads: 1)
            let changes = probe.changes(prepared)
            probe.change(changes.prefix(count))
        case "parse":
            let probe = ParseProbe(leads: prepared)
            probe.warmUp()
            precondition(probe.parse(0..<count) == count, "every frame is a submission")
        default:
            fail()
        }
    }

    private static func fail() -> Never {
        fatalError("usage: counted match|submit|change|parse PREPARED COUNT")
    }
}
