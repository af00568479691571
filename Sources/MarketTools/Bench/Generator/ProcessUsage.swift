import Foundation
import Glibc

/// What processes use, as the kernel counts it.
enum ProcessUsage {
    /// The processor time of this process so far, in seconds.
    static var ownSeconds: Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
        }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// The processor time of a process so far, in seconds; `nil` when it cannot be read.
    static func seconds(of process: Int32) -> Double? {
        guard let text = read("/proc/\(process)/stat"), let name = text.lastIndex(of: ")") else {
            return nil
        }
        // proc(5): utime and stime are fields 14 and 15; the name, which may have blanks, is the second.
        let fields = text[name...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13])
        else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The memory of a process in KiB: all that is resident, and what of it is its own, without pages of mapped files.
    static func memory(of process: Int32) -> (residentKiB: Int, ownKiB: Int)? {
        guard let text = read("/proc/\(process)/status") else { return nil }
        func number(_ name: String) -> Int? {
            guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else {
                return nil
            }
            return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        }
        guard let resident = number("VmRSS:"), let own = number("RssAnon:") else { return nil }
        return (resident, own)
    }

    private static func read(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
