import MarketWorkload
import Probes

/// Does one thing COUNT times: `counted match|submit|change|parse COUNT`. `Scripts/count` runs it under
/// callgrind, which collects within the probe's function alone.
@main
enum Counted {
    private static let orders = 10_000

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]), count > 0 else { fail() }
        switch arguments[1] {
        case "match":
            var probe = MatchProbe(.mixed, orders: orders, leads: count)
            // What is put right on the way is put right before.
            _ = probe.times(0..<count)
            precondition(probe.match(0..<count) > 0, "some leads find an order")
        case "submit":
            var probe = SubmitProbe(.mixed, orders: orders, leads: 2 * count)
            let (first, commands) = (probe.submissions(count), probe.submissions(count))
            probe.warmUp(first)
            probe.submit(commands)
            precondition(probe.reserved > count / 2, "most leads find an order")
        case "change":
            var probe = SubmitProbe(.churn, orders: orders, leads: 1)
            probe.change(count)
        case "parse":
            let probe = ParseProbe(leads: count)
            probe.warmUp()
            precondition(probe.parse(0..<count) == count, "every frame is a submission")
        default:
            fail()
        }
    }

    private static func fail() -> Never {
        fatalError("usage: counted match|submit|change|parse COUNT")
    }
}
