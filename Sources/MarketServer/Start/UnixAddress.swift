internal import Glibc

/// The address of a Unix socket; a leading `@` names one without a file.
struct UnixAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    /// Makes the address of `path`, or returns `nil` when it is too long or empty.
    init?(_ path: String) {
        guard (1...ServerConfiguration.maximumSocketPathBytes).contains(path.utf8.count) else {
            return nil
        }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.enumerated() { unsafe bytes[index] = byte }
            if path.utf8.first == UInt8(ascii: "@") { unsafe bytes[0] = 0 }
        }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        // A path ends with a zero byte, a name without a file does not.
        length = socklen_t(offset + path.utf8.count + (path.hasPrefix("@") ? 0 : 1))
    }

    /// Connects the socket `descriptor`; returns whether somebody listens.
    func connect(_ descriptor: Int32) -> Bool {
        unsafe withAddress { address, length in
            unsafe Glibc.connect(descriptor, address, length) == 0
        }
    }

    /// Sends one datagram from the socket `descriptor`.
    func send(_ bytes: [UInt8], from descriptor: Int32) {
        unsafe withAddress { address, length in
            _ = unsafe bytes.withUnsafeBytes { bytes in
                unsafe sendto(
                    descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), address,
                    length)
            }
        }
    }

    private func withAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe body(address, length)
            }
        }
    }
}
