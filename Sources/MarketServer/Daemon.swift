internal import FoundationEssentials
internal import Glibc
internal import Logging

/// The daemon as its executable runs it: configuration, signals, the service manager.
public struct Daemon {
    /// Exit codes, for scripts and service managers (sysexits.h).
    enum Exit {
        static let cannotStart: Int32 = 69
        static let software: Int32 = 70
        static let writeFailed: Int32 = 74
        static let timedOut: Int32 = 75
        static let badConfiguration: Int32 = 78
        static let killed: Int32 = 130
    }

    /// How far it has come.
    private enum Phase {
        case starting
        case serving
        case asked(String)
    }

    private let configurationFile: String?
    private let flags: [String: String]
    private let mustCreate: Bool

    /// Describes a daemon.
    ///
    /// - Parameters:
    ///   - configurationFile: a YAML file, or `nil` for none.
    ///   - flags: values by configuration key, which win over everything else.
    ///   - mustCreate: whether the market must be new; else it is created only where missing.
    public init(configurationFile: String?, flags: [String: String], mustCreate: Bool) {
        self.configurationFile = configurationFile
        self.flags = flags
        self.mustCreate = mustCreate
    }

    /// Says what is wrong with the configuration; returns the exit code.
    public func check() -> Int32 {
        do throws(ConfigurationError) {
            _ = try configuration()
            print("The configuration is sound.")
            return 0
        } catch {
            complain("\(error)")
            return Exit.badConfiguration
        }
    }

    /// Runs until a signal stops it; returns the exit code.
    public func run() -> Int32 {
        let signals = StopSignals()
        let configuration: ServerConfiguration
        do throws(ConfigurationError) {
            configuration = try self.configuration()
        } catch {
            complain("\(error)")
            return Exit.badConfiguration
        }
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "leadmarketd")
        logger.logLevel = configuration.logLevel
        let notifier = ServiceNotifier(
            path: ProcessInfo.processInfo.environment["NOTIFY_SOCKET"])
        let phase = Monitor(Phase.starting)
        let stopper = WorkThread("stopper") { [logger] in
            let signal = signals.wait()
            phase.change { phase in
                if case .starting = phase {
                    // Nobody was answered yet, and the next start goes on from what is on disk.
                    logger.notice("stopped while starting", metadata: ["signal": "\(signal)"])
                    _exit(0)
                }
                phase = .asked(signal)
                return true
            }
            // Whoever asks twice does not want to wait; the log has everything acknowledged.
            _ = signals.wait()
            _exit(Exit.killed)
        }
        let server: Server
        do throws(StartError) {
            server = try Server.start(
                configuration, creation: mustCreate ? .required : .ifMissing, logger: logger
            ) {
                phase.withLock { $0 = .serving }
            }
        } catch {
            logger.critical("not started", metadata: ["problem": "\(error)"])
            complain("\(error)")
            return Exit.cannotStart
        }
        notifier.ready("Serving \(configuration.socketPath)")
        let signal = phase.wait(until: nil) {
            if case .asked(let signal) = $0 { signal } else { nil }
        }
        logger.notice("stopping", metadata: ["signal": "\(signal ?? "none")"])
        notifier.stopping()
        notifier.status("Answering what is at hand")
        let end = server.stop()
        withExtendedLifetime(stopper) {}
        switch end {
        case .clean: return 0
        case .digestsDiffer: return Exit.software
        case .timedOut: return Exit.timedOut
        }
    }

    private func configuration() throws(ConfigurationError) -> ServerConfiguration {
        try ServerConfiguration(
            path: configurationFile, flags: flags,
            environment: ProcessInfo.processInfo.environment)
    }

    private func complain(_ problem: String) {
        let bytes = Array("leadmarketd: \(problem)\n".utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    }
}
