import Foundation
import MarketRPC
import MarketTestSupport
import Testing

extension EndToEnd {
    /// What somebody does with `socat` and a text in the other hand.
    struct HandSessionTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        /// Sends a line and checks that what comes back has the form of JSON-RPC 2.0.
        private func say(_ line: String, to socket: LineSocket) async throws -> JSONValue {
            try await socket.send(line + "\n")
            let reply = try await socket.message()
            #expect(reply["jsonrpc"] == "2.0")
            let request = try JSONParser().parse(line).value
            #expect(reply["id"] == request["id"])
            let names = try #require(reply.object).members.map(\.name).sorted()
            #expect(names == ["id", "jsonrpc", "result"], "\(line) gets \(reply)")
            return try #require(reply["result"])
        }

        @Test func `the first session of the documentation works as it stands there`() async throws
        {
            let path = EndToEnd.repositoryPath("docs/API.md")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let block = try #require(text.components(separatedBy: "```json\n").dropFirst().first)
            let lines = block.components(separatedBy: "\n```")[0].split(separator: "\n")
            #expect(lines.count == 5)
            var options = RunningDaemon.Options()
            options.clock = "real"
            let daemon = try await RunningDaemon.start(in: directory, options)
            let socket = try daemon.connect()
            var last: JSONValue = nil
            for line in lines { last = try await say(String(line), to: socket) }
            #expect(last["status"] == "released")
            #expect(last["advisor"] == "adv-17")
            #expect(last["priceFen"] == 6_000)
            #expect(try await daemon.stop() == .exited(0))
        }

