import Foundation
import MarketTestSupport
import Testing

@testable import MarketServer

struct ServiceNotifierTests {
    /// A datagram socket, as a service manager has it.
    private final class Listener {
        private let descriptor: Int32

        init(_ path: String) {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { bytes in
                for (index, byte) in path.utf8.enumerated() { bytes[index] = byte }
            }
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            precondition(bound == 0, "the test's socket is its own")
        }

        deinit { close(descriptor) }

        func next() -> String {
            var bytes = [UInt8](repeating: 0, count: 1_024)
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
    }

    @Test func `the service manager hears that it is ready, what it does and that it stops`() throws
    {
        let directory = try TemporaryDirectory()
        let listener = Listener(directory.path("notify"))
        let notifier = ServiceNotifier(path: directory.path("notify"))
        notifier.ready("Serving\nhere")
        notifier.status("Busy")
        notifier.stopping()
        #expect(listener.next() == "READY=1\nSTATUS=Serving here")
        #expect(listener.next() == "STATUS=Busy")
        #expect(listener.next() == "STOPPING=1")
    }

    @Test(arguments: [nil, "", "/nowhere/notify", String(repeating: "x", count: 200)])
    func `without a service manager nothing happens`(path: String?) {
        ServiceNotifier(path: path).ready("Serving")
    }
}
