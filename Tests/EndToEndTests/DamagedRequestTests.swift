import Foundation
import MarketRPC
import MarketTestSupport
import Testing

extension EndToEnd {
    /// Requests with random damage. Some stay valid and change the market, so what must hold is that
    /// the daemon goes on, its two markets agree and its log is sound.
    struct DamagedRequestTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        @Test func `requests with random damage bring nothing down`() async throws {
            let given = ProcessInfo.processInfo.environment["LEADMARKET_FUZZ_SEED"]
            let seed = given.flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
            print("LEADMARKET_FUZZ_SEED=\(seed)")
            var damage = Damage(seed: seed)
            let daemon = try await RunningDaemon.start(in: directory)
            var client = try daemon.connect()
            try await SmallMarket.found(on: client)
            let originals = try Self.originals()
            for round in 0..<400 {
                var bytes: [UInt8] = []
                for original in originals {
                    bytes += damage.done(to: original)
                    bytes.append(UInt8(ascii: "\n"))
                }
                var answers: [JSONValue] = []
                try await client.send(bytes) { answers.append($0) }
                // Whatever was left open by the damage ends here, and is answered before this.
                let health = try await client.call("market.health")
                #expect(health["status"] == "ok")
                for answer in try answers + client.messagesAtHand() {
                    for reply in answer.array ?? [answer] { check(reply) }
                }
                // Damage may add subscriptions, of which a connection has room for a few.
                if round % 10 == 9 { client = try daemon.connect() }
            }
            _ = try await client.digest()
            #expect(try await daemon.stop() == .exited(0), "\(daemon.process.errors)")
            let report = try await ChildProcess.run(
                "leadreplay", ["verify", directory.path("market"), "--json"], in: directory)
            #expect(try JSONParser().parse(report).value["sound"] == true)
        }

        /// A reply has a result or a documented error, and the daemon never blames itself.
        private func check(_ reply: JSONValue) {
            if reply["method"] != nil || reply["result"] != nil { return }
            let code = reply["error"]?["code"]?.integer.flatMap { ErrorCode(rawValue: Int($0)) }
            #expect(code != nil && code != .internalError, "\(reply)")
            #expect(reply["error"]?["data"]?["reason"]?.string == code?.reason)
        }

        /// The examples of all methods but the one that writes where it is told to.
        private static func originals() throws -> [[UInt8]] {
            var originals: [[UInt8]] = []
            for (number, method) in Catalogue.methods.enumerated() {
                guard method.name != "market.backup" else { continue }
                let parameters =
                    method.kind == .mutation ? SmallMarket.dated(method.example) : method.example
                let line = LineSocket.line(.string("damaged \(number)"), method.name, parameters)
                originals.append(Array(line.dropLast()))
            }
            return originals
        }
    }
}

/// Does small random damage to lines.
private struct Damage {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// `line` with one to three things wrong; never with a line end in it.
    mutating func done(to line: [UInt8]) -> [UInt8] {
        var damaged = line
        for _ in 0..<Int.random(in: 1...3, using: &random) where !damaged.isEmpty {
            let place = Int.random(in: damaged.indices, using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: damaged[place] = UInt8.random(in: 0...255, using: &random)
            case 2: damaged.remove(at: place)
            case 3: damaged.insert(Self.marks.randomElement(using: &random) ?? 0, at: place)
            case 4: damaged.removeSubrange(place...)
            case 5: replaceNumber(in: &damaged, from: place)
            default: repeatPart(of: &damaged, from: place)
            }
        }
        return damaged.filter { $0 != UInt8(ascii: "\n") }
    }

    private static let marks = Array("{}[]\",:0-9.eE\\u ntf".utf8)

    /// Puts an unusual number in the place of the next one.
    private mutating func replaceNumber(in line: inout [UInt8], from place: Int) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let start = line[place...].firstIndex(where: digits.contains) else { return }
        let end = line[start...].firstIndex { !digits.contains($0) } ?? line.endIndex
        let numbers = [
            "0", "-1", "9007199254740991", "9007199254740992", "9223372036854775807",
            "-9223372036854775808", "18446744073709551615", "9000000000000000", "1e300", "0.5",
            "65536",
        ]
        line.replaceSubrange(
            start..<end, with: Array((numbers.randomElement(using: &random) ?? "").utf8))
    }

    /// Puts a part of the line in twice.
    private mutating func repeatPart(of line: inout [UInt8], from place: Int) {
        let length = min(line.count - place, Int.random(in: 1...40, using: &random))
        line.insert(contentsOf: line[place..<place + length], at: place)
    }
}
