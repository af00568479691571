import Foundation
import MarketRPC
import MarketTestSupport
import Testing

extension EndToEnd {
    /// One market, reached in every way there is: live, by the follower, from a snapshot, from the
    /// log alone, from a backup.
    struct DigestTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private var data: String { directory.path("market") }
        private var copy: String { directory.path("backup") }

        /// What `leadreplay digest` says.
        private func replayedDigest(
            _ path: String, at position: Int64? = nil
        ) async throws -> (digest: String, position: Int64) {
            let arguments = ["digest", path] + (position.map { ["--at", "\($0)"] } ?? [])
            let words = try await ChildProcess.run("leadreplay", arguments, in: directory)
                .split(whereSeparator: \.isWhitespace)
            let digest = String(try #require(words.first))
            return (digest, try #require(words.last.flatMap { Int64($0) }))
        }

        private func remove(_ derived: String...) throws {
            for name in derived {
                let path = data + "/" + name
                #expect(FileManager.default.fileExists(atPath: path))
                try FileManager.default.removeItem(atPath: path)
            }
        }

        private func snapshotCount() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: data + "/snapshots").count
        }

        private func start(_ market: String = "market") async throws -> RunningDaemon {
            try await RunningDaemon.start(market, in: directory)
        }

        @Test func `a market has one digest, however it is reached`() async throws {
            let market = try await GeneratedMarket(
                leads: 3_000, orders: 150, advisors: 40, in: directory)
            var daemon = try await start()
            try await market.found(on: daemon)
            let backupPosition = try await backUpUnderLoad(market, daemon)

            let (live, position) = try await daemon.connect().digest()
            #expect(position > backupPosition, "nothing came after the backup")
            let seen = try await daemon.connect().look(at: position)
            #expect(seen.keys.count { $0.hasPrefix("trace") } >= 16)
            try await checkBackup(at: backupPosition)
            #expect(try await replayedDigest(data) == (live, position), "replay beside the daemon")

            #expect(try await daemon.stop() == .exited(0))
            #expect(daemon.loggedDigest == live)
            #expect(try await replayedDigest(data) == (live, position), "replay after the stop")

            #expect(try snapshotCount() > 0)
            daemon = try await start()
            #expect(try await daemon.connect().digest() == (live, position), "from a snapshot")
            #expect(try await daemon.connect().look(at: position) == seen)
            #expect(try await daemon.stop() == .exited(0))
            #expect(daemon.loggedDigest == live)

            try remove("views", "snapshots")
            daemon = try await start()
            #expect(try await daemon.connect().digest() == (live, position), "from the log alone")
            #expect(try await daemon.connect().look(at: position) == seen)

            try await checkTail(daemon, after: live)
            try await serveBackup(at: backupPosition)
            let report = try await ChildProcess.run(
                "leadreplay", ["verify", data, "--json"], in: directory)
            let verdict = try JSONParser().parse(report).value
            #expect(verdict["sound"] == true)
            #expect(verdict["soundSnapshots"]?.array?.isEmpty == false)
        }

        /// Plays the market, then copies it while leads keep coming; returns the copy's last position.
        private func backUpUnderLoad(
            _ market: GeneratedMarket, _ daemon: RunningDaemon
        ) async throws -> Int64 {
            let play = try market.play(to: daemon)
            #expect(try await play.wait() == .exited(0), "\(play.errors)")
            var lead = try market.someLead()
            lead["at"] = try await daemon.connect().call("market.info")["time"]
            let answer = try await LeadStream(of: lead, to: daemon).during { stream in
                try await stream.more(50)
                let answer = try await daemon.leadctl("backup", copy, "--json", in: directory)
                try await stream.more(50)
                return answer
            }
            return try #require(try JSONParser().parse(answer).value["position"]?.integer)
        }

        private func checkBackup(at position: Int64) async throws {
            let backup = try await replayedDigest(copy)
            #expect(backup.position == position)
            #expect(try await replayedDigest(data, at: position) == backup)
            let report = try await ChildProcess.run(
                "leadreplay", ["verify", copy, "--json"], in: directory)
            let verdict = try JSONParser().parse(report).value
            #expect(verdict["sound"] == true)
            #expect(verdict["head"] == .integer(position))
            #expect(verdict["followedThrough"] == .integer(position))
            #expect(verdict["digest"] == .string(backup.digest))
        }

        /// Changes something, kills the daemon and lets it start from a snapshot and what follows.
        private func checkTail(_ daemon: RunningDaemon, after live: String) async throws {
            #expect(try await daemon.stop() == .exited(0))
            let snapshots = try snapshotCount()
            #expect(snapshots > 0)
            let changing = try await start()
            let client = try changing.connect()
            let advisors = try await client.call("advisor.list", ["limit": 1])
            let time = try #require(try await client.call("market.info")["time"])
            let advisor = try #require(advisors["items"]?.array?.first?["advisor"])
            for amount in 1...50 {
                try await client.call(
                    "account.deposit",
                    ["advisor": advisor, "amountFen": .integer(Int64(amount)), "at": time])
            }
            let changed = try await client.digest()
            #expect(changed.digest != live)
            changing.process.signal(SIGKILL)
            #expect(try await changing.process.wait() == .killed(by: SIGKILL))
            #expect(try snapshotCount() == snapshots)
            let again = try await start()
            #expect(try await again.connect().digest() == changed, "from a snapshot and the rest")
            #expect(try await again.stop() == .exited(0))
            #expect(again.loggedDigest == changed.digest)
        }

        /// Starts a daemon on the copy and uses it.
        private func serveBackup(at position: Int64) async throws {
            let expected = try await replayedDigest(copy)
            let daemon = try await start("backup")
            let client = try daemon.connect()
            #expect(try await client.digest() == expected)
            let time = try #require(try await client.call("market.info")["time"])
            let newest = try await client.call("assignment.list", ["limit": 1])
            let assignment = try #require(newest["items"]?.array?.first?["assignment"])
            let shown = try await client.call(
                "assignment.contact", ["assignment": assignment, "at": time])
            #expect(shown["contact"]?["phone"]?.string?.utf8.count == 11)
            #expect(shown["position"]?.integer ?? 0 > position)
            #expect(try await daemon.stop() == .exited(0))
        }
    }
}
