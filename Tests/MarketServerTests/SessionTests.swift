import Foundation
import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import MarketTestSupport
import NIOCore
import Synchronization
import Testing

@Suite(.hangGuard)
struct SessionTests {
    private func request(_ identifier: Int, _ method: String, _ parameters: JSONObject) -> String {
        var writer = JSONWriter()
        writer.request(
            Request(identifier: .integer(Int64(identifier)), method: method, parameters: parameters)
        )
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `commands of one connection are decided in the order sent`() async throws {
        let fixture = try ServerFixture()
        try await SmallMarket.found(try await fixture.connect())
        let client = try await LineClient(fixture)
        let count = 500
        let lines = (1...count).map { request($0, "lead.submit", SmallMarket.lead($0)) }
        client.send(lines.joined(separator: "\n") + "\n")
        let answers = await client.receive(count)
        let leads = answers.compactMap { $0["result"]?["lead"]?.integer }
        #expect(leads.count == count)
        #expect(leads == leads.sorted())
        #expect(answers.map { $0["id"]?.integer } == (1...count).map { Int64($0) })
    }

    @Test func `a batch is answered with one array, without its notifications`() async throws {
        let fixture = try ServerFixture()
        try await SmallMarket.found(try await fixture.connect())
        let client = try await LineClient(fixture)
        let lead = request(7, "lead.submit", SmallMarket.lead(1))
        client.send(
            #"[\#(lead),{"jsonrpc":"2.0","method":"market.info"},"#
                + #"{"jsonrpc":"2.0","id":8,"method":"market.health"},5,"#
                + #"{"jsonrpc":"2.0","id":9,"method":"no.such"}]"# + "\n")
        let answer = try #require(await client.receive(1).first?.array)
        #expect(answer.count == 4)
        let codes = answer.map { [$0["id"], $0["error"]?["code"]] }
        #expect(codes.contains([7, nil]))
        #expect(codes.contains([8, nil]))
        #expect(codes.contains([.null, -32600]))
        #expect(codes.contains([9, -32601]))
    }

    @Test func `a batch of notifications is not answered, and they are carried out`() async throws {
        let fixture = try ServerFixture()
        try await SmallMarket.found(try await fixture.connect())
        let client = try await LineClient(fixture)
        client.send(
            #"[{"jsonrpc":"2.0","method":"order.place","params":{"advisor":"adv-1","#
                + #""category":"homeOwner","quantity":3}}]"# + "\n")
        client.send(request(1, "order.list", [:]) + "\n")
        #expect(await client.receive(1).first?["id"] == 1)
        client.send(request(2, "order.list", ["atLeast": 6]) + "\n")
        let listed = await client.receive(1).first
        #expect(listed?["result"]?["items"]?.array?.count == 2)
    }

    @Test(arguments: [
        (#"{"jsonrpc":"2.0","id":1,"method""#, "null", -32700),
        (#"{"jsonrpc":"2.0","id":1,"method":"no.such"}"#, "1", -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"market.info","params":{"x":1}}"#, "1", -32602),
        (#"{"jsonrpc":"1.0","id":1,"method":"market.info"}"#, "1", -32600),
        ("[]", "null", -32600),
        ("\"\u{0}\"", "null", -32700),
    ])
    func `a bad frame gets an error and the connection lives on`(
        line: String, identifier: String, code: Int64
    ) async throws {
        let fixture = try ServerFixture()
        let client = try await LineClient(fixture)
        client.send(line + "\n")
        let answer = await client.receive(1).first
        #expect(answer?["error"]?["code"] == .integer(code))
        #expect(answer?["id"] == (identifier == "null" ? .null : 1))
        client.send(request(2, "market.info", [:]) + "\n")
        #expect(await client.receive(1).first?["id"] == 2)
    }

    @Test func `an oversized frame gets an error and closes the connection`() async throws {
        let fixture = try ServerFixture { $0.limits.frameBytes = 2_048 }
        let client = try await LineClient(fixture)
        client.send(String(repeating: "x", count: 5_000))
        let answers = await client.receiveRest()
        #expect(answers.map { $0["error"]?["data"]?["reason"] } == ["frameTooLarge"])
    }

    @Test func `a batch over the limit is refused whole`() async throws {
        let fixture = try ServerFixture { $0.limits.batchRequests = 2 }
        let client = try await LineClient(fixture)
        let one = request(1, "market.info", [:])
        client.send("[\(one),\(one),\(one)]\n")
        #expect(
            await client.receive(1).first?["error"]?["data"]?["reason"] == "batchTooLarge")
    }

    @Test func `requests over the limit in flight are refused at once`() async throws {
        let fixture = try ServerFixture { $0.limits.inFlightPerConnection = 10 }
        let client = try await LineClient(fixture)
        let count = 200
        let lines = (1...count).map { request($0, "market.info", ["atLeast": .integer(Int64($0))]) }
        client.send(lines.joined(separator: "\n") + "\n")
        let refused = await client.receive(count - 10).filter {
            $0["error"]?["data"]?["reason"] == "tooManyInFlight"
        }
        #expect(refused.count >= count - 20)
    }

    @Test func `a full mailbox refuses at once and loses nothing that it took`() async throws {
        let fixture = try ServerFixture { $0.limits.mailboxCommands = 8 }
        try await SmallMarket.found(try await fixture.connect())
        let client = try await LineClient(fixture)
        let count = 400
        let lines = (1...count).map { request($0, "lead.submit", SmallMarket.lead($0)) }
        client.send(lines.joined(separator: "\n") + "\n")
        let answers = await client.receive(count)
        let sold = answers.filter { $0["result"]?["status"] == "released" }
        let refused = answers.filter { $0["error"]?["data"]?["reason"] == "overloaded" }
        #expect(sold.count + refused.count == count)
        #expect(!sold.isEmpty && !refused.isEmpty)
        let counts = try await fixture.connect().call("stats.leads")
        #expect(counts["rows"]?.array?.first?["released"] == .integer(Int64(sold.count)))
    }

    @Test func `connections over the limit are told so and closed`() async throws {
        let fixture = try ServerFixture { $0.limits.connections = 1 }
        let first = try await LineClient(fixture)
        first.send(request(1, "market.info", [:]) + "\n")
        #expect(await first.receive(1).count == 1)
        let second = try BlockingClient(fixture.configuration.socketPath)
        let answer = try #require(second.readLine())
        #expect(answer.contains(#""reason":"tooManyConnections""#))
        #expect(second.readLine() == nil)
    }

    @Test func `a peer that half-closes gets every answer, however many it asked for`() async throws
    {
        let fixture = try ServerFixture()
        let peer = try BlockingClient(fixture.configuration.socketPath)
        let count = 1_000
        let lines = (1...count).map {
            request($0, $0.isMultiple(of: 100) ? "rpc.discover" : "market.health", [:])
        }
        let asking = Thread {
            peer.write(lines.joined(separator: "\n") + "\n")
            peer.endWriting()
        }
        asking.start()
        var answers = 0
        while peer.readLine() != nil { answers += 1 }
        #expect(answers == count)
    }

    @Test func `a peer that reads no answers is not read from for ever`() throws {
        let fixture = try ServerFixture()
        let peer = try BlockingClient(fixture.configuration.socketPath)
        let line = request(1, "rpc.discover", [:]) + "\n"
        // Each answer is a thousand times as long as its request.
        let taken = peer.writeUntilBlocked(String(repeating: line, count: 1_000), atMost: 64 << 20)
        #expect(taken < 8 << 20)
        #expect(fixture.stop() != nil)
    }

    @Test func `half a frame and a disconnect in mid-request leave no harm`() async throws {
        let fixture = try ServerFixture()
        try await SmallMarket.found(try await fixture.connect())
        for number in 1...20 {
            let client = try await LineClient(fixture)
            let line = request(number, "lead.submit", SmallMarket.lead(number))
            client.send(
                number.isMultiple(of: 2) ? line + "\n" : String(line.prefix(line.count / 2)))
            await client.close()
        }
        let client = try await fixture.connect()
        for number in stride(from: 2, through: 20, by: 2) {
            let decision = try await client.call("lead.submit", SmallMarket.lead(number))
            #expect(decision["status"] == "rejected" || decision["status"] == "released")
        }
        let digest = try await client.call("market.digest")
        #expect(digest["writerDigest"] == digest["followerDigest"])
    }

    @Test func `a peer that sends and half-closes still gets its answers`() async throws {
        let fixture = try ServerFixture()
        let peer = try BlockingClient(fixture.configuration.socketPath)
        peer.write(request(1, "market.info", [:]) + "\n")
        peer.endWriting()
        #expect(try #require(peer.readLine()).contains(#""id":1"#))
        #expect(peer.readLine() == nil)
    }
}
