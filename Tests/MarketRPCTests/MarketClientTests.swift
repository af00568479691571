import MarketClient
import MarketRPC
import MarketTestSupport
import NIOCore
import NIOPosix
import Synchronization
import Testing

@Suite(.hangGuard)
struct MarketClientTests {
    @Test func `a call gets its own answer however many are under way`() async throws {
        try await EchoServer.run { path in
            let client = try await MarketClient.connect(path: path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<2_000 as Range<Int64> {
                    group.addTask {
                        let result = try await client.call("echo", ["number": .integer(number)])
                        #expect(result == ["number": .integer(number)])
                    }
                }
                try await group.waitForAll()
            }
            await client.close()
            await #expect(throws: ClientError.connectionClosed) { try await client.call("echo") }
        }
    }

    @Test func `an error keeps its code, reason, field and message`() async throws {
        try await EchoServer.run { path in
            let client = try await MarketClient.connect(path: path)
            let error = await #expect(throws: ClientError.self) { try await client.call("fail") }
            #expect(
                error
                    == .refused(
                        .init(
                            code: -32602, reason: "invalidParameters", field: "lead",
                            isRetryable: false,
                            message: "lead: is missing; it is required.")))
            #expect(try await client.call("echo", ["still": "here"]) == ["still": "here"])
        }
    }

    @Test func `a call that gets no answer times out and the connection lives on`() async throws {
        try await EchoServer.run { path in
            let client = try await MarketClient.connect(path: path)
            await #expect(throws: ClientError.timedOut(method: "silence")) {
                try await client.call("silence", timeout: .milliseconds(20))
            }
            #expect(try await client.call("echo") == [:])
        }
    }

    @Test func `a cancelled call ends at once`() async throws {
        try await EchoServer.run { path in
            let client = try await MarketClient.connect(path: path)
            let task = Task {
                _ = await #expect(throws: ClientError.cancelled) {
                    try await client.call("silence")
                }
            }
            task.cancel()
            await task.value
        }
    }

    @Test func `calls under way end when the connection does`() async throws {
        try await EchoServer.run { path in
            let client = try await MarketClient.connect(path: path)
            let silent = Task {
                _ = await #expect(throws: ClientError.connectionClosed) {
                    try await client.call("silence")
                }
            }
            await #expect(throws: ClientError.connectionClosed) { try await client.call("close") }
            await silent.value
            var rest = client.notifications.makeAsyncIterator()
            #expect(await rest.next() == nil)
        }
    }

    @Test func `a missing socket is told with its path`() async throws {
        let error = await #expect(throws: ClientError.self) {
            try await MarketClient.connect(path: "/nowhere.sock")
        }
        guard case .cannotConnect("/nowhere.sock", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `notifications come in order and hold the connection back until they are read`()
        async throws
    {
        try await EchoServer.run { path in
            var configuration = MarketClient.Configuration()
            configuration.maximumBufferedNotifications = 64
            configuration.timeout = nil
            let client = try await MarketClient.connect(path: path, configuration: configuration)
            let count: Int64 = 100_000
            async let answer = client.call("flood", ["count": .integer(count)])
            var seen: Int64 = 0
            for await notification in client.notifications {
                #expect(notification.method == "event")
                #expect(notification.parameters["position"] == .integer(seen))
                seen += 1
                if seen == count { break }
            }
            #expect(seen == count)
            #expect(try await answer == [:])
        }
    }

    @Test func `notifications that nobody reads stop the reading`() async throws {
        try await EchoServer.run { path in
            var configuration = MarketClient.Configuration()
            configuration.maximumBufferedNotifications = 64
            let client = try await MarketClient.connect(path: path, configuration: configuration)
            await #expect(throws: ClientError.timedOut(method: "flood")) {
                try await client.call("flood", ["count": 100_000], timeout: .milliseconds(100))
            }
        }
    }

    @Test func `raw lines go out and come back`() async throws {
        try await EchoServer.run { path in
            let answered = Mutex<Set<Int64>>([])
            let (done, finish) = AsyncStream.makeStream(of: Void.self)
            let connection = try await LineConnection.connect(path: path) { line in
                guard let summary = ResponseLine.summary(of: line) else { return }
                let count = answered.withLock { answered in
                    answered.insert(summary.identifier)
                    return answered.count
                }
                if count == 5_000 { finish.finish() }
            }
            for start in stride(from: 0, to: 5_000, by: 100) {
                var writer = JSONWriter()
                for number in start..<start + 100 {
                    writer.request(
                        Request(
                            identifier: .integer(Int64(number)), method: "echo",
                            parameters: ["a": 1]))
                    writer.endLine()
                }
                let lines = ByteBuffer(bytes: writer.bytes)
                if start % 200 == 0 {
                    connection.enqueue(lines)
                } else {
                    try await connection.send(lines)
                }
            }
            for await _ in done {}
            #expect(answered.withLock { $0.count } == 5_000)
            await connection.close()
            await #expect(throws: ClientError.connectionClosed) {
                try await connection.send(ByteBuffer(string: "\n"))
            }
        }
    }
}
