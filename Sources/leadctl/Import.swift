import ArgumentParser
import Foundation
import MarketRPC
import MarketTools

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand in the leads of a CSV file as a mapping says.",
        discussion: """
            Rows are sorted by time before they are sent. Rows that do not fit are reported by line and counted. Doing it again \
            sells nothing twice: each row has an idempotency key, made of --key-prefix and its line.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The CSV file with a header, also gzip; - is the standard input.")
    var file: String
    @Option(help: "The mapping from columns to leads and reports (YAML).") var mapping: String
    @Option(help: "Write the rows that do not fit here: line, reason.") var rejects: String?
    @Option(help: "Write the requests here as a workload instead of sending them.")
    var output: String?
    @Option(help: "What idempotency keys begin with; by default the file's name.")
    var keyPrefix: String?
    @Option(help: "How many requests may wait for their replies (default: 256).")
    var inFlight: Int?
    @Option(
        help: "Afterwards move a supplied clock on by this many days and account for every row.")
    var settleDays: Int?
    @Flag(help: "Answer in JSON.") var json = false

    func validate() throws {
        guard output == nil || (inFlight == nil && settleDays == nil) else {
            throw ValidationError("--output sends nothing: no --in-flight, no --settle-days")
        }
        guard (1...4_096).contains(inFlight ?? 1) else {
            throw ValidationError("--in-flight is 1 to 4096")
        }
        guard (0...3_650).contains(settleDays ?? 0) else {
            throw ValidationError("--settle-days is 0 to 3650")
        }
        guard (1...32).contains(prefix.utf8.count) else {
            throw ValidationError("--key-prefix has 1 to 32 bytes")
        }
    }

    private var prefix: String {
        keyPrefix ?? String(URL(filePath: file).lastPathComponent.prefix(32))
    }

    func run() async {
        await ending { () throws(ToolError) in
            StopRequest.listen()
            let workload = try ImportedWorkload(
                InputFile(path: file), mapping: ImportMapping(path: mapping), keyPrefix: prefix)
            try report(workload.rejects)
            if let output {
                try write(workload.lines.lazy.map(\.bytes), to: output)
                var result: JSONObject = ["requests": .integer(Int64(workload.lines.count))]
                note(workload, in: &result)
                let text = "\(grouped(workload.lines.count)) requests of \(rows(workload))\n"
                show(json ? JSONValue.object(result).line : text)
            } else {
                try await send(workload)
            }
        }
    }

    private func rows(_ workload: ImportedWorkload) -> String {
        "\(grouped(workload.rowCount)) rows, of which \(grouped(workload.rejects.count)) do not fit"
    }

    private func note(_ workload: ImportedWorkload, in result: inout JSONObject) {
        result["rows"] = .integer(Int64(workload.rowCount))
        result["rejects"] = .integer(Int64(workload.rejects.count))
    }

    private func report(_ misfits: [ImportedWorkload.Reject]) throws(ToolError) {
        for reject in misfits.prefix(20) {
            StandardError.write("\(file):\(reject.line): \(reject.problem)\n")
        }
        if misfits.count > 20 {
            let hint = rejects == nil ? "; --rejects FILE keeps all" : ""
            StandardError.write("and \(grouped(misfits.count - 20)) more rows\(hint)\n")
        }
        if let rejects {
            try write(
                misfits.lazy.map { Array("\($0.line)\t\($0.problem)".utf8) }, to: rejects)
        }
    }

    private func write(_ lines: some Sequence<[UInt8]>, to path: String) throws(ToolError) {
        var bytes = Data()
        for line in lines {
            bytes.append(contentsOf: line)
            bytes.append(0x0A)
        }
        do {
            try bytes.write(to: URL(filePath: path))
        } catch {
            throw .file(path: path, problem: "cannot be written: \(error.localizedDescription)")
        }
    }

    private func send(_ workload: ImportedWorkload) async throws(ToolError) {
        let market = try await connection.connect()
        let before = settleDays == nil ? JSONValue.null : try await market.call("stats.leads")
        var options = Player.Options(socketPath: connection.socketPath, path: file)
        if let inFlight { options.inFlight = inFlight }
        options.expected = .ofImports
        let player = Player(
            options, progress: ProgressMeter(title: "requests", total: workload.lines.count))
        var lines = workload.lines[...]
        let summary = try await player.play { lines.popFirst() }
        var result = summary.json.object ?? JSONObject()
        note(workload, in: &result)
        if !json { show(summary.text + rows(workload) + "\n") }
        if let settleDays, summary.exitStatus == .success {
            let account = try await settle(workload, days: settleDays, summary, before, market)
            if !json { show("\n" + account.text) }
            result["parts"] = account.json
            if json { show(JSONValue.object(result).line) }
            if !account.isComplete { end(.refused) }
        } else if json {
            show(JSONValue.object(result).line)
        }
        end(summary.exitStatus)
    }

    private func settle(
        _ workload: ImportedWorkload, days: Int, _ summary: PlaySummary, _ before: JSONValue,
        _ market: MarketConnection
    ) async throws(ToolError) -> RowAccount {
        var position = summary.position
        if let last = workload.lastMicroseconds {
            let moment = RFC3339.format(last + Int64(days) * 86_400_000_000)
            let reply = try await market.call(
                "market.advance", ["at": .string(moment)], timeout: .seconds(600))
            position = max(position, reply["position"]?.integer ?? 0)
        }
        let after = try await market.call(
            "stats.leads", ["atLeast": .integer(position)], timeout: .seconds(600))
        return RowAccount(
            rowCount: workload.rowCount, rejects: workload.rejects.count,
            refused: summary.errorCount(method: "lead.submit"), before: before, after: after)
    }
}
