import Foundation
import MarketRPC
import MarketTestSupport
import Testing

extension EndToEnd {
    /// Every subcommand of the load generator for about a second against a daemon. Nothing here is about how
    /// fast it is.
    struct BenchTests {
        let directory: TemporaryDirectory
        static let small = [
            "--orders", "200", "--advisors", "20", "--distinct", "500", "--connections", "4",
            "--warm-up", "0.2", "--seconds", "1", "--json",
        ]

        init() throws { directory = try TemporaryDirectory() }

        private func market() async throws -> RunningDaemon {
            var options = RunningDaemon.Options()
            options.clock = "real"
            let daemon = try await RunningDaemon.start(in: directory, options)
            try await daemon.leadctl(
                "apply", EndToEnd.repositoryPath("deploy/market.yaml"), in: directory)
            return daemon
        }

        private func leadbench(_ arguments: [String]) async throws -> JSONValue {
            let output = try await ChildProcess.run("leadbench", arguments, in: directory)
            return try JSONParser().parse(output).value
        }

        /// What was due, sent and answered, which must add up.
        private func check(_ step: JSONValue) throws {
            let due = try #require(step["due"]?.integer)
            let sent = try #require(step["sent"]?.integer)
            let answered = try #require(step["answered"]?.integer)
            #expect(due > 0 && step["unsent"] == .integer(due - sent), "\(step)")
            #expect(step["unanswered"] == .integer(sent - answered), "\(step)")
            var counted: Int64 = 0
            for group in ["answers", "rejected", "errors"] {
                for member in step[group]?.object?.members ?? [] {
                    counted += member.value.integer ?? 0
                }
            }
            #expect(counted == answered)
        }

        private func steps(_ run: JSONValue) throws -> [JSONValue] {
            let steps = try #require(run["steps"]?.array)
            for step in steps { try check(step) }
            return steps
        }