        @Test func `everything can be done by hand`() async throws {
            let daemon = try await RunningDaemon.start(in: directory)
            let socket = try daemon.connect()
            let at = #""at":"2026-11-21T20:10:00+08:00""#
            let applied = try await say(
                #"{"jsonrpc":"2.0","id":1,"method":"market.apply","params":{"configuration":{"#
                    + #""attributes":[{"name":"ownsHouse","kind":"flag"}],"#
                    + #""categories":[{"name":"homeOwner","qualification":{"ownsHouse":true},"#
                    + #""ladder":[{"maxAge":"5m","priceFen":6000}]}],"#
                    + #""channels":[{"name":"partner-a","payoutFen":1200}]},\#(at)}}"#,
                to: socket)
            #expect(applied["changed"]?["categories"] == ["homeOwner"])
            _ = try await say(
                #"{"jsonrpc":"2.0","id":"two","method":"advisor.register","params":{"advisor":"#
                    + #""adv-17","institution":"西湖消费金融",\#(at)}}"#, to: socket)
            let money = try await say(
                #"{"jsonrpc":"2.0","id":3,"method":"account.deposit","params":"#
                    + #"{"advisor":"adv-17","amountFen":10000,\#(at)}}"#, to: socket)
            #expect(money["availableFen"] == 10_000)
            let order = try await say(
                #"  {"id":4,"params":{"quantity":10,"category":"homeOwner","advisor":"adv-17",\#(at)},"#
                    + #" "method":"order.place","jsonrpc":"2.0"}  "# + "\r", to: socket)
            #expect(order["state"] == "live")
            let subscription = try await say(
                #"{"jsonrpc":"2.0","id":5,"method":"assignment.subscribe"}"#, to: socket)
            let sale = try await sell(socket, at)
            #expect(sale.decision["status"] == "released")
            #expect(sale.decision["order"] == order["order"])
            #expect(sale.push["jsonrpc"] == "2.0" && sale.push["id"] == nil)
            #expect(sale.push["method"] == "assignment")
            let pushed = try #require(sale.push["params"])
            #expect(pushed["subscription"] == subscription["subscription"])
            #expect(pushed["assignment"] == sale.decision["assignment"])
            #expect(pushed["contact"] == ["phone": "13800138000", "name": "王女士"])
            let assignment = try #require(pushed["assignment"]?.integer)
            let done = try await say(
                #"{"jsonrpc":"2.0","id":7,"method":"assignment.acknowledge","params":"#
                    + #"{"assignment":\#(assignment),\#(at)}}"#, to: socket)
            let seen = try #require(done["position"]?.integer)
            let facts = try await say(
                #"{"jsonrpc":"2.0","id":8,"method":"assignment.get","params":"#
                    + #"{"assignment":\#(assignment),"atLeast":\#(seen)}}"#, to: socket)
            #expect(facts["acknowledged"] == true)
            try await checkEnd(daemon)
        }

        @Test func `a file piped in is answered to its end, however long`() async throws {
            let daemon = try await RunningDaemon.start(in: directory)
            let socket = try daemon.connect()
            // Questions and changes, more than may be under way at once.
            let count = 6_000
            var lines: [UInt8] = []
            for number in 0..<count {
                let identifier = RequestIdentifier.integer(Int64(number))
                switch number % 3 {
                case 0: lines += LineSocket.line(identifier, "market.info")
                case 1: lines += LineSocket.line(identifier, "no.such")
                default:
                    lines += LineSocket.line(
                        identifier, "advisor.register",
                        SmallMarket.dated([
                            "advisor": .string("adv-\(number)"), "institution": "Xihu Bank",
                        ]))
                }
            }
            var answered: Set<Int64> = []
            try await socket.send(lines) { reply in
                if let number = reply["id"]?.integer { answered.insert(number) }
            }
            socket.endWriting()
            while let line = try await socket.line() {
                let reply = try JSONParser().parse(line).value
                if let number = reply["id"]?.integer { answered.insert(number) }
            }
            #expect(answered.count == count)
            let health = try await daemon.connect().call("market.health")
            #expect(health["advisors"] == .integer(Int64(count / 3)))
            #expect(try await daemon.stop() == .exited(0))
        }

        @Test func `a peer that says all it has and then reads at leisure misses nothing`()
            async throws
        {
            let daemon = try await RunningDaemon.start(in: directory)
            let socket = try daemon.connect()
            // The questions fit into the socket, the answers do not.
            let count = 1_500
            var lines: [UInt8] = []
            for number in 0..<count {
                let method = number < 50 ? "rpc.discover" : "market.info"
                lines += LineSocket.line(.integer(Int64(number)), method)
            }
            try await socket.send(lines)
            socket.endWriting()
            try await Task.sleep(for: .milliseconds(500))
            var answered: Set<Int64> = []
            while let line = try await socket.line() {
                let reply = try JSONParser().parse(line).value
                if let number = reply["id"]?.integer { answered.insert(number) }
            }
            #expect(answered.count == count)
            #expect(try await daemon.stop() == .exited(0))
        }

        /// Hands a lead in; the decision and the push may come in either order.
        private func sell(
            _ socket: LineSocket, _ at: String
        ) async throws -> (decision: JSONValue, push: JSONValue) {
            try await socket.send(
                #"{"jsonrpc":"2.0","id":6,"method":"lead.submit","params":{"channel":"partner-a","#
                    + #""phone":"+86 138-0013-8000","attributes":{"ownsHouse":true},"#
                    + #""consent":{"givenAt":"2026-11-21T20:09:30+08:00","agreementSha256":"#
                    + #""9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},"#
                    + #""contact":{"name":"\u738b女士"},\#(at)}}"# + "\n")
            let messages = [try await socket.message(), try await socket.message()]
            let decision = try #require(messages.first { $0["id"] == 6 }?["result"])
            return (decision, try #require(messages.first { $0["method"] != nil }))
        }

        /// Sends as a pipe does: several at once, a batch, a notification, then the end; all is
        /// answered before the daemon closes.
        private func checkEnd(_ daemon: RunningDaemon) async throws {
            let socket = try daemon.connect()
            try await socket.send(
                #"{"jsonrpc":"2.0","id":1,"method":"market.info"}"# + "\n\n"
                    + #"[{"jsonrpc":"2.0","id":2,"method":"market.health"},"#
                    + #"{"jsonrpc":"2.0","method":"market.health"},"#
                    + #"{"jsonrpc":"2.0","id":3,"method":"advisor.get","params":{"advisor":"adv-17"}}]"#
                    + "\n" + #"{"jsonrpc":"2.0","id":4,"method":"rpc.discover"}"# + "\n")
            socket.endWriting()
            var answered: Set<String> = []
            while let line = try await socket.line() {
                let message = try JSONParser().parse(line).value
                for reply in message.array ?? [message] {
                    #expect(reply["result"] != nil, "\(reply)")
                    answered.insert("\(reply["id"]?.integer ?? 0)")
                }
            }
            #expect(answered == ["1", "2", "3", "4"])
            #expect(try await daemon.stop() == .exited(0))
        }
    }
}
