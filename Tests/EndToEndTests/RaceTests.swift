import Foundation
import MarketRPC
import MarketTestSupport
import Synchronization
import Testing

extension EndToEnd {
    /// Many connections at once, all about the same people and the same leads.
    struct RaceTests {
        static let connections = 32

        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        /// What one of the connections ends with.
        private struct Report: Sendable {
            let facts: MarketFacts
            let phones: [Int64: String]
            let counts: [String: Int]
        }

        /// Ten seconds, or a minute with `LEADMARKET_LONG_TESTS=1`.
        @Test(.rules("R4.5", "R5.4", "R8.1", "R8.3", "R8.5", "R12.3"))
        func `32 connections race for the same people, and all were told what the log says`()
            async throws
        {
            var options = RunningDaemon.Options()
            options.clock = "real"
            let daemon = try await RunningDaemon.start(in: directory, options)
            let client = try daemon.connect()
            try await RaceMarket.found(on: client)
            let listener = Listener(daemon)
            let (reports, pushes, known) = try await listener.during {
                let reports = try await race(daemon)
                try await RaceMarket.end(on: client)
                let known = try await MarketFacts.read(from: client)
                return (reports, known.facts, known.lastPush)
            }
            var told = MarketFacts()
            var phones: [Int64: String] = [:]
            var counts: [String: Int] = [:]
            for report in reports {
                told.merge(report.facts)
                phones.merge(report.phones) { first, _ in first }
                counts.merge(report.counts) { $0 + $1 }
            }
            try check(told, pushes, phones, known)
            try await checkMoney(told, pushes, client)
            for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print(count, name) }
            for kind in Self.expectedKinds { #expect(counts[kind, default: 0] > 0, "\(kind)") }

            _ = try await client.digest()
            #expect(try await daemon.stop() == .exited(0), "\(daemon.process.errors)")
            let report = try await ChildProcess.run(
                "leadreplay", ["verify", directory.path("market"), "--json"], in: directory,
                seconds: 300)
            let verdict = try JSONParser().parse(report).value
            #expect(verdict["sound"] == true, "\(verdict)")
            // Time went on meanwhile: waiting leads expire whether anybody asks or not.
            #expect(verdict["head"]?.integer ?? 0 > 0)
            #expect(verdict["followedThrough"] == verdict["head"])
            #expect(verdict["digest"] == daemon.loggedDigest.map { .string($0) })
        }

        /// What must have come about for the race to show anything.
        private static let expectedKinds = [
            "released", "reserved", "waiting", "rejected", "unmatched", "accepted", "declined",
            "confirmed", "consentRefused", "return open", "return approved", "return refused",
            "assignment.accept notAwaitingAcceptance", "lead.post leadNotPinged",
            "assignment.requestReturn returnAlreadyRequested",
        ]

        private func race(_ daemon: RunningDaemon) async throws -> [Report] {
            let end = ContinuousClock.now.advanced(by: .seconds(EndToEnd.isLong ? 60 : 10))
            let board = RaceBoard()
            return try await withThrowingTaskGroup(of: Report.self) { group in
                for _ in 0..<Self.connections {
                    group.addTask {
                        var racer = try Racer(daemon, board)
                        try await racer.run(until: end)
                        return Report(
                            facts: racer.facts, phones: racer.phones, counts: racer.counts)
                    }
                }
                var reports: [Report] = []
                for try await report in group { reports.append(report) }
                return reports
            }
        }

        /// Holds what clients were told, by answers and by pushes, against the log.
        private func check(
            _ told: MarketFacts, _ pushes: Listener.Heard, _ phones: [Int64: String],
            _ log: MarketFacts
        ) throws {
            #expect(told.decisions == log.decisions)
            #expect(told.posts == log.posts)
            #expect(told.answers == log.answers)
            #expect(told.withdrawn == log.withdrawn)
            #expect(told.returns == log.returns)
            #expect(
                told.deposits + Int64(RaceMarket.advisors.count - 1) * RaceMarket.funds
                    == log.deposits)
            for (assignment, charge) in told.charges { #expect(log.charges[assignment] == charge) }
            #expect(pushes.charges == log.charges)
            #expect(pushes.voids == log.voids)
            for (lead, phone) in pushes.phones { #expect(phones[lead] == phone) }
            #expect(!pushes.phones.isEmpty)
            print(
                "\(log.decisions.count) leads, \(log.charges.count) sales, \(log.voids.count) voids"
            )
        }

        /// Holds the balances against what was told of charges and refunds.
        private func checkMoney(
            _ told: MarketFacts, _ pushes: Listener.Heard, _ client: LineSocket
        ) async throws {
            let ledger = try await client.call("account.get")
            #expect(ledger["balanced"] == true)
            #expect(ledger["heldFen"] == 0)
            var refunded = told
            refunded.charges = pushes.charges
            let paidIn = told.deposits + Int64(RaceMarket.advisors.count - 1) * RaceMarket.funds
            let charged = pushes.charges.values.reduce(0, +)
            #expect(ledger["availableFen"] == .integer(paidIn - charged + refunded.refunds))
        }
    }
}

/// A subscriber that notes all first deliveries.
final class Listener: Sendable {
    /// What it was told.
    struct Heard: Sendable {
        /// What each sold assignment was charged.
        var charges: [Int64: Int64] = [:]
        /// Why each voided one was voided.
        var voids: [Int64: String] = [:]
        /// The phone that came with each sold lead.
        var phones: [Int64: String] = [:]
        var lastPosition: Int64 = 0
    }

    private let daemon: RunningDaemon
    private let goal = Mutex<Int64?>(nil)

    init(_ daemon: RunningDaemon) { self.daemon = daemon }

    /// Listens while `body` runs, and until it has heard what `body` says is the last to be told.
    func during<Value: Sendable, Other: Sendable>(
        _ body: () async throws -> (Value, Other, Int64)
    ) async throws -> (Value, Heard, Other) {
        async let listening = listen()
        let (value, other, last) = try await body()
        goal.withLock { $0 = last }
        return (value, try await listening, other)
    }

    private func listen() async throws -> Heard {
        let client = try daemon.connect()
        try await client.call("assignment.subscribe", ["from": 1])
        var heard = Heard()
        var deadline: ContinuousClock.Instant?
        while true {
            for message in try client.messagesAtHand() { try take(message, &heard) }
            if let goal = goal.withLock({ $0 }) {
                if heard.lastPosition >= goal { return heard }
                let end = deadline ?? ContinuousClock.now.advanced(by: .seconds(120))
                try #require(ContinuousClock.now < end, "not everything is pushed")
                deadline = end
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func take(_ message: JSONValue, _ heard: inout Heard) throws {
        let push = try #require(message["params"], "\(message)")
        guard push["redelivered"] == false else { return }
        let position = try #require(push["position"]?.integer)
        #expect(position >= heard.lastPosition, "not in the order of the log")
        heard.lastPosition = position
        let assignment = try #require(push["assignment"]?.integer)
        switch push["status"]?.string {
        case "released"?:
            #expect(heard.charges[assignment] == nil, "sold twice")
            heard.charges[assignment] = push["chargeFen"]?.integer
            if let phone = push["contact"]?["phone"]?.string, let lead = push["lead"]?.integer {
                heard.phones[lead] = phone
            }
        case "voided"?: heard.voids[assignment] = push["reason"]?.string
        default: #expect(push["contact"] == nil, "a contact before the release")
        }
    }
}