        @Test func `a closed loop, an open one and an overload account for every lead`()
            async throws
        {
            let daemon = try await market()
            let socket = ["--socket", daemon.socketPath]
            let submit = try await leadbench(["submit"] + socket + Self.small + ["--subscribe"])
            let closed = try #require(try steps(submit).first)
            #expect(closed["unanswered"] == 0)
            #expect(closed["rejected"]?["duplicate"] == nil, "persons must be distinct: \(closed)")
            let sold = try #require(closed["answers"]?["released"]?.integer)
            #expect(closed["pushLatencyMicroseconds"]?["count"] == .integer(sold))

            let load = try await leadbench(
                ["load"] + socket + Self.small + [
                    "--knee", "400", "--steps", "50,100", "--overload", "3", "--overload-seconds",
                    "0.5", "--churn", "10",
                ])
            #expect(try steps(load).map { $0["percentOfKnee"] } == [.double(50), .double(100)])
            for phase in ["closedLoop", "before", "during", "after"] {
                try check(try #require(load["overload"]?[phase]))
            }
            let share = try #require(load["overload"]?["servedShare"])
            #expect(share != .null && share != .double(0))
            let changed = try steps(load).compactMap { $0["changes"]?["changed"]?.integer }
            #expect(changed.reduce(0, +) > 0)
            #expect(try steps(load).allSatisfy { $0["changes"]?["otherError"] == nil }, "\(load)")

            // The same orders are not placed again, and leads are of people not seen before.
            let health = try await daemon.connect().call("market.health")
            let orders = try #require(health["orders"]?.integer)
            let again = try await leadbench(["submit"] + socket + Self.small + ["--count", "50"])
            let step = try #require(try steps(again).first)
            #expect(step["answered"] == 50 && step["rejected"]?["duplicate"] == nil)
            #expect(try await daemon.connect().call("market.health")["orders"] == .integer(orders))

            let submitFile = directory.path("submit.json")
            try submit.encoded.withUnsafeBytes {
                try Data($0).write(to: URL(filePath: submitFile))
            }
            let loadFile = directory.path("load.json")
            try load.encoded.withUnsafeBytes { try Data($0).write(to: URL(filePath: loadFile)) }
            try await compareAndDraw(submitFile, loadFile)
            #expect(try await daemon.stop() == .exited(0))
        }

        private func compareAndDraw(_ submit: String, _ load: String) async throws {
            let comparison = try await leadbench(["compare", submit, submit, "--json"])
            #expect(comparison["differences"] == [])
            let figures = try #require(comparison["figures"]?.array)
            #expect(figures.contains { $0["figure"] == "leadsPerSecond" })
            #expect(figures.allSatisfy { ($0["difference"] ?? .double(0)) == .double(0) })
            let picture = directory.path("picture.svg")
            let drawn = try await leadbench(["plot", load, "-o", picture, "--json"])
            #expect(drawn["lines"] == 3)
            #expect(try String(contentsOfFile: picture, encoding: .utf8).contains("<polyline"))
        }

        @Test(arguments: [
            "hotRegion", "correlated", "notLive", "noMatch", "churn", "equalRank",
        ])
        func `every workload runs without an error`(kind: String) async throws {
            let daemon = try await market()
            let run = try await leadbench(
                ["submit", "--socket", daemon.socketPath, "--workload", kind] + Self.small)
            let step = try #require(try steps(run).first)
            #expect(step["errors"] == [:], "\(step)")
            #expect(run["workload"] == .string(kind))
            if kind == "noMatch" { #expect(step["answers"]?["released"] == nil) }
            if kind == "churn" { #expect(step["changes"]?["otherError"] == nil) }
            #expect(try await daemon.stop() == .exited(0))
        }

        @Test func `the first error of a load is told, with code and message`() async throws {
            let daemon = try await market()
            var lead = try SmallMarket.lead(1)
            lead["channel"] = "nobodys"
            let request: JSONValue = ["method": "lead.submit", "params": .object(lead)]
            let leads = directory.path("leads.jsonl")
            try Data(request.encoded).write(to: URL(filePath: leads))
            let options =
                ["--socket", daemon.socketPath, "--orders", "0", "--file", leads]
                + ["--connections", "2", "--warm-up", "0", "--seconds", "0.2"]
            for kind in [["submit"], ["load", "--rate", "100"]] {
                let run = try await leadbench(kind + options + ["--json"])
                let errors = try #require(try steps(run).first)["errors"]?["otherError"]?.integer
                #expect(try #require(errors) > 1)
                let first = try #require(run["firstError"])
                let message = try #require(first["message"]?.string)
                #expect(first["reason"] == "unknownChannel" && message.contains("channel"))
                let code = try #require(first["code"]?.integer)
                let text = try await ChildProcess.run("leadbench", kind + options, in: directory)
                let told = "\nthe first error: unknownChannel (\(code)): \(message)\n"
                #expect(text.split(separator: told, omittingEmptySubsequences: false).count == 2)
            }
            let sound = try await leadbench(
                ["submit", "--socket", daemon.socketPath] + Self.small + ["--count", "5"])
            #expect(sound["firstError"] == nil)
            #expect(try await daemon.stop() == .exited(0))
        }

        @Test func `a signal ends a load cleanly with what was measured by then`() async throws {
            let daemon = try await market()
            var arguments = Self.small
            arguments[arguments.count - 2] = "300"
            let process = try ChildProcess(
                "leadbench", ["submit", "--socket", daemon.socketPath] + arguments, in: directory)
            let client = try daemon.connect()
            while try await client.call("market.health")["assignments"]?.integer ?? 0 < 10 {
                try await Task.sleep(for: .milliseconds(20))
            }
            process.signal(SIGINT)
            #expect(try await process.wait(seconds: 60) == .exited(130))
            let run = try JSONParser().parse(process.output).value
            #expect(run["interrupted"] == true)
            #expect(run["steps"]?.array?.count == 1)
            #expect(try await daemon.stop() == .exited(0))
        }

        @Test func `the floor and the wait for a daemon are measured`() async throws {
            let floor = try await leadbench([
                "floor", "--directory", directory.path(""), "--seconds", "0.05", "--json",
            ])
            for part in ["keySync", "commit", "roundTrip"] {
                #expect(try #require(floor[part]?["count"]?.integer) > 0)
            }
            #expect(floor["floorMicroseconds"] != nil && floor["interrupted"] == false)
            let daemon = try await market()
            let ready = try await leadbench(["ready", "--socket", daemon.socketPath, "--json"])
            #expect(ready["milliseconds"] != nil)
            #expect(try await daemon.stop() == .exited(0))
        }

        @Test func `a floor that a signal ends says so, and no sum`() async throws {
            let process = try ChildProcess(
                "leadbench",
                ["floor", "--directory", directory.path(""), "--seconds", "600", "--json"],
                in: directory)
            // It writes where it measures.
            let place = URL(filePath: directory.path(""))
            while process.poll() == nil,
                try !FileManager.default.contentsOfDirectory(atPath: place.path)
                    .contains(where: { $0.hasPrefix("leadbench-floor-") })
            {
                try await Task.sleep(for: .milliseconds(5))
            }
            process.signal(SIGTERM)
            #expect(try await process.wait(seconds: 60) == .exited(130))
            let floor = try JSONParser().parse(process.output).value
            #expect(floor["interrupted"] == true && floor["floorMicroseconds"] == nil)
        }

        @Test func `what cannot be is said in plain words`() async throws {
            let cases: [(arguments: [String], status: Int32, word: String)] = [
                (["load"], 64, "--rate"), (["load", "--steps", "a"], 64, "percentages"),
                (["load", "--rate", "5", "--arrivals", "bursts"], 64, "poisson"),
                (["submit", "--workload", "nothing"], 64, "there is no workload nothing"),
                (["submit", "--socket", directory.path("none.sock")], 69, "none.sock"),
                (["plot", directory.path("none.json"), "-o", "x.svg"], 66, "none.json"),
                (["table", directory.path("empty.json")], 65, "has no run"),
                (["load", "--rate", "5", "--overload-seconds", "3"], 64, "--overload"),
                (["submit", "--file", "x", "--distinct", "5"], 64, "--distinct"),
            ]
            try Data().write(to: URL(filePath: directory.path("empty.json")))
            for (arguments, status, word) in cases {
                let process = try ChildProcess("leadbench", arguments, in: directory)
                #expect(try await process.wait(seconds: 60) == .exited(status), "\(arguments)")
                #expect(process.errors.contains(word), "\(process.errors)")
            }
        }
    }
}
