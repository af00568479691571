import Configuration
import FoundationEssentials
import Synchronization

/// Where the values of a configuration come from, the first that has one: flags, the environment
/// (`LEADMARKETD_LIMITS_FRAME_BYTES`), the YAML file.
struct ConfigurationSource {
    private let flags: [String: String]
    private let environment: any ConfigSnapshot
    private let file: YAMLSnapshot?

    /// Reads the file at `path`, if one is named, and refuses keys and variables that are not of `knownKeys`.
    init(
        path: String?, flags: [String: String], environment: [String: String],
        knownKeys: Set<String>
    ) throws(ConfigurationError) {
        self.flags = flags
        self.environment = EnvironmentVariablesProvider(environmentVariables: environment)
            .snapshot()
        try Self.check(environment.keys, of: self.environment, knownKeys: knownKeys)
        file = try path.map { path throws(ConfigurationError) in
            try Self.read(path, knownKeys: knownKeys)
        }
    }

    /// Refuses variables that are meant for the daemon and stand for no key.
    private static func check(
        _ variables: some Sequence<String>, of environment: any ConfigSnapshot,
        knownKeys: Set<String>
    ) throws(ConfigurationError) {
        let known = knownKeys.compactMap { key in
            try? environment.value(forKey: variable(key), type: .string).encodedKey
        }
        let ours = variables.filter { $0.hasPrefix("LEADMARKETD_") }
        if let unknown = Set(ours).subtracting(known).min() {
            throw .unknownVariable(unknown)
        }
    }

    /// The key that the library makes a variable's name of, a word for each capital.
    private static func variable(_ key: String) -> AbsoluteConfigKey {
        let words = key.replacing("MiB", with: "Mib").split(separator: ".").map(String.init)
        return AbsoluteConfigKey(["leadmarketd"] + words)
    }

    private static func read(
        _ path: String, knownKeys: Set<String>
    ) throws(ConfigurationError) -> YAMLSnapshot {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw .unreadable(path: path, problem: "\(error.localizedProblem)")
        }
        // The one place where the library tells which keys a file has.
        let keys = KeyCollector()
        let snapshot: YAMLSnapshot
        do {
            snapshot = try YAMLSnapshot(
                data: data.bytes, providerName: path,
                parsingOptions: .init(
                    secretsSpecifier: .dynamic { key, _ in
                        keys.note(key)
                        return false
                    }))
        } catch {
            throw .malformed(path: path, problem: "\(error)")
        }
        if let unknown = keys.sorted.first(where: { !knownKeys.contains($0) }) {
            throw .unknownKey(key: unknown, path: path)
        }
        return snapshot
    }

    /// The value of `key` as it is written, or `nil` when nobody gives one.
    func text(_ key: String) throws(ConfigurationError) -> String? {
        if let flag = flags[key] { return flag }
        let content = try lookUp(key, .string, expected: "one value")
        guard case .string(let text)? = content else { return nil }
        return text
    }

    /// The values of the list `key`, or `nil` when nobody gives one.
    func list(_ key: String) throws(ConfigurationError) -> [String]? {
        let content = try lookUp(key, .stringArray, expected: "a list, such as [1000, 1001]")
        guard case .stringArray(let texts)? = content else { return nil }
        return texts
    }

    private func lookUp(
        _ key: String, _ type: ConfigType, expected: String
    ) throws(ConfigurationError) -> ConfigContent? {
        let components = key.split(separator: ".").map(String.init)
        do {
            if let value = try environment.value(forKey: Self.variable(key), type: type).value {
                return value.content
            }
            return try file?.value(forKey: AbsoluteConfigKey(components), type: type).value?.content
        } catch {
            throw .badValue(key: key, value: "of another kind", expected: expected)
        }
    }
}

/// The keys seen while a file is parsed.
private final class KeyCollector: Sendable {
    private let keys = Mutex<Set<String>>([])

    func note(_ key: String) { _ = keys.withLock { $0.insert(key) } }

    var sorted: [String] { keys.withLock { $0.sorted() } }
}

extension Error {
    /// The error in few words, without the machinery around it.
    fileprivate var localizedProblem: String {
        guard let error = self as? CocoaError else { return "\(self)" }
        switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: return "there is no such file"
        case .fileReadNoPermission: return "permission denied"
        default: return "\(error)"
        }
    }
}
