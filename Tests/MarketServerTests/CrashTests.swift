import EventLog
import Foundation
import MarketCore
import MarketRPC
import MarketTestSupport
import NIOCore
import Testing

/// A fixed sequence of requests with idempotency keys and times, and what was answered to each.
private struct Workload {
    /// Requests under way at once.
    static let window = 64

    let requests: [String]
    /// The position that was acknowledged, by request.
    private(set) var acknowledged: [Int64?]
    private let parser = JSONParser()

    init(count: Int) {
        var requests: [String] = []
        for index in 0..<count {
            var (method, parameters) = Self.request(index)
            parameters["idempotencyKey"] = .string("key-\(index)")
            parameters["at"] = .integer(1_700_000_000_000_000 + Int64(index) * 1_000_000)
            var writer = JSONWriter()
            writer.request(
                Request(identifier: .integer(Int64(index)), method: method, parameters: parameters)
            )
            writer.endLine()
            requests.append(String(decoding: writer.bytes, as: UTF8.self))
        }
        self.requests = requests
        acknowledged = Array(repeating: nil, count: count)
    }

    private static func request(_ index: Int) -> (String, JSONObject) {
        switch index {
        case 0: return ("market.apply", ["configuration": SmallMarket.configuration])
        case 1...4:
            return ("advisor.register", ["advisor": advisor(index), "institution": "Bank One"])
        default: break
        }
        if index % 20 == 5 {
            return ("account.deposit", ["advisor": advisor(index / 20), "amountFen": 90_000])
        }
        if index % 40 == 6 {
            return (
                "order.place",
                ["advisor": advisor(index / 40), "category": "homeOwner", "quantity": 30]
            )
        }
        // Every seventh person comes again, and is a duplicate.
        return ("lead.submit", SmallMarket.lead(index % 7 == 0 ? index / 2 : index))
    }

    private static func advisor(_ number: Int) -> JSONValue { .string("adv-\(number % 4 + 1)") }

    /// The first request that nobody acknowledged.
    var next: Int { acknowledged.firstIndex { $0 == nil } ?? requests.count }

    /// Sends what is not acknowledged yet, in order, until all is, `limit` more are, or the
    /// connection ends.
    ///
    /// - Returns: what is wrong with an answer, if anything is.
    mutating func play(on client: BlockingClient, atMost limit: Int = .max) -> String? {
        var sent = next
        var received = next
        let end = min(requests.count - received, limit) + received
        while received < end {
            while sent < requests.count, sent - received < Self.window {
                guard client.write(requests[sent]) else { return nil }
                sent += 1
            }
            guard let line = client.readLine() else { return nil }
            // A daemon that is stopping says so, and the request has to come again.
            if line.contains(#""reason":"shuttingDown""#) { return nil }
            guard let answer = try? parser.parse(ByteBuffer(string: line)).value,
                let index = answer["id"]?.integer.map(Int.init),
                let position = answer["result"]?["position"]?.integer
            else { return "a bad answer: \(line)" }
            if let known = acknowledged[index], known != position {
                return "request \(index) was acknowledged at \(known) and again at \(position)"
            }
            acknowledged[index] = position
            received += 1
        }
        return nil
    }

    /// Forgets nothing and asks for everything again.
    mutating func replay(on client: BlockingClient) -> String? {
        let known = acknowledged
        acknowledged = Array(repeating: nil, count: requests.count)
        if let problem = play(on: client) { return problem }
        for (index, position) in acknowledged.enumerated() where position != known[index] {
            return "request \(index) was acknowledged otherwise before"
        }
        return nil
    }
}

@Suite(.hangGuard, .serialized)
struct CrashTests {
    /// Asks one question and returns the result's text.
    private func ask(_ daemon: DaemonProcess, _ method: String) throws -> String {
        let client = try BlockingClient(daemon.socketPath)
        client.write(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)"}"# + "\n")
        return try #require(client.readLine())
    }

