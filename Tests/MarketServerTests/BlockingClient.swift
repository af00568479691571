import Foundation

/// A connection whose calls block, for tests that play with processes and half-closed sockets.
///
/// Every read gives up after two minutes. Shared between at most one thread that writes and one
/// that reads, which touch nothing of each other's.
final class BlockingClient: @unchecked Sendable {
    struct Failure: Error {}

    private let descriptor: Int32
    private var pending: [UInt8] = []

    /// Connects to the socket at `path`.
    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure() }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.enumerated() { bytes[index] = byte }
        }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard connected == 0 else { throw Failure() }
    }

    deinit {
        close(descriptor)
    }

    /// Sends `text`; returns whether the peer took all of it.
    @discardableResult
    func write(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Sends `text` over and over until the peer takes no more for a second.
    ///
    /// - Returns: the bytes that it took.
    func writeUntilBlocked(_ text: String, atMost limit: Int) -> Int {
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array(text.utf8)
        var taken = 0
        while taken < limit {
            let start = taken % bytes.count
            let sent = bytes[start...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return taken }
            taken += sent
        }
        return taken
    }

    /// Sends no more; answers can still be read.
    func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next line, or `nil` at the end of the connection.
    func readLine() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeFirst(end + 1)
                return line
            }
            var block = [UInt8](repeating: 0, count: 65_536)
            let count = read(descriptor, &block, block.count)
            guard count > 0 else { return nil }
            pending += block[..<count]
        }
    }
}
