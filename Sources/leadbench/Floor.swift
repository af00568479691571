import ArgumentParser
import Foundation
import Glibc
import MarketRPC
import MarketTools

struct Floor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what a durable answer costs at the least on this machine.",
        discussion: """
            Its parts where nothing is prepared, each alone: the sync of a contact's key, a commit of one record, a \
            round trip over a Unix socket. A daemon that has keys on disk before they are needed waits for the latter \
            two alone.
            """)

    @Option(help: "Where to write: a directory on the disk that the daemon writes to.")
    var directory = NSTemporaryDirectory()
    @Option(help: "How many seconds each part is measured.") var seconds = 1.0
    @Flag(help: "Answer in JSON.") var json = false

    func run() async {
        await ending { () throws(ToolError) in
            StopRequest.listen()
            var benchmark = FloorBenchmark(directory: directory)
            benchmark.seconds = seconds
            let outcome = try benchmark.run()
            if json {
                StandardOutput.write(outcome.json.encoded + [0x0A])
            } else {
                StandardOutput.write(outcome.text)
            }
            if outcome.wasInterrupted { Glibc.exit(ExitStatus.interrupted.rawValue) }
        }
    }
}
