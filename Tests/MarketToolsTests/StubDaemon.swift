import Glibc
import MarketRPC
import Synchronization

/// A socket that answers requests as a closure says, one connection after the other, on a thread of its own.
final class StubDaemon: Sendable {
    /// What to do with a request.
    enum Answer: Sendable {
        case result(JSONValue)
        case error(reason: String)
        /// Keep the answer back and send it before that of the next request.
        case later(JSONValue)
        /// End the connection.
        case hangUp
    }

    let path: String
    private let descriptor: Int32
    private let seen = Mutex<[JSONValue]>([])

    /// The requests received so far, in order.
    var requests: [JSONValue] { seen.withLock { $0 } }

    /// Starts a daemon; it ends with its last reference once no connection is open.
    init(_ answer: @escaping @Sendable (JSONValue) -> Answer) {
        path = "/tmp/leadmarket-stub-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).sock"
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        precondition(bound == 0 && listen(descriptor, 8) == 0, "cannot listen at \(path)")
        let box = ThreadBox { [descriptor, seen = Seen(self)] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                Self.serve(connection, seen, answer)
                close(connection)
            }
        }
        box.start()
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
        unlink(path)
    }

    /// Notes requests without keeping the daemon alive.
    private struct Seen: Sendable {
        weak let daemon: StubDaemon?

        init(_ daemon: StubDaemon) { self.daemon = daemon }

        func add(_ request: JSONValue) { daemon?.seen.withLock { $0.append(request) } }
    }

    private static func serve(
        _ connection: Int32, _ seen: Seen, _ answer: (JSONValue) -> Answer
    ) {
        let parser = JSONParser()
        var pending: [UInt8] = []
        var kept: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return }
            pending += buffer[..<count]
            while let end = pending.firstIndex(of: 0x0A) {
                let line = Array(pending[..<end])
                pending.removeFirst(end + 1)
                guard let request = try? parser.parse(line).value else { return }
                seen.add(request)
                var reply = JSONObject([JSONMember(name: "jsonrpc", value: "2.0")])
                reply["id"] = request["id"]
                switch answer(request) {
                case .result(let result): reply["result"] = result
                case .later(let result):
                    reply["result"] = result
                    kept = JSONValue.object(reply).encoded + [0x0A]
                    continue
                case .error(let reason):
                    reply["error"] = [
                        "code": -32_033, "message": .string("it is \(reason)"),
                        "data": ["reason": .string(reason), "retryable": false],
                    ]
                case .hangUp: return
                }
                let bytes = kept + JSONValue.object(reply).encoded + [0x0A]
                kept = []
                guard write(connection, bytes, bytes.count) == bytes.count else { return }
            }
        }
    }
}

/// Runs a closure on a detached thread.
private final class ThreadBox: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func start() {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<ThreadBox>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }
}
