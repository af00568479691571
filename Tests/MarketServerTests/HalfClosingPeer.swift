import Foundation

/// What `socat` does with piped input: sends, half-closes, reads to the end.
enum HalfClosingPeer {
    struct Failure: Error {}

    static func ask(_ path: String, _ text: String) throws -> String {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure() }
        defer { close(descriptor) }
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
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard connected == 0, write(descriptor, text, text.utf8.count) == text.utf8.count,
            shutdown(descriptor, Int32(SHUT_WR)) == 0
        else { throw Failure() }
        var answer: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &block, block.count)
            guard count > 0 else { break }
            answer += block[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
