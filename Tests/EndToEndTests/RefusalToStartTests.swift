import Foundation
import LMDB
import MarketRPC
import MarketTestSupport
import Testing

@testable import EventLog

extension EndToEnd {
    /// The daemon refuses rather than guesses, and says what to do.
    struct RefusalToStartTests {
        let directory: TemporaryDirectory

        private var data: String { directory.path("market") }

        /// Makes a market with a few records, stopped, without anything derived.
        init() async throws {
            directory = try TemporaryDirectory()
            let daemon = try await RunningDaemon.start(in: directory)
            let client = try daemon.connect()
            try await SmallMarket.found(on: client)
            for number in 1...20 { try await SmallMarket.sell(number, on: client) }
            try #require(try await daemon.stop() == .exited(0))
            try FileManager.default.removeItem(atPath: data + "/views")
            try FileManager.default.removeItem(atPath: data + "/snapshots")
        }

        /// Starts a daemon that must refuse, with `code`, and say each of `words`.
        private func expectRefusal(
            _ market: String = "market", _ options: RunningDaemon.Options = .init(),
            code: Int32 = 69, saying words: String...
        ) async throws {
            let (file, socket) = try RunningDaemon.configure(market, in: directory, options)
            let process = try ChildProcess("leadmarketd", ["--config", file], in: directory)
            #expect(try await process.wait() == .exited(code), "\(process.errors)")
            // The last line is for people, whatever was logged before.
            let complaint = process.errors.components(separatedBy: "leadmarketd: ").last ?? ""
            for word in words { #expect(complaint.contains(word), "\(process.errors)") }
            #expect(!FileManager.default.fileExists(atPath: socket))
        }

        /// Starts a daemon that must not refuse.
        private func expectStart() async throws {
            let daemon = try await RunningDaemon.start(in: directory)
            let health = try await daemon.connect().call("market.health")
            #expect(health["assignments"] == 20)
            #expect(try await daemon.stop() == .exited(0))
        }

        /// Changes the log behind the daemon's back.
        private func tamper(
            _ table: String = "events", keys: Table.Keys = .integers,
            _ body: (inout Transaction, Table) throws -> Void
        ) throws {
            let environment = try Environment(
                path: data + "/log", options: EnvironmentOptions(mapSizeBytes: 1 << 30))
            let table = try environment.openTable(table, keys: keys, create: false)
            var transaction = try environment.beginWrite()
            try body(&transaction, table)
            try transaction.commit()
        }

        private static func record(
            _ position: UInt64, _ transaction: borrowing Transaction, _ table: Table
        ) throws -> [UInt8] {
            var record: [UInt8] = []
            if let stored = try transaction.value(for: position, in: table) {
                record = stored.withUnsafeBytes { [UInt8]($0) }
            }
            try #require(record.count > RecordHeader.byteCount)
            return record
        }

        @Test(.rules("R4.1")) func `without the secret, or with another one`() async throws {
            let secret = data + "/keys/secret"
            let original = try Data(contentsOf: URL(fileURLWithPath: secret))
            try FileManager.default.removeItem(atPath: secret)
            try await expectRefusal(saying: secret, "missing", "restore it from a backup")
            #expect(!FileManager.default.fileExists(atPath: secret), "a new secret was made")
            _ = try MarketSecret.create(at: secret)
            try await expectRefusal(saying: secret, "is not the secret", "from a backup")
            try original.write(to: URL(fileURLWithPath: secret))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: secret)
            try await expectRefusal(saying: secret, "chmod 600")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
            try await expectStart()
        }

        @Test func `with a flipped byte in a record, and nothing else is touched`() async throws {
            let file = data + "/log/data.mdb"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            let original = bytes
            // The record of the advisor; old copies of its page are flipped with it.
            let example = try SmallMarket.example("advisor.register")
            let known = try #require(example["institution"]?.string)
            var found = 0
            var start = bytes.startIndex
            while let range = bytes.range(of: Data(known.utf8), in: start..<bytes.endIndex) {
                bytes[range.lowerBound + 2] ^= 0x10
                start = range.upperBound
                found += 1
            }
            #expect(found > 0)
            try bytes.write(to: URL(fileURLWithPath: file))
            try await expectRefusal(
                saying: "damaged at position", "restore the last backup", "leadreplay verify")
            let now = try Data(contentsOf: URL(fileURLWithPath: file))
            #expect(now == bytes, "the damaged log was written to")
            try original.write(to: URL(fileURLWithPath: file))
            try await expectStart()
        }

        @Test func `with the end of the log cut off`() async throws {
            let file = try #require(FileHandle(forUpdatingAtPath: data + "/log/data.mdb"))
            let size = try file.seekToEnd()
            try file.truncate(atOffset: size / 2 / 4_096 * 4_096)
            try file.close()
            try await expectRefusal(saying: "damaged", "restore the last backup")
        }

        @Test func `with a record of a newer format`() async throws {
            try tamper { transaction, table in
                var record = try Self.record(9, transaction, table)
                record[0] = 2
                let checksum = RecordHeader.checksum(of: record.span.bytes)
                for index in 0..<4 {
                    record[28 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index))
                }
                try transaction.put(record.span.bytes, for: 9, in: table)
            }
            try await expectRefusal(saying: "format 2", "newer leadmarket", "nothing was changed")
        }

