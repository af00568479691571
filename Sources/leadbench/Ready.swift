import ArgumentParser
import MarketRPC
import MarketTools

struct Ready: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until a daemon that starts answers.",
        discussion: "Asks every two milliseconds; ends with 69 when the time is over.")

    @OptionGroup var daemon: SocketOption
    @Option(help: "For how many seconds at most.") var seconds = 60.0
    @Flag(help: "Answer in JSON.") var json = false

    func run() async {
        await ending { () throws(ToolError) in
            let waited = try await Readiness.wait(socketPath: daemon.path, seconds: seconds)
            let milliseconds = (waited * 100_000).rounded() / 100
            if json {
                let answer: JSONValue = ["milliseconds": .double(milliseconds)]
                StandardOutput.write(answer.encoded + [0x0A])
            } else {
                StandardOutput.write("ready after \(milliseconds) ms\n")
            }
        }
    }
}
