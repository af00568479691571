import Foundation
import Glibc
import Histogram
import LMDB
public import MarketRPC

/// What a durable answer costs where nothing is prepared: its parts, each alone.
///
/// One client with one request in flight waits for a commit and for its words to go over the socket and back, and
/// where its contact's key is not on disk before, for that to be synced. The sum of the three medians is the floor under its latency.
public struct FloorBenchmark: Sendable {
    /// One of the parts.
    public enum Part: String, CaseIterable, Sendable {
        /// A write of 64 bytes at the end of a file, and `fdatasync`.
        case keySync
        /// An LMDB transaction that appends one record of 250 bytes, with full sync.
        case commit
        /// 400 bytes over a Unix socket to another thread and 300 back.
        case roundTrip

        /// What it is, for people.
        var title: String {
            switch self {
            case .keySync: "append 64 bytes, fdatasync"
            case .commit: "LMDB commit of one record"
            case .roundTrip: "Unix socket, there and back"
            }
        }
    }

    /// What was measured.
    public struct Outcome: Sendable {
        /// Latencies by part.
        public internal(set) var parts: [Part: LatencySummary] = [:]

        /// Whether a signal ended it before its time.
        public internal(set) var wasInterrupted = false

        /// The sum of the medians in microseconds; `nil` where not all parts were measured.
        public var microseconds: Double? {
            guard !wasInterrupted, parts.count == Part.allCases.count else { return nil }
            return (parts.values.reduce(0) { $0 + $1.median } * 10).rounded() / 10
        }

        /// The outcome as JSON.
        public var json: JSONValue {
            var object: JSONObject = ["kind": "floor"]
            if let microseconds { object["floorMicroseconds"] = .double(microseconds) }
            object["interrupted"] = .bool(wasInterrupted)
            for part in Part.allCases { object[part.rawValue] = parts[part]?.json }
            return .object(object)
        }

        /// The outcome for people.
        public var text: String {
            var table = TextTable(
                columns: [.left("part")]
                    + LatencySummary.percentiles.map { .right("\($0.name) µs") })
            for part in Part.allCases {
                guard let latency = parts[part] else { continue }
                table.add([part.title] + latency.microseconds.map(LoadTable.shown))
            }
            guard let microseconds else { return table.rendered + "\nstopped before its time\n" }
            return table.rendered + "\nfloor: \(microseconds) µs, the sum of the medians\n"
        }
    }

    /// Where to write; must be on the disk that the daemon writes to.
    public var directory: String
    /// How long each part is measured, in seconds.
    public var seconds = 1.0

    /// Measures in a directory of its own under `directory`, which is removed again.
    public init(directory: String) {
        self.directory = directory
    }

    /// Measures the parts.
    ///
    /// - Throws: ``ToolError``.
    public func run() throws(ToolError) -> Outcome {
        guard (0.01...600).contains(seconds) else {
            throw .usage("each part is measured for 0.01 to 600 seconds")
        }
        let place = directory + "/leadbench-floor-\(UInt64.random(in: 0 ... .max))"
        guard unsafe mkdir(place, 0o700) == 0 else { throw Self.problem(place) }
        defer { try? FileManager.default.removeItem(atPath: place) }
        var outcome = Outcome()
        do {
            outcome.parts[.keySync] = try keySync(place + "/keys")
            outcome.parts[.commit] = try commit(place + "/log")
            outcome.parts[.roundTrip] = try roundTrip()
        } catch let error as ToolError {
            throw error
        } catch {
            throw .file(path: place, problem: "\(error)")
        }
        outcome.wasInterrupted = StopRequest.isRequested
        return outcome
    }

    private func measure(_ body: () throws -> Void) throws -> LatencySummary? {
        var histogram = PhaseRecord.histogram()
        for _ in 0..<20 { try body() }
        let end = MonotonicClock.now + MonotonicClock.nanoseconds(seconds)
        var before = MonotonicClock.now
        while before < end, !StopRequest.isRequested {
            try body()
            let after = MonotonicClock.now
            histogram.record(after - before)
            before = after
        }
        return LatencySummary(histogram)
    }

    private func keySync(_ path: String) throws -> LatencySummary? {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.problem(path) }
        defer { close(descriptor) }
        let bytes = [UInt8](repeating: 0x5A, count: 64)
        return try measure {
            let count = unsafe write(descriptor, bytes, bytes.count)
            guard count == bytes.count, fdatasync(descriptor) == 0 else {
                throw Self.problem(path)
            }
        }
    }

    private func commit(_ directory: String) throws -> LatencySummary? {
        let record = [UInt8](repeating: 0x5A, count: 250)
        let environment = try Environment(
            path: directory,
            options: EnvironmentOptions(
                mapSizeBytes: 1 << 30, maximumTables: 1, createsDirectory: true))
        let table = try environment.openTable("records", keys: .integers, create: true)
        var position: UInt64 = 0
        return try measure {
            position += 1
            var transaction = try environment.beginWrite()
            unsafe try transaction.append(record.span.bytes, for: position, in: table)
            try transaction.commit()
        }
    }

    private func roundTrip() throws -> LatencySummary? {
        var ends: [Int32] = [0, 0]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            throw Self.problem("socketpair")
        }
        let far = ends[1]
        Thread.detachNewThread {
            var request = [UInt8](repeating: 0, count: 400)
            let reply = [UInt8](repeating: 0x5A, count: 300)
            while unsafe recv(far, &request, request.count, Int32(MSG_WAITALL)) > 0 {
                _ = unsafe send(far, reply, reply.count, Int32(MSG_NOSIGNAL))
            }
            close(far)
        }
        defer { close(ends[0]) }
        let request = [UInt8](repeating: 0x5A, count: 400)
        var reply = [UInt8](repeating: 0, count: 300)
        return try measure {
            let sent = unsafe send(ends[0], request, request.count, Int32(MSG_NOSIGNAL))
            let received = unsafe recv(ends[0], &reply, reply.count, Int32(MSG_WAITALL))
            guard sent == request.count, received == reply.count else {
                throw Self.problem("socketpair")
            }
        }
    }

    private static func problem(_ path: String) -> ToolError {
        let code = errno
        let text = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return .file(path: path, problem: text)
    }
}
