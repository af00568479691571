/// Why the daemon cannot run with the configuration it was given. Every description names the key,
/// the value and what is allowed.
public enum ConfigurationError: Error, Hashable, Sendable {
    /// The file cannot be read.
    case unreadable(path: String, problem: String)
    /// The file is no YAML, or not made of keys, values and lists of values.
    case malformed(path: String, problem: String)
    /// The file has a key that means nothing.
    case unknownKey(key: String, path: String)
    /// A variable of the environment has a name like the daemon's and means nothing.
    case unknownVariable(String)
    /// A key has a value that it cannot have.
    case badValue(key: String, value: String, expected: String)
    /// One caller is given two roles.
    case ambiguousRole(caller: String)
}

extension ConfigurationError: CustomStringConvertible {
    /// What is wrong and what to write instead.
    public var description: String {
        switch self {
        case .unreadable(let path, let problem):
            "\(path) cannot be read: \(problem). Check the path and its permissions."
        case .malformed(let path, let problem):
            "\(path) is not a configuration: \(problem)"
        case .unknownKey(let key, let path):
            "\(path): \(key) is no key of leadmarketd. Correct its spelling or take it out."
        case .unknownVariable(let name):
            "\(name) is no variable of leadmarketd. Correct its spelling or take it out."
        case .badValue(let key, let value, let expected):
            "\(key) is \"\(value)\" and must be \(expected)."
        case .ambiguousRole(let caller):
            "roles: \(caller) is named twice. Give each user and each group one role."
        }
    }
}
