import EventLog
import MarketCore
import MarketRPC
import MarketTestSupport
import NIOPosix
import Testing

@testable import MarketServer

/// A disk whose every append waits at a gate.
private struct GatedStorage: DurableStorage {
    let disk: any DurableStorage
    let gate: StepGate

    func appendKeys(_ keys: [(identity: Identity, key: ContactKey)]) throws(EventLogError) {
        try disk.appendKeys(keys)
    }

    func append(_ batch: borrowing RecordBatch) throws(EventLogError) {
        gate.pass(batch.firstPosition)
        try disk.append(batch)
    }

    func eraseKeys(of identities: Set<Identity>) throws(EventLogError) {
        try disk.eraseKeys(of: identities)
    }

    func space() throws(EventLogError) -> LogSpace { try disk.space() }

    func transaction(at position: LogPosition) throws(EventLogError) -> [RecordedEvent] {
        try disk.transaction(at: position)
    }
}

@Suite(.hangGuard)
struct OverloadTests {
    private func submission(_ number: Int) -> String {
        var writer = JSONWriter()
        writer.request(
            Request(
                identifier: .integer(Int64(number)), method: "lead.submit",
                parameters: SmallMarket.lead(number)))
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    private func reason(_ answer: JSONValue) -> String? {
        answer["error"]?["data"]?["reason"]?.string
    }

    @Test
    func `while the writer stands still what has no room is refused, and then all goes on`()
        async throws
    {
        let gate = StepGate()
        var seams = Server.Seams()
        seams.storage = { GatedStorage(disk: $0, gate: gate) }
        let fixture = try ServerFixture(seams: seams) { $0.limits.mailboxCommands = 8 }
        try await SmallMarket.found(try await fixture.connect())
        let client = try await LineClient(fixture)
        gate.close()
        client.send(submission(1))
        await gate.reached()
        client.send((2...51).map(submission).joined())
        let refused = await client.receive(43)
        #expect(refused.allSatisfy { reason($0) == "overloaded" })
        #expect(Set(refused.compactMap { $0["id"]?.integer }) == Set(9...51))
        gate.open()
        let answers = await client.receive(8)
        #expect(answers.map { $0["id"]?.integer } == Array(1...8))
        #expect(answers.allSatisfy { $0["result"]?["status"] == "released" })
        client.send(submission(52))
        let next = await client.receive(1)
        #expect(next.first?["result"]?["status"] == "released")
        await client.close()
        #expect(fixture.stop() == .clean)
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
        #expect(mailbox.hasRoom(beyond: 1) && !mailbox.hasRoom(beyond: 2))
        #expect(mailbox.post(requests([1, 1, 1])) == 2)
        #expect(!mailbox.hasRoom(beyond: 0))
        #expect(mailbox.post(requests([1])) == 0)
        let delivery = mailbox.take(maximumCount: 4, maximumBytes: 1_000, until: .now)
        #expect(sizes(delivery) == [[1, 1, 1], [1]])
        #expect(mailbox.post(requests([1])) == 0)
        if let delivery { mailbox.release(delivery) }
        #expect(mailbox.post(requests([99, 1, 1])) == 1)
        #expect(mailbox.hasRoom(beyond: 2))
    }

    @Test func `a closed mailbox takes nothing more, and gives what it has before its last`() {
        let mailbox = Mailbox(maximumRequests: 5)
        #expect(mailbox.post(requests([1])) == 1)
        mailbox.close()
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