    /// The phones of all contacts, opened in the order of the log.
    private func phones(in data: String) throws -> [String] {
        let log = try EventLog(directory: data + "/log")
        let vault = try ContactVault(readingOnly: data + "/keys/contacts")
        var phones: [String] = []
        var next = LogPosition(1)
        while let events = Optional(try log.events(from: next)), let last = events.last {
            for recorded in events {
                guard case .leadAccepted(let lead) = recorded.event else { continue }
                let contact = try vault.open(lead.contact, in: try #require(lead.contactSlot))
                phones.append(
                    try #require(contact.flatMap { ContactDetails(encoded: $0) }).phone)
            }
            next = last.position.next
        }
        return phones
    }

    @Test func `killed at random points, it loses nothing acknowledged and does nothing twice`()
        throws
    {
        let directory = try TemporaryDirectory()
        let (disturbed, undisturbed) = (directory.path("disturbed"), directory.path("undisturbed"))
        // Both markets have one secret, so that equal requests lead to equal states.
        try DaemonProcess(in: directory, data: disturbed, arguments: ["--create"]).kill()
        try FileManager.default.copyItem(atPath: disturbed, toPath: undisturbed)

        var workload = Workload(count: 6_000)
        var random = SeededRandom(seed: UInt64.random(in: 0...UInt64.max))
        let seed = random
        var kills = 0
        let rounds = 25
        // However late a kill comes, something is left for the next.
        let share = workload.requests.count / (rounds + 1)
        while kills < rounds {
            let daemon = try DaemonProcess(in: directory, data: disturbed)
            let client = try BlockingClient(daemon.socketPath)
            let delay = random.within(500...30_000)
            let killer = Thread {
                usleep(UInt32(delay))
                daemon.kill()
            }
            killer.start()
            #expect(workload.play(on: client, atMost: share) == nil, "random numbers: \(seed)")
            daemon.kill()
            kills += 1
        }
        #expect(workload.next < workload.requests.count, "all was done before the last kill")

        let daemon = try DaemonProcess(in: directory, data: disturbed)
        #expect(workload.play(on: try BlockingClient(daemon.socketPath)) == nil)
        #expect(workload.next == workload.requests.count)
        #expect(workload.replay(on: try BlockingClient(daemon.socketPath)) == nil)
        let digest = try ask(daemon, "market.digest")
        let balances = try ask(daemon, "account.get")
        daemon.terminate()
        #expect(daemon.waitForExit() == 0)

        let calm = try DaemonProcess(in: directory, data: undisturbed)
        var calmWorkload = Workload(count: workload.requests.count)
        #expect(calmWorkload.play(on: try BlockingClient(calm.socketPath)) == nil)
        #expect(calmWorkload.acknowledged == workload.acknowledged)
        #expect(try ask(calm, "account.get") == balances)
        #expect(try ask(calm, "market.digest") == digest)
        #expect(balances.contains(#""balanced":true"#))
        calm.terminate()
        #expect(calm.waitForExit() == 0)
        let phones = try phones(in: undisturbed)
        #expect(phones.count > ContactVault.preparedAtOnce)
        #expect(try self.phones(in: disturbed) == phones)
    }

    @Test func `on SIGTERM it answers what is at hand, exits with 0 and keeps what it answered`()
        throws
    {
        let directory = try TemporaryDirectory()
        let data = directory.path("market")
        var workload = Workload(count: 2_000)
        let daemon = try DaemonProcess(in: directory, data: data)
        let client = try BlockingClient(daemon.socketPath)
        let terminator = Thread {
            usleep(50_000)
            daemon.terminate()
        }
        terminator.start()
        #expect(workload.play(on: client) == nil)
        #expect(daemon.waitForExit() == 0)
        #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
        let again = try DaemonProcess(in: directory, data: data)
        #expect(workload.play(on: try BlockingClient(again.socketPath)) == nil)
        #expect(workload.replay(on: try BlockingClient(again.socketPath)) == nil)
        again.terminate()
        #expect(again.waitForExit() == 0)
    }

    @Test func `a bad configuration and a second daemon are refused with their own exit codes`()
        throws
    {
        let directory = try TemporaryDirectory()
        let file = directory.path("bad.yaml")
        try Files.write("limits:\n  connections: none\n", to: file)
        let program = DaemonProcess.executable.path
        let check = try ChildProcess(
            program, ["--config", file, "--check-config"], errors: "/dev/null")
        #expect(check.waitForEnd() == .exit(78))
        let daemon = try DaemonProcess(in: directory, data: directory.path("market"))
        let second = try ChildProcess(
            program,
            [
                "--data", directory.path("market"), "--socket", directory.path("other"),
                "--clock", "supplied",
            ], errors: "/dev/null")
        #expect(second.waitForEnd() == .exit(69))
        daemon.kill()
    }
}
