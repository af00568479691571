public import EventLog
internal import Glibc
public import Projections

/// Why the daemon does not start. Every description says what to do.
public enum StartError: Error, Hashable, Sendable {
    /// Another daemon has the directory.
    case inUse(directory: String)
    /// There is a market, and a new one was asked for.
    case marketExists(directory: String)
    /// The market was founded with another clock, currency or offset than the configuration says.
    case otherFoundation(key: String, market: String, configured: String)
    /// The log was written by rules newer than this program's.
    case newerRules(log: Int, program: Int)
    /// What is derived from the log reaches further than the log: its end was lost, or it is another.
    case logTooShort(head: UInt64, derived: UInt64, directory: String)
    /// There are far more contact keys than the log names.
    case keysBeyondLog(surplus: UInt64, path: String)
    /// The log cannot be read, or the keys do not fit it.
    case storage(EventLogError)
    /// The snapshots cannot be listed.
    case snapshots(SnapshotError)
    /// The views cannot be used.
    case views(ViewError)
    /// The socket cannot be opened.
    case socket(path: String, problem: String)
    /// A call of the system failed.
    case file(call: String, path: String, code: Int32)

    /// Runs a part of the start that reads or writes the log or the keys.
    static func check<Value>(
        _ body: () throws(EventLogError) -> Value
    ) throws(StartError) -> Value {
        do {
            return try body()
        } catch {
            throw .storage(error)
        }
    }

    /// Runs a part of the start that reads or writes the views.
    static func check<Value>(
        _ body: () throws(ViewError) -> Value
    ) throws(StartError) -> Value {
        do {
            return try body()
        } catch {
            throw .views(error)
        }
    }

    /// Runs a part of the start that reads or writes the snapshots.
    static func check<Value>(
        _ body: () throws(SnapshotError) -> Value
    ) throws(StartError) -> Value {
        do {
            return try body()
        } catch {
            throw .snapshots(error)
        }
    }

    /// Makes an error of `errno`, which must not have been touched since the call.
    static func system(_ call: String, _ path: String) -> StartError {
        .file(call: call, path: path, code: errno)
    }
}

extension StartError: CustomStringConvertible {
    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .inUse(let directory):
            "Another leadmarketd is running on \(directory). Stop it first, or name another one."
        case .marketExists(let directory):
            "There is a market in \(directory) already. Start without --create."
        case .otherFoundation(let key, let market, let configured):
            """
            The market was created with \(key) \(market), which is fixed for ever, and the \
            configuration says \(configured). Set \(key) to \(market).
            """
        case .newerRules(let log, let program):
            """
            The log was decided by rules version \(log) and this program has version \(program). \
            Use the newer leadmarketd that wrote it.
            """
        case .logTooShort(let head, let derived, let directory):
            """
            The log in \(directory) ends at event \(head), but views or snapshots beside it were made \
            from \(derived) events: the end of the log is lost. Restore log and keys from a backup. If \
            you restored an older log on purpose, delete views/ and snapshots/ and start again.
            """
        case .keysBeyondLog(let surplus, let path):
            """
            \(path) holds \(surplus) keys more than the log names leads: the log is older than the keys. \
            Restore log and keys from the same backup; going on would destroy these keys.
            """
        case .storage(let error):
            error.description
        case .snapshots(let error):
            "\(error) Correct that, or delete the snapshots: they are derived from the log."
        case .views(let error):
            """
            The views cannot be used (\(error)). Make room where the disk is full; else delete them: they \
            are derived from the log.
            """
        case .socket(let path, let problem):
            "The socket \(path) cannot be opened: \(problem). Check its directory."
        case .file(let call, let path, let code):
            unsafe """
            \(call) on \(path) failed: \(String(cString: strerror(code))) (code \(code)). Check its \
            directory's owner and permissions.
            """
        }
    }
}
