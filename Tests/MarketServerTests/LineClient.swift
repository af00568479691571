import MarketClient
import MarketRPC
import MarketServer
import NIOCore
import Synchronization

/// A connection whose every line is a test's own.
final class LineClient: Sendable {
    private let connection: LineConnection
    private let lines: AsyncStream<String>
    private let iterator: Mutex<AsyncStream<String>.Iterator?>

    init(_ fixture: ServerFixture) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        lines = stream
        iterator = Mutex(nil)
        connection = try await LineConnection.connect(
            path: fixture.configuration.socketPath,
            onLine: { continuation.yield(String(buffer: $0)) },
            onEnd: { _ in continuation.finish() })
    }

    /// Sends `text` as it is.
    func send(_ text: String) {
        connection.enqueue(ByteBuffer(string: text))
    }

    /// The next `count` lines, fewer when the connection ends before.
    func receive(_ count: Int) async -> [JSONValue] {
        var found: [JSONValue] = []
        let parser = JSONParser()
        guard count > 0 else { return found }
        for await line in lines {
            if let value = try? parser.parse(ByteBuffer(string: line)).value { found.append(value) }
            if found.count == count { break }
        }
        return found
    }

    /// Waits for the end of the connection and returns the lines before it.
    func receiveRest() async -> [JSONValue] {
        await receive(.max)
    }

    func close() async {
        await connection.close()
    }
}
