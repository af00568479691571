import Foundation
import MarketRPC
import MarketTestSupport
import Testing

extension EndToEnd {
    /// Frontends that come, stop and go while the market trades (R8.6).
    struct SubscriberTests {
        /// How much a daemon may grow while a reader stands still; far more than a market of this
        /// size takes, and far less than what a daemon without bounds would pile up.
        static let allowedGrowthKiB = 192 << 10

        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        /// The positions of all releases, as the log has them.
        private func releases(_ client: LineSocket) async throws -> [Int64] {
            var found: [Int64] = []
            var next: Int64 = 1
            while true {
                let page = try await client.call(
                    "events.read", ["from": .integer(next), "limit": 1_000])
                let events = try #require(page["events"]?.array)
                if events.isEmpty { return found }
                for event in events where event["type"] == "leadReleased" {
                    found.append(try #require(event["position"]?.integer))
                }
                next = try #require(page["next"]?.integer)
            }
        }

        /// One frontend reads nothing for ten seconds of load, or a minute with
        /// `LEADMARKET_LONG_TESTS=1`; four subscriptions share its connection, so that what it does
        /// not read is many times what sockets hold.
        @Test(.rules("R8.6"))
        func `both of two frontends see every sale once and in order, one stopped under load`()
            async throws
        {
            let pause = Duration.seconds(EndToEnd.isLong ? 60 : 10)
            let market = try await GeneratedMarket(
                leads: EndToEnd.isLong ? 30_000 : 4_000, orders: 200, advisors: 50, in: directory)
            let daemon = try await RunningDaemon.start(in: directory)
            try await market.found(on: daemon)
            let running = try await Subscriber(daemon)
            let stopped = try await Subscriber(daemon, subscriptions: 4)
            let before = try daemon.process.ownKiB
            var most = before

            let play = try market.play(to: daemon)
            let resumption = ContinuousClock.now.advanced(by: pause)
            let end = resumption.advanced(by: .seconds(400))
            while play.poll() == nil || ContinuousClock.now < resumption {
                try #require(ContinuousClock.now < end, "the load does not end")
                try running.read()
                most = max(most, try daemon.process.ownKiB)
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(play.poll() == .exited(0), "\(play.errors)")

            let expected = try await releases(try daemon.connect())
            #expect(expected.count > 1_000)
            // The one that reads has everything while the other still stands.
            try await running.read(untilFirst: expected.count)
            #expect(running.firsts(of: running.subscriptions[0]) == expected)
            most = max(most, try daemon.process.ownKiB)
            #expect(most - before < Self.allowedGrowthKiB)
            print("the daemon grew from \(before) to \(most) KiB over \(expected.count) sales")

            try await stopped.read(untilFirst: expected.count)
            for subscription in stopped.subscriptions {
                #expect(stopped.firsts(of: subscription) == expected)
                #expect(stopped.redeliversOnlyWhatItDelivered(subscription))
            }
            #expect(running.redeliversOnlyWhatItDelivered(running.subscriptions[0]))
            #expect(try await daemon.stop() == .exited(0))
        }

        @Test func `a peer that asks without end and reads nothing is no longer read`() async throws
        {
            let daemon = try await RunningDaemon.start(in: directory)
            let before = try daemon.process.ownKiB
            let greedy = try daemon.connect()
            let line = LineSocket.line(.integer(1), "rpc.discover")
            let block = Array(repeatElement(line, count: 2_000).joined())
            let other = try daemon.connect()
            var most = before
            var sent = 0
            var idle = 0
            while idle < 200, sent < 64 << 20 {
                // Whole blocks are not needed: a line cut in two is put together again.
                let count = greedy.sendSome(block[(sent % block.count)...])
                if count > 0 {
                    sent += count
                    idle = 0
                } else {
                    idle += 1
                    try await Task.sleep(for: .milliseconds(5))
                }
                most = max(most, try daemon.process.ownKiB)
            }
            // One read holds thousands of such questions, worth hundreds of megabytes of answers.
            #expect(most - before < 64 << 10)
            #expect(sent < 64 << 20, "the daemon goes on reading")
            #expect(try await other.call("market.health")["status"] == "ok")
            print("the daemon grew by \(most - before) KiB")

            // It goes on as soon as the peer reads, with what was read from it and what was not.
            let asked = sent / line.count
            #expect(asked > 500)
            for _ in 0..<min(asked, 500) {
                let answer = try await greedy.message()
                #expect(answer["result"]?["openrpc"] != nil)
            }
            #expect(try await daemon.stop() == .exited(0))
        }

        @Test(.rules("R8.6"))
        func `after a reconnect what nobody acknowledged comes again, flagged, and no more`()
            async throws
        {
            let daemon = try await RunningDaemon.start(in: directory)
            let operating = try daemon.connect()
            try await SmallMarket.found(on: operating)
            let first = try await Subscriber(daemon)
            for number in 1...6 { try await SmallMarket.sell(number, on: operating) }
            let seen = try await first.read(6)
            #expect(seen.allSatisfy { !$0.isRedelivered && $0.hasContact })
            #expect(seen.map(\.position) == seen.map(\.position).sorted())
            for push in seen[..<2] {
                try await operating.call(
                    "assignment.acknowledge",
                    SmallMarket.dated(["assignment": .integer(push.assignment)]))
            }
            first.socket.close()
            for number in 7...8 { try await SmallMarket.sell(number, on: operating) }

            let last = try #require(seen.last)
            let again = try await Subscriber(daemon, from: last.position + 1)
            let pushes = try await again.read(6)
            let redelivered = pushes.filter(\.isRedelivered)
            #expect(redelivered.map(\.assignment) == seen[2...].map(\.assignment))
            #expect(redelivered.allSatisfy { $0.hasContact })
            #expect(pushes.count { !$0.isRedelivered } == 2)

            for push in pushes {
                try await operating.call(
                    "assignment.acknowledge",
                    SmallMarket.dated(["assignment": .integer(push.assignment)]))
            }
            // Whoever comes now gets the next sale and nothing before it.
            let head = try #require(try await operating.call("market.health")["position"]?.integer)
            let late = try await Subscriber(daemon, from: head + 1)
            try await SmallMarket.sell(9, on: operating)
            let sale = try #require(try await late.read(1).first)
            #expect(!sale.isRedelivered && sale.position > head)

            // Whoever asks for the past is told of every sale, of the acknowledged without contact.
            let historian = try await Subscriber(daemon, from: 1)
            let history = try await historian.read(9)
            #expect(history.allSatisfy { !$0.isRedelivered })
            #expect(history.map(\.hasContact) == Array(repeating: false, count: 8) + [true])
            #expect(try await daemon.stop() == .exited(0))
        }
    }
}
