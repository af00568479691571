internal import CPeerCredentials
import Glibc

/// One non-blocking connection of a load generator: bytes on their way out, bytes that came, and what is unanswered.
///
/// Confined to the thread that runs the load.
final class LoadSocket {
    /// What a request is about.
    enum Subject {
        case lead
        case subscription
        /// A change of an order (``OrderChanges/Next/mark``).
        case change(Int)
        case errand(Frontend.Errand)
    }

    /// A request whose answer has not come.
    struct Unanswered {
        /// When it was due, in nanoseconds of ``MonotonicClock``; zero where nothing is unanswered.
        var due: UInt64 = 0
        /// The phase it belongs to.
        var phase = 0
        var subject = Subject.lead
    }

    /// The most requests unanswered at once; what the daemon takes by default is 4,096.
    static let maximumInFlight = 4_000
    private static let ringSize = 8_192
    private static let receiveBytes = 64 * 1_024
    /// More is not put into the queue while so much of it waits for the kernel.
    private static let fullBytes = 512 * 1_024

    let descriptor: Int32
    var output: [UInt8] = []
    private var sent = 0
    private var input: [UInt8]
    private var received = 0
    private var ring = [Unanswered](repeating: Unanswered(), count: ringSize)
    private var turn = 0
    private(set) var inFlight = 0

    /// Connects to the socket at `path`.
    ///
    /// - Throws: ``ToolError/unreachable(_:)``.
    init(path: String) throws(ToolError) {
        input = [UInt8](repeating: 0, count: 2 * Self.receiveBytes)
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw Self.problem("socket", path) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else {
            throw .usage("the path of a socket has fewer than \(capacity) bytes: \(path)")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            unsafe bytes.copyBytes(from: path.utf8)
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(descriptor, address, size)
            }
        }
        guard connected == 0 else { throw Self.problem("cannot connect to", path) }
        let flags = fcntl(descriptor, F_GETFL)
        guard fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else {
            throw Self.problem("fcntl", path)
        }
    }

    deinit { close(descriptor) }

    /// The process at the other end, or `nil` when the kernel does not say.
    var peerProcess: Int32? {
        var credentials = leadmarket_peer_credentials()
        var size = socklen_t(MemoryLayout<leadmarket_peer_credentials>.size)
        let code = unsafe getsockopt(
            descriptor, SOL_SOCKET, leadmarket_so_peercred, &credentials, &size)
        return code == 0 && credentials.pid > 0 ? credentials.pid : nil
    }

    // MARK: - Requests

    /// Whether another request may be added.
    var hasRoom: Bool { inFlight < Self.maximumInFlight && unsentBytes < Self.fullBytes }

    /// Bytes that the kernel has not taken.
    var unsentBytes: Int { output.count - sent }

    /// Notes a request and returns its identifier.
    func enter(due: UInt64, phase: Int, subject: Subject = .lead) -> Int {
        precondition(inFlight < Self.ringSize, "a free place must be left")
        repeat { turn += 1 } while ring[turn % Self.ringSize].due != 0
        ring[turn % Self.ringSize] = Unanswered(due: due, phase: phase, subject: subject)
        inFlight += 1
        return LeadDeck.firstIdentifier + turn
    }

    /// Puts a request that ``enter(due:phase:subject:)`` numbered into the queue.
    func add(_ identifier: Int, _ method: String, _ parameters: [UInt8]) {
        output += Array(
            #"{"jsonrpc":"2.0","id":\#(identifier),"method":"\#(method)","params":"#.utf8)
        output += parameters
        output += Array("}\n".utf8)
    }

    /// Notes the answer to `identifier`; `nil` when nothing of that identifier is unanswered.
    func leave(_ identifier: Int) -> Unanswered? {
        let turn = identifier - LeadDeck.firstIdentifier
        guard turn > 0 else { return nil }
        let entry = ring[turn % Self.ringSize]
        guard entry.due != 0 else { return nil }
        ring[turn % Self.ringSize].due = 0
        inFlight -= 1
        return entry
    }

    /// The requests that are still unanswered.
    var unanswered: some Sequence<Unanswered> { ring.lazy.filter { $0.due != 0 } }

    // MARK: - Bytes

    /// Hands to the kernel what it takes.
    ///
    /// - Throws: ``ToolError/unreachable(_:)`` when the daemon has gone.
    func flush() throws(ToolError) {
        while sent < output.count {
            let count = unsafe output.withUnsafeBytes { bytes in
                unsafe send(
                    descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                // What was sent need not be kept once it is much.
                guard sent >= Self.fullBytes else { return }
                output.removeFirst(sent)
                sent = 0
                return
            } else if errno != EINTR {
                throw Self.problem("sending failed:", "")
            }
        }
        output.removeAll(keepingCapacity: true)
        sent = 0
    }

    /// Takes what has come, once, and shows each whole line, without its line end.
    ///
    /// - Returns: `false` when the daemon has closed the connection.
    /// - Throws: ``ToolError/unreachable(_:)``.
    func receive(_ each: (Span<UInt8>) -> Void) throws(ToolError) -> Bool {
        if input.count - received < Self.receiveBytes {
            input += [UInt8](repeating: 0, count: input.count)
        }
        let count = unsafe input.withUnsafeMutableBytes { bytes in
            unsafe recv(
                descriptor, bytes.baseAddress?.advanced(by: received), bytes.count - received, 0)
        }
        if count < 0 {
            if errno == EAGAIN || errno == EINTR { return true }
            throw Self.problem("receiving failed:", "")
        }
        if count == 0 { return false }
        let end = received + count
        let consumed = unsafe input.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            var start = 0
            var search = received
            while search < end, let found = unsafe memchr(base + search, 10, end - search) {
                let newline = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
                let line = bytes.extracting(start..<newline)
                unsafe each(line.span)
                start = newline + 1
                search = start
            }
            return start
        }
        received = end - consumed
        if consumed > 0, received > 0 {
            unsafe input.withUnsafeMutableBytes { bytes in
                unsafe bytes.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[consumed..<end]))
            }
        }
        return true
    }

    private static func problem(_ what: String, _ path: String) -> ToolError {
        let code = errno
        let text = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return .unreachable(path.isEmpty ? "\(what) \(text)" : "\(what) \(path): \(text)")
    }
}
