public import MarketRPC

/// Puts the people of a list on the do-not-contact list of a market, many at a time.
///
/// Doing it again changes nothing: who is on the list already is counted and no error.
public struct SuppressionImport: Sendable {
    /// How a list is sent.
    public struct Options: Sendable {
        /// The daemon's socket.
        public var socketPath: String
        /// What the log says about why; empty for nothing.
        public var reason = ""
        /// When, on a supplied clock.
        public var at: String?
        /// How many requests may wait for their replies.
        public var inFlight = 256
        /// What messages call the file.
        public var path: String

        /// Sends the file at `path` to the daemon at `socketPath`.
        public init(socketPath: String, path: String) {
            self.socketPath = socketPath
            self.path = path
        }
    }

    /// What became of the lines.
    public struct Outcome: Sendable {
        /// Lines with something on them.
        public var lines: Int
        /// People who were put on the list, or would be.
        public var added = 0
        /// Lines of people who were on it already; in a dry run, who stand on an earlier line.
        public var present = 0
        /// Lines that name nobody the market can know, in the order of the file.
        public var misfits: [SuppressionFile.Misfit]
        /// Whether nothing was sent.
        public var isDry = false
        /// What became of the requests.
        public var play: PlaySummary?

        /// How the program ends.
        public var exitStatus: ExitStatus {
            if let play, play.exitStatus != .success { return play.exitStatus }
            return misfits.isEmpty ? .success : .badData
        }
    }

    private let list: SuppressionFile
    private let options: Options

    /// Prepares to send `list`.
    public init(_ list: SuppressionFile, _ options: Options) {
        self.list = list
        self.options = options
    }

    /// Checks the lines as the market would, and sends nothing.
    ///
    /// - Parameter information: the result of `market.info`.
    public func dryRun(_ information: JSONValue) -> Outcome {
        var outcome = Outcome(
            lines: list.entries.count + list.misfits.count, misfits: list.misfits, isDry: true)
        let form = (information["settings"]?["phonePattern"]?.string).flatMap { PhoneForm($0) }
        var seen: Set<SuppressionFile.Person> = []
        for entry in list.entries {
            var person = entry.person
            if case .phone(let text) = person, let form {
                guard let digits = form.digits(of: text) else {
                    let problem = "'\(text)' is no phone number that this market takes"
                    outcome.misfits.append(.init(line: entry.line, problem: problem))
                    continue
                }
                person = .phone(digits)
            }
            if seen.insert(person).inserted { outcome.added += 1 } else { outcome.present += 1 }
        }
        outcome.misfits.sort { $0.line < $1.line }
        return outcome
    }

    /// Sends the list.
    ///
    /// - Throws: ``ToolError`` when the daemon is not there.
    public func run(progress: ProgressMeter? = nil) async throws(ToolError) -> Outcome {
        var player = Player.Options(socketPath: options.socketPath, path: options.path)
        player.inFlight = options.inFlight
        player.expected = .ofSuppressions
        var rest = list.entries[...]
        let summary = try await Player(player, progress: progress).play {
            rest.popFirst().map(line)
        }
        var outcome = Outcome(
            lines: list.entries.count + list.misfits.count, misfits: list.misfits, play: summary)
        outcome.added = summary.results["contact.suppress"] ?? 0
        outcome.present = summary.errors["contact.suppress alreadySuppressed"] ?? 0
        outcome.misfits += summary.refused.map { .init(line: $0.line, problem: $0.problem) }
        outcome.misfits.sort { $0.line < $1.line }
        return outcome
    }

    private func line(_ entry: SuppressionFile.Entry) -> WorkloadLine {
        var parameters = JSONObject()
        switch entry.person {
        case .phone(let phone): parameters["phone"] = .string(phone)
        case .identity(let identity): parameters["identity"] = .string(identity)
        }
        if !options.reason.isEmpty { parameters["reason"] = .string(options.reason) }
        if let at = options.at { parameters["at"] = .string(at) }
        return WorkloadLine(
            number: entry.line, label: "line-\(entry.line)", method: "contact.suppress",
            parameters: parameters)
    }
}

extension SuppressionImport.Outcome {
    /// The outcome for people; the misfits stand on their own.
    public var text: String {
        var table = TextTable(columns: [.left("lines"), .right("count")])
        table.add([isDry ? "would be put on the list" : "put on the list", grouped(added)])
        table.add([isDry ? "stand on an earlier line" : "on it already", grouped(present)])
        table.add(["not understood", grouped(misfits.count)])
        let missing = lines - added - present - misfits.count
        if missing > 0 { table.add(["not answered", grouped(missing)]) }
        table.add(["all", grouped(lines)])
        var text = table.rendered
        for example in play?.examples ?? [] { text += "unexpected: \(example)\n" }
        if missing > 0 { text += "do it again: whoever is on the list already stays on it\n" }
        return text
    }

    /// The outcome as JSON.
    public var json: JSONValue {
        [
            "lines": .integer(Int64(lines)), "added": .integer(Int64(added)),
            "present": .integer(Int64(present)), "dryRun": .bool(isDry),
            "misfits": .array(
                misfits.map {
                    ["line": .integer(Int64($0.line)), "problem": .string($0.problem)]
                }),
        ]
    }
}
