import Foundation
import MarketRPC
import NIOCore

/// A plain connection to a daemon: what is sent and when something is read is all a test's own.
///
/// Waiting holds no thread, and gives up in the end.
final class LineSocket {
    /// What does not go as a test wants.
    enum Failure: Error {
        case cannotConnect(code: Int32)
        case closed
        case timedOut
        case notJSON(String)
        case refused(JSONValue)
    }

    private var descriptor: Int32
    private let parser = JSONParser()
    private let patience: Duration
    private var pending: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var lastIdentifier: Int64 = 0
    /// Lines that came while a reply was awaited.
    private var setAside: [JSONValue] = []

    /// Connects to the socket at `path`.
    init(_ path: String, patience: Duration = .seconds(120)) throws(Failure) {
        self.patience = patience
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_UNIX, type, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.enumerated() where index < bytes.count - 1 {
                bytes[index] = byte
            }
        }
        let descriptor = descriptor
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            let code = errno
            throw .cannotConnect(code: code)
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close() }

    /// Ends the connection, whatever is under way.
    func close() {
        if descriptor >= 0 { Foundation.close(descriptor) }
        descriptor = -1
    }

    /// Sends no more; answers can still be read.
    func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    // MARK: - Sending

    /// Sends `text` as it is.
    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends `bytes` as they are; gives up when nothing moves any more.
    ///
    /// - Parameter replies: gets the lines that come meanwhile, for a peer that answers while it is
    ///   being written to; without it nothing is read.
    func send(_ bytes: [UInt8], replies: ((JSONValue) -> Void)? = nil) async throws {
        var deadline = ContinuousClock.now.advanced(by: patience)
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = sendSome(rest)
            if sent > 0 {
                rest = rest.dropFirst(sent)
                deadline = ContinuousClock.now.advanced(by: patience)
            } else {
                guard errno == EAGAIN else { throw Failure.closed }
                if let replies {
                    while case .some = try receiveSome() {
                        deadline = ContinuousClock.now.advanced(by: patience)
                    }
                    while let line = nextLine() { replies(try parse(line)) }
                }
                guard ContinuousClock.now < deadline else { throw Failure.timedOut }
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    /// Sends what the kernel takes at once; returns how much that was.
    func sendSome(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBytes {
            Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    // MARK: - Receiving

    /// The next line, or `nil` at the end of the connection.
    func line() async throws -> String? {
        let deadline = ContinuousClock.now.advanced(by: patience)
        while true {
            if let line = nextLine() { return line }
            switch try receiveSome() {
            case .some: continue
            case .end: return nil
            case .nothing:
                guard ContinuousClock.now < deadline else { throw Failure.timedOut }
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    /// The next message.
    func message() async throws -> JSONValue {
        if !setAside.isEmpty { return setAside.removeFirst() }
        guard let line = try await line() else { throw Failure.closed }
        return try parse(line)
    }

    /// The messages that are there already.
    func messagesAtHand() throws -> [JSONValue] {
        while case .some = try receiveSome() {}
        defer { setAside = [] }
        var found = setAside
        while let line = nextLine() { found.append(try parse(line)) }
        return found
    }

    private enum Received {
        case some, nothing, end
    }

    private func receiveSome() throws(Failure) -> Received {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &block, block.count, 0)
        if count > 0 {
            if start > 1 << 20 {
                pending.removeFirst(start)
                searched -= start
                start = 0
            }
            pending += block[..<count]
            return .some
        }
        if count == 0 || errno == ECONNRESET { return .end }
        return .nothing
    }

    private func nextLine() -> String? {
        // The library's search is slow where nothing is optimised.
        let end = pending.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, searched < bytes.count else { return nil }
            return memchr(base + searched, 0x0A, bytes.count - searched).map {
                base.distance(to: $0)
            }
        }
        guard let end else {
            searched = pending.count
            return nil
        }
        defer {
            start = end + 1
            searched = start
        }
        return String(decoding: pending[start..<end], as: UTF8.self)
    }

    private func parse(_ line: String) throws(Failure) -> JSONValue {
        do {
            return try parser.parse(line).value
        } catch {
            throw .notJSON(line)
        }
    }

    // MARK: - Calls

    /// Calls a method and waits for its answer; notifications that come before it are set aside.
    ///
    /// - Throws: ``Failure/refused(_:)`` with the error object.
    @discardableResult
    func call(_ method: String, _ parameters: JSONObject = [:]) async throws -> JSONValue {
        let reply = try await reply(to: method, parameters)
        if let error = reply["error"] { throw Failure.refused(error) }
        guard let result = reply["result"] else { throw Failure.notJSON("\(reply)") }
        return result
    }

    /// Calls a method and returns the whole reply.
    func reply(to method: String, _ parameters: JSONObject = [:]) async throws -> JSONValue {
        lastIdentifier += 1
        try await send(Self.line(.integer(lastIdentifier), method, parameters))
        var passed: [JSONValue] = []
        defer { setAside = passed + setAside }
        while true {
            let message = try await message()
            if message["id"] == .integer(lastIdentifier) { return message }
            passed.append(message)
        }
    }

    /// A request as a line.
    static func line(
        _ identifier: RequestIdentifier?, _ method: String, _ parameters: JSONObject = [:]
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.request(Request(identifier: identifier, method: method, parameters: parameters))
        writer.endLine()
        return writer.bytes
    }
}
