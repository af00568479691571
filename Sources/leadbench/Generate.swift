import ArgumentParser
import Foundation
import MarketRPC
import MarketTools

struct Generate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a seeded workload for the shipped market as JSON-RPC lines.",
        discussion: """
            Advisors, deposits, standing orders, leads, pings and posts, answers at gates, reports, returns and \
            decisions over some days of supplied time; the same seed and sizes give the same bytes. `leadctl play` \
            sends it.
            """)

    @Option(help: "How many leads; one of a test channel comes on top of each hundred.")
    var leads = WorkloadOptions().leads
    @Option(help: "How many standing orders.") var orders = WorkloadOptions().orders
    @Option(help: "How many advisors.") var advisors = WorkloadOptions().advisors
    @Option(help: "Over how many days.") var days = WorkloadOptions().days
    @Option(help: "Which of the many workloads of this size.") var seed = WorkloadOptions().seed
    @Option(help: "Midnight of the first day, market-local (RFC 3339).")
    var start = "2026-01-01T00:00:00+08:00"
    @Option(name: .shortAndLong, help: "Where to; the standard output by default.")
    var output: String?

    func run() async {
        await ending { () throws(ToolError) in
            var options = WorkloadOptions()
            (options.leads, options.orders, options.advisors) = (leads, orders, advisors)
            (options.days, options.seed) = (days, seed)
            guard let start = RFC3339.parse(start) else {
                throw .usage("--start is a time such as 2026-01-01T00:00:00+08:00")
            }
            options.startMicroseconds = start
            try Self.write(WorkloadGenerator(options), to: output)
        }
    }

    private static func write(
        _ generator: consuming WorkloadGenerator, to path: String?
    ) throws(ToolError) {
        guard let path else {
            while let lines = generator.nextDay() { StandardOutput.write(bytes(of: lines)) }
            return
        }
        do {
            try Data().write(to: URL(filePath: path))
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            while let lines = generator.nextDay() {
                try handle.write(contentsOf: Data(bytes(of: lines)))
            }
            try handle.close()
        } catch {
            throw .file(path: path, problem: "cannot be written: \(error.localizedDescription)")
        }
    }

    private static func bytes(of lines: [WorkloadLine]) -> [UInt8] {
        lines.reduce(into: []) { $0 += $1.bytes + [0x0A] }
    }
}
