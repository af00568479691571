import ArgumentParser

/// Reads a market's log and says what is in it: nothing is ever written.
@main
struct LeadReplay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leadreplay",
        abstract: "Verify, replay and read the log of a market.",
        discussion: """
            DIR is a market's data directory, live or copied, which holds log/, and beside it \
            snapshots/ and keys/ if there are any. It is opened for reading only; contact data \
            stays sealed unless its keys are named, and verify shows none.

            Exit codes: 0 all is well, 1 the log, a snapshot or the keys are not sound (verify) \
            or the subject is not in the log (trace), 2 the data cannot be read, 64 the command line is \
            wrong, 130 interrupted.
            """,
        subcommands: [
            VerifyCommand.self, DigestCommand.self, BalancesCommand.self, TraceCommand.self,
            ExportCommand.self,
        ])
}
