import ArgumentParser
import EventLog
import Glibc
import MarketCore

/// The data directory that every command reads.
struct DataOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("A market's data directory, live or copied.", valueName: "dir"),
        completion: .directory)
    var directory: String

    @Flag(
        name: .customLong("no-lock"),
        help: "Do without the log's lock file: for a copy on media that cannot be written only.")
    var noLock = false

    var data: DataDirectory { DataDirectory(path: directory) }

    /// Opens the log, or says in words why it cannot be opened.
    func openLog() throws -> EventLog {
        guard unsafe access(directory, F_OK) == 0 else {
            throw Failure("There is no directory \(directory). Check the path.")
        }
        if unsafe access(data.logPath, F_OK) != 0,
            unsafe access(directory + "/data.mdb", F_OK) == 0
        {
            throw Failure("\(directory) is a log itself. Name the directory that holds it.")
        }
        do throws(EventLogError) {
            return try data.openLog(usesLockFile: !noLock)
        } catch  where !noLock && error.deniesAccess {
            throw Failure(
                """
                \(error). Reading a live log needs to write its lock file: run as the market's \
                user. For a copy on media that cannot be written, add --no-lock.
                """)
        } catch {
            throw error
        }
    }
}

/// A position given on the command line.
struct PositionArgument: ExpressibleByArgument {
    let position: LogPosition

    init?(argument: String) {
        guard let value = UInt64(argument), value >= 1 else { return nil }
        position = LogPosition(value)
    }
}

/// Why a command cannot go on, in words.
struct Failure: Error, CustomStringConvertible {
    let description: String
    let exitCode: Int32

    init(_ description: String, exitCode: Int32 = 2) {
        self.description = description
        self.exitCode = exitCode
    }
}