        @Test func `with a log of a newer format`() async throws {
            try tamper("meta", keys: .bytes) { transaction, table in
                let format: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0]
                try transaction.put(format.span.bytes, for: Array("format".utf8), in: table)
            }
            try await expectRefusal(saying: "format 2", "newer leadmarket", "nothing was changed")
        }

        @Test func `on a directory that another daemon has, on its socket, or founded otherwise`()
            async throws
        {
            let daemon = try await RunningDaemon.start(in: directory)
            try await expectRefusal(saying: "Another leadmarketd is running on", data, "Stop it")
            let taken = try ChildProcess(
                "leadmarketd",
                ["--data", directory.path("elsewhere"), "--socket", daemon.socketPath],
                in: directory)
            #expect(try await taken.wait() == .exited(69))
            #expect(taken.errors.contains("another program listens there"))
            #expect(try await daemon.connect().call("market.health")["status"] == "ok")
            #expect(try await daemon.stop() == .exited(0))
            var options = RunningDaemon.Options()
            options.clock = "real"
            try await expectRefusal(
                "market", options, saying: "says real", "Set market.clock to supplied")
            for (variable, value, remedy) in [
                ("LEADMARKETD_MARKET_CURRENCY", "USD", "Set market.currency to CNY"),
                ("LEADMARKETD_MARKET_UTC_OFFSET", "-03:30", "Set market.utcOffset to +08:00"),
            ] {
                let other = try ChildProcess(
                    "leadmarketd",
                    [
                        "--data", data, "--socket", directory.path("other.sock"), "--clock",
                        "supplied",
                    ], environment: [variable: value], in: directory)
                #expect(try await other.wait() == .exited(69))
                #expect(other.errors.contains("says \(value)") && other.errors.contains(remedy))
            }
            try await expectStart()
        }

        @Test func `for as long as it is asked to stop while it starts`() async throws {
            // It waits for whoever writes to this pipe.
            let secret = data + "/keys/secret"
            let bytes = try Data(contentsOf: URL(filePath: secret))
            try FileManager.default.removeItem(atPath: secret)
            #expect(mkfifo(secret, 0o600) == 0)
            let (file, _) = try RunningDaemon.configure("market", in: directory)
            let process = try ChildProcess("leadmarketd", ["--config", file], in: directory)
            // From when it holds the signal back.
            let status = URL(filePath: "/proc/\(process.identifier)/status")
            while process.poll() == nil {
                let lines = try String(contentsOf: status, encoding: .utf8).split(separator: "\n")
                let held = lines.first { $0.hasPrefix("SigBlk:") }?.split(separator: "\t").last
                if let held, UInt64(held, radix: 16).map({ $0 & 1 << 14 != 0 }) == true { break }
                try await Task.sleep(for: .milliseconds(2))
            }
            process.signal(SIGTERM)
            #expect(try await process.wait(seconds: 60) == .exited(0))
            #expect(process.errors.contains("stopped while starting"))
            try FileManager.default.removeItem(atPath: secret)
            try bytes.write(to: URL(filePath: secret))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: secret)
            try await expectStart()
        }

        @Test func `in a place where nothing can be written`() async throws {
            // The kernel lets nobody, not even root, make a directory there.
            let process = try ChildProcess(
                "leadmarketd",
                ["--data", "/sys/leadmarket", "--socket", directory.path("unwritable.sock")],
                in: directory)
            #expect(try await process.wait() == .exited(69))
            #expect(process.errors.contains("mkdir on /sys/leadmarket failed"))
            #expect(process.errors.contains("Check"), "it does not say what to do")
            guard geteuid() != 0 else { return }
            try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: data)
            defer {
                try? FileManager.default.setAttributes(
                    [.posixPermissions: 0o700], ofItemAtPath: data)
            }
            try await expectRefusal(saying: data, "ermission denied")
        }

        @Test(arguments: [
            ("storage:\n  mapSizeMib: 5", "storage.mapSizeMib", "is no key"),
            ("limits:\n  nesting: 2", "limits.nesting", "from 4 to 1024"),
            ("roles:\n  supplier:\n    users: [0]", "roles.supplier.users", "ID=CHANNEL"),
        ])
        func `with a configuration that is wrong`(
            yaml: String, key: String, remedy: String
        ) async throws {
            let file = directory.path("wrong.yaml")
            try yaml.write(toFile: file, atomically: true, encoding: .utf8)
            for arguments in [[], ["--check-config"]] {
                let process = try ChildProcess(
                    "leadmarketd",
                    ["--config", file, "--data", data, "--socket", directory.path("w.sock")]
                        + arguments, in: directory)
                #expect(try await process.wait() == .exited(78))
                #expect(process.errors.contains(key) && process.errors.contains(remedy))
            }
        }

        @Test func `damage that no start reads is found while it runs`() async throws {
            // With a snapshot the start does not read the advisor's record; the scrub does.
            let whole = try await RunningDaemon.start(in: directory)
            #expect(try await whole.stop() == .exited(0))
            try tamper { transaction, table in
                var record = try Self.record(3, transaction, table)
                record[record.count - 1] ^= 0x01
                try transaction.put(record.span.bytes, for: 3, in: table)
            }
            let daemon = try await RunningDaemon.start(in: directory)
            let client = try daemon.connect()
            var health = try await client.call("market.health")
            let deadline = ContinuousClock.now.advanced(by: .seconds(120))
            while health["status"] == "ok", ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(10))
                health = try await client.call("market.health")
            }
            #expect(health["status"] == "damaged")
            #expect(health["scrub"]?["damagedPosition"] == 3)
            #expect(try await daemon.stop() == .exited(0))
        }
    }
}
