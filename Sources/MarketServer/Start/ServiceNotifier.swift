internal import Glibc

/// Tells systemd how the daemon fares (sd_notify(3)); without `NOTIFY_SOCKET`, nobody.
struct ServiceNotifier: Sendable {
    private let address: UnixAddress?

    /// Makes a notifier.
    ///
    /// - Parameter path: the value of `NOTIFY_SOCKET`; a leading `@` names an abstract socket.
    init(path: String?) {
        address = path.flatMap(UnixAddress.init)
    }

    /// The daemon serves.
    func ready(_ status: String) { send("READY=1\nSTATUS=\(Self.oneLine(status))") }

    /// What the daemon does, in words.
    func status(_ status: String) { send("STATUS=\(Self.oneLine(status))") }

    /// The daemon is about to stop.
    func stopping() { send("STOPPING=1") }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    /// Sends one datagram. That nobody listens must not keep the daemon from its work, so failures
    /// are not reported.
    private func send(_ message: String) {
        guard let address else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        address.send(Array(message.utf8), from: descriptor)
    }
}
