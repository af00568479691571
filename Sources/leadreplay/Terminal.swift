import ArgumentParser
import Glibc
import MarketTools

/// The standard output, and how a command ends.
enum Terminal {
    /// Runs a command: what it throws is told on the standard error, and becomes the exit code.
    static func run(_ body: () throws -> Void) throws {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT) { _ in
            // Only calls that a signal handler may make. Nothing was written, so nothing is undone.
            unsafe Glibc.write(STDERR_FILENO, "\n", 1)
            _exit(130)
        }
        do {
            try body()
        } catch let exit as ExitCode {
            throw exit
        } catch let failure as Failure {
            StandardError.write("leadreplay: \(failure)\n")
            throw ExitCode(failure.exitCode)
        } catch {
            StandardError.write("leadreplay: \(error)\n")
            throw ExitCode(2)
        }
    }

    /// Writes `text` to the standard output.
    static func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Writes `bytes` to the standard output; ends the process when nobody reads it any more.
    static func write(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
                return unsafe Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
            }
            if written < 0 {
                switch errno {
                case EINTR: continue
                // As a process ends that the signal ends.
                case EPIPE: throw ExitCode(128 + SIGPIPE)
                default:
                    throw Failure(
                        unsafe "Writing the output failed: \(String(cString: strerror(errno))).")
                }
            }
            done += written
        }
    }
}
