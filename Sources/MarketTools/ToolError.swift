/// Why a tool cannot go on; every message names the place and what is wrong with it.
public enum ToolError: Error, Hashable, Sendable {
    /// A file cannot be opened, read or written.
    case file(path: String, problem: String)
    /// A file as a whole is not what it should be.
    case contents(path: String, problem: String)
    /// A line of a file is not what it should be. Lines count from 1.
    case line(path: String, line: Int, problem: String)
    /// A member of a YAML file is not what it should be; `member` is its path, as in `time.format`.
    case mapping(path: String, member: String, problem: String)
    /// The command line asks for something that is not possible.
    case usage(String)
    /// The daemon answered a request that must succeed with an error.
    case refused(request: String, problem: String)
    /// The daemon is not there, or went away.
    case unreachable(String)
}

extension ToolError: CustomStringConvertible {
    /// The error in plain words.
    public var description: String {
        switch self {
        case .file(let path, let problem), .contents(let path, let problem): "\(path): \(problem)"
        case .line(let path, let line, let problem): "\(path):\(line): \(problem)"
        case .mapping(let path, let member, let problem):
            member.isEmpty ? "\(path): \(problem)" : "\(path): \(member): \(problem)"
        case .usage(let problem): problem
        case .refused(let request, let problem): "\(request): \(problem)"
        case .unreachable(let problem): problem
        }
    }
}

extension ToolError {
    /// How a program ends because of this error, see ``ExitStatus``.
    public var exitStatus: ExitStatus {
        switch self {
        case .file(_, _): .noInput
        case .contents(_, _), .line(_, _, _), .mapping(_, _, _): .badData
        case .usage(_): .usage
        case .refused(_, _): .refused
        case .unreachable(_): .unreachable
        }
    }
}

/// How `leadctl` and `leadbench` end, for scripts; numbers from 64 are those of `sysexits.h`.
public enum ExitStatus: Int32, CaseIterable, Sendable {
    /// All went well.
    case success = 0
    /// The market refused, or some requests of a run ended in errors that were not to be expected.
    case refused = 1
    /// The command line is wrong.
    case usage = 64
    /// The contents of a file are wrong.
    case badData = 65
    /// A file cannot be read or written.
    case noInput = 66
    /// The daemon cannot be reached, or went away.
    case unreachable = 69
    /// Stopped by a signal before the end.
    case interrupted = 130
}
