public import MarketRPC

/// A line that the market refused for its values.
public struct RefusedLine: Equatable, Sendable {
    /// The line, from 1.
    public var line: Int
    /// What is wrong with it, as the market says it.
    public var problem: String
}

/// What became of the requests of a workload.
public struct PlaySummary: Equatable, Sendable {
    /// Requests that were sent and answered.
    public internal(set) var answered = 0
    /// Requests left out because what they refer to never came about: the lead was not sold, the order was refused.
    public internal(set) var skipped = 0
    /// Requests sent again because later ones refer to them; counted nowhere else.
    public internal(set) var repeated = 0
    /// Results by method and, for leads, by status and reason: `lead.submit released`.
    public internal(set) var results: [String: Int] = [:]
    /// Errors by method and reason: `order.pause orderCancelled`.
    public internal(set) var errors: [String: Int] = [:]
    /// How many of the errors were not to be expected.
    public internal(set) var unexpectedErrors = 0
    /// The first unexpected errors, in words.
    public internal(set) var examples: [String] = []
    /// Lines of a file that the market refused for what stands on them, in the order of the answers.
    public internal(set) var refused: [RefusedLine] = []
    /// The line to go on from after an interruption; `nil` when all were sent and answered.
    public internal(set) var nextLine: Int?
    /// Whether somebody asked to stop.
    public internal(set) var isInterrupted = false
    /// How long it took.
    public internal(set) var duration: Duration = .zero
    /// The highest log position in a reply.
    public internal(set) var position: Int64 = 0

    static let maximumExamples = 10

    /// Answered requests a second.
    public var rate: Double {
        let seconds = duration / .seconds(1)
        return seconds > 0 ? Double(answered) / seconds : 0
    }

    /// How many requests of a method ended in an error.
    public func errorCount(method: String) -> Int {
        errors.reduce(0) { $0 + ($1.key.hasPrefix(method + " ") ? $1.value : 0) }
    }

    /// How the program ends.
    public var exitStatus: ExitStatus {
        if isInterrupted { return .interrupted }
        if nextLine != nil { return .unreachable }
        return unexpectedErrors > 0 ? .refused : .success
    }

    /// The summary as JSON.
    public var json: JSONValue {
        func counts(_ counts: [String: Int]) -> JSONValue {
            .object(
                JSONObject(
                    counts.sorted { $0.key < $1.key }.map {
                        JSONMember(name: $0.key, value: .integer(Int64($0.value)))
                    }))
        }
        return [
            "answered": .integer(Int64(answered)), "skipped": .integer(Int64(skipped)),
            "repeated": .integer(Int64(repeated)), "results": counts(results),
            "errors": counts(errors), "unexpectedErrors": .integer(Int64(unexpectedErrors)),
            "examples": .array(examples.map { .string($0) }),
            "nextLine": nextLine.map { .integer(Int64($0)) } ?? .null,
            "interrupted": .bool(isInterrupted), "position": .integer(position),
            "milliseconds": .integer(Int64(duration / .milliseconds(1))),
        ]
    }

    /// The summary for people.
    public var text: String {
        var table = TextTable(columns: [.left("what"), .right("count")])
        for (key, count) in results.sorted(by: { $0.key < $1.key }) {
            table.add([key, grouped(count)])
        }
        for (key, count) in errors.sorted(by: { $0.key < $1.key }) {
            table.add(["error: " + key, grouped(count)])
        }
        if skipped > 0 { table.add(["not sent: refers to what did not happen", grouped(skipped)]) }
        var text = table.rendered
        text +=
            "\(grouped(answered)) requests in \(seconds) s, \(grouped(Int(rate))) a second\n"
        for example in examples { text += "unexpected: \(example)\n" }
        if let nextLine { text += "go on with --from-line \(nextLine)\n" }
        return text
    }

    private var seconds: String {
        let tenths = Int((duration / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    // MARK: Counting

    mutating func countResult(method: String, result: JSONValue) {
        answered += 1
        var key = method
        if let status = result["status"]?.string { key += " \(status)" }
        if let reason = result["reason"]?.string { key += " \(reason)" }
        results[key, default: 0] += 1
        position = max(position, result["position"]?.integer ?? 0)
    }

    mutating func countError(
        _ played: PlayedRequest, reason: String, message: String, kind: ExpectedErrors.Kind
    ) {
        answered += 1
        errors["\(played.request.method) \(reason)", default: 0] += 1
        switch kind {
        case .timing:
            break
        case .form:
            refused.append(RefusedLine(line: played.number, problem: message))
        case .unexpected:
            unexpectedErrors += 1
            if examples.count < Self.maximumExamples {
                examples.append(
                    "line \(played.number), \(played.label), \(played.request.method): \(message)")
            }
        }
    }
}
