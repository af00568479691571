import Glibc
import MarketCore
import MarketWorkload
import Probes

/// Prints a JSON line for each figure of the speed table that needs no daemon. Every decision that a row measures, who gets a
/// lead or which lead a new order gets, is compared with that of a plain book that ranks by code of its own; where orders
/// themselves are measured, a thousand leads are matched afterwards.
///
/// `figures`: everything; `figures ROW...`: those rows alone; with `LEADMARKET_QUICK` in the
/// environment a tenth of the repetitions.
@main
enum Figures {
    static let isQuick = getenv("LEADMARKET_QUICK") != nil

    static func main() throws {
        let wanted = Set(CommandLine.arguments.dropFirst())
        for (row, measure) in rows where wanted.isEmpty || wanted.contains(row) {
            try measure()
            fflush(nil)
        }
    }

    static func report(
        _ row: String, _ figure: Figure, unit: String = "ns", scale: Double = 1
    ) {
        let p99 = figure.p99.map { ",\"p99\":\(rounded($0 * scale))" } ?? ""
        print(
            "{\"row\":\"\(row)\",\"value\":\(rounded(figure.mean * scale)),\"unit\":\"\(unit)\"\(p99)}"
        )
    }

    static func report(_ row: String, _ value: Double, unit: String) {
        print("{\"row\":\"\(row)\",\"value\":\(rounded(value)),\"unit\":\"\(unit)\"}")
    }

    /// Three digits after the point are enough.
    private static func rounded(_ value: Double) -> Double {
        value.magnitude >= 100 ? value.rounded() : (value * 1_000).rounded() / 1_000
    }

    /// Fewer repetitions where only a glance is wanted.
    static func times(_ count: Int) -> Int { isQuick ? max(1, count / 10) : count }
}
