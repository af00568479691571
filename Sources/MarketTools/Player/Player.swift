import MarketClient
import MarketRPC
import NIOCore

/// Sends the requests of a workload, in order, many at a time, over one connection.
///
/// A request that needs the reply of an earlier one waits for it, and so do those after it: the market
/// decides the requests of a connection in the order sent, and a supplied clock does not run backwards.
public final class Player {
    /// How a workload is played.
    public struct Options: Sendable {
        /// The daemon's socket.
        public var socketPath: String
        /// How many requests may wait for their replies.
        public var inFlight = 256
        /// The line to begin with; lines before it are sent only when later ones refer to them.
        public var fromLine = 1
        /// Errors that do not make the run a failure.
        public var expected = ExpectedErrors.ofWorkloads
        /// What messages call the file.
        public var path: String

        /// Plays the file at `path` to the daemon at `socketPath`.
        public init(socketPath: String, path: String) {
            self.socketPath = socketPath
            self.path = path
        }
    }

    /// What is known about a label.
    private enum Label {
        /// Of a line before the first one to be played.
        case unsent(WorkloadLine)
        case pending
        case known(EarlierResult)
        /// Refused, or left out.
        case failed
    }

    private let options: Options
    private let inbox = ReplyInbox()
    private let parser = JSONParser()
    private let progress: ProgressMeter?
    private var labels: [String: Label] = [:]
    private var pending: [String: (played: PlayedRequest, isRepeated: Bool)] = [:]
    private var summary = PlaySummary()

    /// Makes a player for one run.
    ///
    /// - Parameter progress: shows how far it is, if given.
    public init(_ options: Options, progress: ProgressMeter? = nil) {
        self.options = options
        self.progress = progress
    }

    /// Plays lines until `next` has no more or a stop is requested.
    ///
    /// - Returns: what became of them; also when the connection ended, with the line to go on from.
    /// - Throws: ``ToolError`` when the daemon is not there or a line is no request; what was sent by then has been answered.
    public func play(
        _ next: () throws(ToolError) -> WorkloadLine?
    ) async throws(ToolError) -> PlaySummary {
        let connection: LineConnection
        do throws(ClientError) {
            connection = try await LineConnection.connect(
                path: options.socketPath, onLine: { [inbox] in inbox.deliver($0) },
                onEnd: { [inbox] in inbox.end($0) })
        } catch {
            throw .unreachable("\(error)")
        }
        let start = ContinuousClock.now
        var current: Int?
        var fault: ToolError?
        do throws(Ending) {
            while !StopRequest.isRequested, let line = try nextLine(next) {
                current = line.number
                try await play(line, over: connection)
                current = nil
            }
            if StopRequest.isRequested { summary.isInterrupted = true }
            while !pending.isEmpty { try await receive() }
        } catch {
            switch error {
            case .fault(let reason): fault = reason
            case .lost(let reason): summary.examples.append("\(reason)")
            }
            while fault != nil, !pending.isEmpty, (try? await receive()) != nil {}
        }
        noteWhereToGoOn(current: current, next)
        summary.duration = ContinuousClock.now - start
        progress?.finish()
        await connection.close()
        if let fault { throw fault }
        return summary
    }

    /// Why playing ended early.
    private enum Ending: Error {
        case fault(ToolError)
        case lost(ClientError)
    }

    private func nextLine(
        _ next: () throws(ToolError) -> WorkloadLine?
    ) throws(Ending) -> WorkloadLine? {
        do throws(ToolError) {
            while let line = try next() {
                if line.bytes.isEmpty { continue }
                guard line.number < options.fromLine else { return line }
                let played = try PlayedRequest(line, parser: parser, path: options.path)
                labels[played.label] = .unsent(line)
            }
            return nil
        } catch {
            throw .fault(error)
        }
    }

    /// The first line that was not answered, or not sent.
    private func noteWhereToGoOn(
        current: Int?, _ next: () throws(ToolError) -> WorkloadLine?
    ) {
        let unanswered = pending.values.lazy.filter { !$0.isRepeated }.map(\.played.number).min()
        let waiting = [unanswered, current].compactMap(\.self).min()
        if let waiting {
            summary.nextLine = waiting
        } else if summary.isInterrupted, let line = try? next() {
            summary.nextLine = line.number
        }
    }

