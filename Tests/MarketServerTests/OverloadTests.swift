import EventLog
import MarketCore
import MarketRPC
import MarketTestSupport
import NIOPosix
import Testing

@testable import MarketServer

/// A disk whose every append waits at a gate.
private struct GatedStorage: StorageAround {
    let disk: any DurableStorage
    let gate: StepGate

    func append(_ batch: borrowing RecordBatch) throws(EventLogError) {
        gate.pass(batch.firstPosition)
        try disk.append(batch)
    }
}

@Suite(.hangGuard)
struct OverloadTests {
    private func submission(_ number: Int, key: String? = nil) -> String {
        var writer = JSONWriter()
        writer.request(
            Request(
                identifier: .integer(Int64(number)), method: "lead.submit",
                parameters: SmallMarket.lead(number, key: key)))
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    private func reason(_ answer: JSONValue) -> String? {
        answer["error"]?["data"]?["reason"]?.string
    }

    /// A small market with room for so many commands, whose writer waits while `gate` is closed.
    private func market(room: Int, _ gate: StepGate) async throws -> ServerFixture {
        var seams = Server.Seams()
        seams.storage = { GatedStorage(disk: $0, gate: gate) }
        let fixture = try ServerFixture(seams: seams) { $0.limits.mailboxCommands = room }
        try await SmallMarket.found(try await fixture.connect())
        return fixture
    }

    @Test
    func `while the writer stands still what has no room is refused, and then all goes on`()
        async throws
    {
        let gate = StepGate()
        let fixture = try await market(room: 8, gate)
        let client = try await LineClient(fixture)
        gate.close()
        client.send(submission(1))
        await gate.reached()
        client.send((2...51).map { submission($0) }.joined())
        let refused = await client.receive(45)
        #expect(refused.allSatisfy { reason($0) == "overloaded" })
        #expect(Set(refused.compactMap { $0["id"]?.integer }) == Set(7...51))
        gate.open()
        let answers = await client.receive(6)
        #expect(answers.map { $0["id"]?.integer } == Array(1...6))
        #expect(answers.allSatisfy { $0["result"]?["status"] == "released" })
        client.send(submission(52))
        let next = await client.receive(1)
        #expect(next.first?["result"]?["status"] == "released")
        await client.close()
        #expect(fixture.stop() == .clean)
    }

    @Test
    func `where new leads have no room what was begun is still finished`() async throws {
        let gate = StepGate()
        let fixture = try await market(room: 8, gate)
        let client = try await LineClient(fixture)
        client.send(submission(1) + submission(2))
        let sold = await client.receive(2).compactMap { $0["result"]?["assignment"]?.integer }
        try #require(sold.count == 2)
        gate.close()
        client.send(submission(3))
        await gate.reached()
        func acknowledgement(_ number: Int, key: String = "") -> String {
            let parameters = #"{"assignment":\#(sold[number])\#(key)}"#
            return #"{"jsonrpc":"2.0","id":\#(100 + number),"method":"assignment.acknowledge","#
                + #""params":\#(parameters)}"# + "\n"
        }
        client.send((4...20).map { submission($0) }.joined() + submission(21, key: "one"))
        let refused = await client.receive(13)
        #expect(refused.compactMap { $0["id"]?.integer } == Array(9...21))
        #expect(refused.allSatisfy { reason($0) == "overloaded" })
        // One is read from its bytes, the other the general way.
        client.send(acknowledgement(0) + acknowledgement(1, key: #","idempotencyKey":"two""#))
        // There is room for no third.
        client.send(acknowledgement(0))
        let third = await client.receive(1)
        #expect(third.map { reason($0) } == ["overloaded"])
        gate.open()
        let answers = await client.receive(8)
        #expect(answers.map { $0["id"]?.integer } == Array(3...8) + [100, 101])
        #expect(answers.allSatisfy { $0["result"] != nil })
        await client.close()
        #expect(fixture.stop() == .clean)
    }

    @Test
    func `a full market refuses by the envelope alone, each request under its identifier`()
        async throws
    {
        let gate = StepGate()
        let fixture = try await market(room: 2, gate)
        let client = try await LineClient(fixture)
        func sent(_ identifier: String, _ method: String, rest: String) -> String {
            #"{"jsonrpc":"2.0","id":\#(identifier),"method":"\#(method)","params":{\#(rest)"# + "\n"
        }
        let methods = [
            "lead.submit", "lead.ping", "lead.post", "assignment.acknowledge",
            "assignment.reportContact",
        ]
        // What is wrong with the parameters is said where there is room to carry them out.
        client.send(methods.map { sent("1", $0, rest: #""nonsense":1}}"#) }.joined())
        let wrong = await client.receive(methods.count)
        #expect(wrong.allSatisfy { reason($0) == "invalidParameters" })
        client.send(submission(2, key: "again"))
        let first = await client.receive(1)

        gate.close()
        client.send(submission(4))
        await gate.reached()
        let silent = submission(99).replacing(#""id":99,"#, with: "")
        let batch = "[" + submission(6).dropLast() + "," + submission(7).dropLast() + "]\n"
        let later = #"{"params":{},"method":"lead.submit","jsonrpc":"2.0","id":8}"# + "\n"
        let unknown = sent("9", "lead.sell", rest: "}}")
        let cut = sent("10", "lead.submit", rest: "")
        client.send(submission(5))
        client.send(
            methods.map { sent("\"\($0)\"", $0, rest: #""nonsense":1}}"#) }.joined() + submission(3)
                + silent + batch + later + submission(2, key: "again") + unknown + cut
                + submission(11))
        let refused = await client.receive(methods.count + 7)
        #expect(refused.prefix(methods.count).map { $0["id"]?.string } == methods)
        let numbered = refused.dropFirst(methods.count).map { $0["id"]?.integer }
        #expect(numbered == [3, nil, 8, 2, 9, 10, 11])
        let reasons = refused.map { reason($0) }
        #expect(reasons.prefix(methods.count + 1).allSatisfy { $0 == "overloaded" })
        #expect(
            reasons.dropFirst(methods.count + 1) == [
                nil, "invalidParameters", "overloaded", "unknownMethod", "overloaded", "overloaded",
            ])
        let inBatch = refused[methods.count + 1].array ?? []
        #expect(inBatch.map { $0["id"]?.integer } == [6, 7])
        #expect(inBatch.allSatisfy { reason($0) == "overloaded" })

        gate.open()
        #expect(await client.receive(2).map { $0["id"]?.integer } == [4, 5])
        // A repetition that was refused is answered as the first time once there is room.
        client.send(submission(2, key: "again"))
        let again = await client.receive(1)
        #expect(again == first && first.first?["result"]?["status"] == "released")
        client.send(cut)
        #expect(await client.receive(1).map { reason($0) } == ["malformedMessage"])
        // Nothing that was refused is in the log.
        client.send(#"{"jsonrpc":"2.0","id":1,"method":"lead.list"}"# + "\n")
        let leads = await client.receive(1).first?["result"]?["items"]?.array
        #expect(leads?.count == 3)
        await client.close()
        #expect(fixture.stop() == .clean)
    }

    @Test func `what is refused reads as any other error does`() {
        var writer = JSONWriter()
        writer.response(.string("a \"b\""), error: RPCError(.overloaded).encoded)
        writer.endLine()
        var other = JSONWriter()
        let error = RPCError(.overloaded)
        other.response(Response(identifier: .string("a \"b\""), outcome: .failure(error)))
        other.endLine()
        #expect(writer.bytes == other.bytes)
    }

    // MARK: - The mailbox

    private func requests(_ sizes: [Int]) -> [WriterRequest] {
        let connection = Connection(
            eventLoop: MultiThreadedEventLoopGroup.singleton.any(), loopNumber: 0)
        return sizes.map { size in
            WriterRequest(
                address: ReplyAddress(connection: connection, identifier: nil, batch: nil),
                task: .digest, input: .market, channel: nil, at: nil, contactKey: nil,
                byteCount: size)
        }
    }

    private func sizes(_ delivery: Mailbox.Delivery?) -> [[Int]]? {
        delivery?.parcels.map { $0.map(\.byteCount) }
    }

    @Test func `a mailbox gives in order, and no more at once than it is asked for`() {
        let mailbox = Mailbox(maximumRequests: 100)
        #expect(mailbox.post(requests([1, 2, 3])) == 3)
        #expect(mailbox.post(requests([4])) == 1)
        #expect(mailbox.post(requests([5, 6, 7])) == 3)
        func take(_ count: Int, bytes: Int = 1_000) -> [[Int]]? {
            sizes(mailbox.take(maximumCount: count, maximumBytes: bytes, until: .now))
        }
        #expect(take(2) == [[1, 2]])
        #expect(take(3) == [[3], [4], [5]])
        #expect(take(3, bytes: 1) == [[6]])
        #expect(take(3) == [[7]])
        #expect(take(3) == nil)
    }

    @Test func `a mailbox takes what it has room for, and has room again for what was answered`() {
        let mailbox = Mailbox(maximumRequests: 5, maximumBytes: 100)
        #expect(mailbox.post(requests([1, 1, 1])) == 3)
        #expect(!mailbox.isFull(beyond: 1, forNewLead: false))
        #expect(mailbox.isFull(beyond: 2, forNewLead: false))
        #expect(mailbox.post(requests([1, 1, 1])) == 2)
        #expect(mailbox.isFull(beyond: 0, forNewLead: false))
        #expect(mailbox.post(requests([1])) == 0)
        let delivery = mailbox.take(maximumCount: 4, maximumBytes: 1_000, until: .now)
        #expect(sizes(delivery) == [[1, 1, 1], [1]])
        #expect(mailbox.post(requests([1])) == 0)
        if let delivery { mailbox.release(delivery) }
        #expect(mailbox.post(requests([99, 1, 1])) == 1)
        #expect(!mailbox.isFull(beyond: 2, forNewLead: false))
    }

    @Test func `a mailbox keeps a quarter of its room from new leads`() {
        let mailbox = Mailbox(maximumRequests: 8)
        #expect(mailbox.post(requests([1, 1, 1, 1])) == 4)
        #expect(!mailbox.isFull(beyond: 1, forNewLead: true))
        #expect(mailbox.isFull(beyond: 2, forNewLead: true))
        #expect(!mailbox.isFull(beyond: 3, forNewLead: false))
        #expect(mailbox.isFull(beyond: 4, forNewLead: false))
        // The smallest mailboxes have no quarter to keep.
        #expect(!Mailbox(maximumRequests: 1).isFull(beyond: 0, forNewLead: true))
    }

    @Test func `a closed mailbox takes nothing more, and gives what it has before its last`() {
        let mailbox = Mailbox(maximumRequests: 1)
        #expect(mailbox.post(requests([1])) == 1)
        #expect(mailbox.isFull(beyond: 0, forNewLead: true))
        mailbox.close()
        // What comes now is told that the market is stopping.
        #expect(!mailbox.isFull(beyond: 0, forNewLead: true))
        #expect(mailbox.post(requests([2])) == 0)
        let delivery = mailbox.take(maximumCount: 5, maximumBytes: 1_000, until: nil)
        #expect(sizes(delivery) == [[1]])
        #expect(delivery?.isLast == false)
        #expect(mailbox.take(maximumCount: 5, maximumBytes: 1_000, until: nil)?.isLast == true)
    }

    @Test func `free space is looked at again after an eighth of the reserve, or a while`() {
        var watch = SpaceWatch(reserveBytes: 800)
        let start = Instant(nanoseconds: 5_000_000_000)
        #expect(watch.isDue(at: start))
        watch.noteLook(at: start)
        #expect(!watch.isDue(at: start))
        watch.note(writtenBytes: 99)
        #expect(!watch.isDue(at: start))
        watch.note(writtenBytes: 1)
        #expect(watch.isDue(at: start))
        watch.noteLook(at: start)
        let later = start.advanced(byMicroseconds: SpaceWatch.intervalMicroseconds)
        #expect(!watch.isDue(at: start) && watch.isDue(at: later))
    }
}
