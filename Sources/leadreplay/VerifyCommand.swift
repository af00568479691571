import ArgumentParser
import EventLog
import MarketCore
import MarketTools

/// Checks everything that anybody who holds the log can check.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the whole log, its snapshots and its keys.",
        discussion: """
            Checks the checksum and place of every record, decides every input again and compares \
            the events, checks money and exclusivity by the events' own word, and compares every \
            snapshot with the state that the log leads to. Contacts are opened with the keys in the \
            data directory, or in that of --keys, and shown to nobody; keys of erased persons that are \
            still there are found. A log that comes without keys is checked without them, and the report \
            says so. Events of other versions of the rules \
            are checked for money and exclusivity alone, and said to be.

            Exit code 0: sound. 1: not sound. 2: the data cannot be read.
            """)

    @OptionGroup var options: DataOptions

    @Flag(help: "Print the report as one JSON object.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Where the keys are, which must be there then. (default: keys in <dir>, if any)",
            valueName: "keydir"),
        completion: .directory)
    var keys: String?

    @Option(help: "The most findings to name.")
    var findings = 100

    func validate() throws {
        guard findings >= 1 else { throw ValidationError("--findings must be 1 or more.") }
    }

    func run() throws {
        try Terminal.run {
            let clock = ContinuousClock()
            let start = clock.now
            let report = try audit()
            let duration = clock.now - start
            let text = VerifyReport(report: report, path: options.data.logPath, duration: duration)
            try Terminal.write(json ? text.json : text.text)
            if !report.isSound { throw ExitCode(1) }
        }
    }

    private func audit() throws -> AuditReport {
        let log: EventLog
        do {
            log = try options.openLog()
        } catch let error as EventLogError {
            guard let report = AuditReport(opening: error) else { throw error }
            return report
        }
        var settings = Audit.Options()
        settings.snapshots = options.data.snapshots
        settings.keysDirectory = keys ?? options.data.keysPath
        settings.requiresKeys = keys != nil
        settings.maximumFindings = findings
        let meter = ProgressMeter(title: "verifying", total: Int(clamping: try log.head().rawValue))
        defer { meter.finish() }
        return try Audit(of: log, options: settings).run { position, _ in
            meter.update(Int(clamping: position.rawValue))
        }
    }
}