    // MARK: Sending

    private func play(
        _ line: WorkloadLine, over connection: LineConnection, isRepeated: Bool = false
    ) async throws(Ending) {
        let played: PlayedRequest
        do throws(ToolError) {
            played = try PlayedRequest(line, parser: parser, path: options.path)
            try checkLabel(of: played, isRepeated: isRepeated)
        } catch {
            throw .fault(error)
        }
        for placeholder in played.placeholders {
            try await settle(placeholder, of: played, over: connection)
        }
        var values: [JSONValue] = []
        for placeholder in played.placeholders {
            guard let value = value(of: placeholder) else {
                labels[played.label] = .failed
                if !isRepeated { summary.skipped += 1 }
                return
            }
            values.append(value)
        }
        try await makeRoom()
        var position = 0
        let bytes = played.line { _ in
            defer { position += 1 }
            return values[position]
        }
        labels[played.label] = .pending
        pending[played.label] = (played, isRepeated)
        connection.enqueue(ByteBuffer(bytes: bytes))
    }

    private func checkLabel(of played: PlayedRequest, isRepeated: Bool) throws(ToolError) {
        if isRepeated {
            guard played.request.parameters["idempotencyKey"] != nil else {
                throw .line(
                    path: options.path, line: played.number,
                    problem:
                        "a later line refers to it and it has no idempotencyKey to send it again"
                )
            }
        } else if labels[played.label] != nil {
            throw .line(
                path: options.path, line: played.number,
                problem: "the id \(played.label) stands on an earlier line too")
        }
    }

    /// Waits until it is known what `placeholder` stands for, or that it stands for nothing.
    private func settle(
        _ placeholder: Placeholder, of played: PlayedRequest, over connection: LineConnection
    ) async throws(Ending) {
        while true {
            switch labels[placeholder.label] {
            case nil:
                let problem = "refers to \(placeholder.label), which is no earlier line's id"
                throw .fault(.line(path: options.path, line: played.number, problem: problem))
            case .unsent(let line)?:
                summary.repeated += 1
                try await play(line, over: connection, isRepeated: true)
            case .pending?:
                try await receive()
            case .known?, .failed?:
                return
            }
        }
    }

    private func value(of placeholder: Placeholder) -> JSONValue? {
        guard case .known(let result)? = labels[placeholder.label] else { return nil }
        return result.value(of: placeholder)
    }

    private func makeRoom() async throws(Ending) {
        let lines: [ByteBuffer]
        do throws(ClientError) { lines = try inbox.take() } catch { throw .lost(error) }
        for line in lines { try handle(line) }
        while pending.count >= options.inFlight { try await receive() }
    }

    // MARK: Receiving

    private func receive() async throws(Ending) {
        await inbox.wait()
        let lines: [ByteBuffer]
        do throws(ClientError) { lines = try inbox.take() } catch { throw .lost(error) }
        for line in lines { try handle(line) }
    }

    private func handle(_ line: ByteBuffer) throws(Ending) {
        let reply: JSONValue
        do throws(JSONError) {
            reply = try parser.parse(line).value
        } catch {
            throw .lost(.protocolViolation("a line is no JSON (\(error))"))
        }
        let label: String
        switch reply["id"] {
        case .string(let text)?: label = text
        case .integer(let integer)?: label = String(integer)
        default: return
        }
        guard let (played, isRepeated) = pending.removeValue(forKey: label) else { return }
        if let result = reply["result"] {
            labels[label] = .known(EarlierResult(result))
            if !isRepeated { summary.countResult(method: played.request.method, result: result) }
        } else {
            labels[label] = .failed
            let refusal = reply["error"].flatMap { ClientError.Refusal($0) }
            let reason = refusal?.reason ?? ""
            if !isRepeated {
                summary.countError(
                    played, reason: reason, message: refusal?.message ?? "an error without a code",
                    kind: options.expected.kind(method: played.request.method, reason: reason))
            }
        }
        progress?.update(summary.answered + summary.skipped)
    }
}
