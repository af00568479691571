import Logging
import Synchronization

/// What a server under test says in its log.
final class RecordingLog: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    private let recorded = Mutex<[Line]>([])

    /// A logger that records here.
    var logger: Logger {
        Logger(label: "test") { _ in Handler(log: self) }
    }

    /// The lines that say `message`.
    func lines(_ message: String) -> [Line] {
        recorded.withLock { $0.filter { $0.message == message } }
    }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = Line(
                level: event.level, message: "\(event.message)",
                metadata: (event.metadata ?? [:]).mapValues { "\($0)" })
            log.recorded.withLock { $0.append(line) }
        }
    }
}
