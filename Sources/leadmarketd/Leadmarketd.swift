import ArgumentParser
import MarketServer

/// The daemon that runs one lead market.
@main
struct Leadmarketd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leadmarketd",
        abstract: "Runs a lead market and serves it on a Unix socket.",
        discussion: """
            Values come from the flags, then from environment variables such as \
            LEADMARKETD_LIMITS_FRAME_BYTES, then from the configuration file, then from the \
            defaults. SIGTERM stops the daemon once everything at hand is answered; a second one \
            stops it at once.

            Exit codes: 0 stopped as asked; 64 wrong usage; 69 it cannot start; 70 at the end writer and follower \
            differed; 74 a write failed, or the follower could not go on; 75 stopping took too long; 78 the \
            configuration is wrong; 130 a second signal stopped it.
            """,
        version: Version.current)

    @Option(
        name: [.customLong("config"), .customLong("configuration")],
        help: "The configuration file (YAML).")
    var configurationFile: String?

    @Option(help: "Where log, views and snapshots live; keys too, unless --keys is given.")
    var data: String?

    @Option(help: "Where the market's secret and the contact keys live.")
    var keys: String?

    @Option(help: "The path of the socket.")
    var socket: String?

    @Option(help: "The market's clock, fixed when it is created: real or supplied.")
    var clock: String?

    @Option(help: "The least severe messages to log: trace to critical.")
    var logLevel: String?

    @Flag(help: "Create a market; there must be none yet. Without it, one is created if missing.")
    var create = false

    @Flag(help: "Check the configuration, say what is wrong with it, and exit.")
    var checkConfig = false

    mutating func run() throws {
        let flags = [
            "dataDirectory": data, "keysDirectory": keys, "socket.path": socket,
            "market.clock": clock, "log.level": logLevel,
        ]
        let daemon = Daemon(
            configurationFile: configurationFile, flags: flags.compactMapValues(\.self),
            mustCreate: create)
        let code = checkConfig ? daemon.check() : daemon.run()
        if code != 0 { throw ExitCode(code) }
    }
}
