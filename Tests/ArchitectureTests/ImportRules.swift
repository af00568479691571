/// What each target may import; the same table stands in `docs/ARCHITECTURE.md`.
///
/// A target that is not named here may not exist: whoever adds one says what it may see.
struct ImportRules: Sendable {
    /// Targets of ours, and products of packages.
    var modules: [String: Set<String>]
    /// Parts of the toolchain beyond the standard library itself.
    var toolchain: [String: Set<String>]
    /// Targets without Swift.
    var foreignTargets: Set<String>

    static let current = ImportRules(
        modules: [
            // Single modules of swift-collections, never the whole of `Collections`.
            "MarketCore": ["DequeModule"],
            "MarketWorkload": ["MarketCore"],
            "LMDB": ["CLMDB"],
            "EventLog": ["CChecksum", "CLibCrypto", "LMDB", "MarketCore"],
            "Projections": ["LMDB", "MarketCore"],
            "MarketRPC": ["CSimdJSON", "MarketCore", "NIOCore"],
            "MarketServer": [
                "CPeerCredentials", "Configuration", "EventLog", "Logging", "MarketCore",
                "MarketRPC", "NIOCore", "NIOPosix", "Projections",
            ],
            "MarketClient": ["MarketRPC", "NIOCore", "NIOPosix"],
            "MarketTools": [
                "CPeerCredentials", "CPolling", "CZlib", "Crypto", "DequeModule", "Histogram",
                "LMDB", "MarketClient", "MarketCore", "MarketRPC", "MarketWorkload", "NIOCore",
                "Yams",
            ],
            "leadmarketd": ["ArgumentParser", "MarketServer"],
            "leadctl": ["ArgumentParser", "MarketClient", "MarketRPC", "MarketTools"],
            "leadbench": ["ArgumentParser", "MarketRPC", "MarketTools"],
            "leadreplay": ["ArgumentParser", "EventLog", "MarketCore", "MarketRPC", "MarketTools"],
        ],
        toolchain: [
            // No I/O, no clock, no randomness: nothing that could bring them.
            "MarketCore": [],
            // Logarithms and exponentials.
            "MarketWorkload": ["Glibc"],
            "LMDB": ["Glibc", "Synchronization"],
            "EventLog": ["Dispatch", "Glibc", "Synchronization"],
            "Projections": [],
            "MarketRPC": [],
            "MarketServer": ["FoundationEssentials", "Glibc", "Synchronization"],
            "MarketClient": ["Synchronization"],
            // Tools for people: dates, numbers and files as Foundation knows them.
            "MarketTools": ["Foundation", "Glibc", "Synchronization"],
            "leadmarketd": [],
            "leadctl": ["Foundation"],
            "leadbench": ["Foundation", "Glibc"],
            "leadreplay": ["Glibc"],
        ],
        foreignTargets: [
            "CChecksum", "CLMDB", "CLibCrypto", "CPeerCredentials", "CPolling", "CSimdJSON",
            "CZlib",
        ])

    /// The imports in `files` (all under `Sources`) that the table does not allow.
    func findings(in files: [TextFile]) -> [Finding] {
        files.flatMap { file -> [Finding] in
            guard let target = file.target, file.isSwift else { return [] }
            guard let modules = modules[target], let toolchain = toolchain[target] else {
                let message = "target \(target) is not in the import table"
                return [Finding(path: file.path, line: 0, message: message)]
            }
            return file.lines.enumerated().compactMap { index, line in
                guard let statement = ImportStatement(line) else { return nil }
                let module = statement.module
                let message: String
                if statement.isTestable {
                    message = "a product may not see the internals of \(module)"
                } else if !modules.contains(module) && !toolchain.contains(module) {
                    message = "\(target) may not import \(module)"
                } else {
                    return nil
                }
                return Finding(path: file.path, line: index + 1, message: message)
            }
        }
    }

    /// Targets under `Sources` that the table does not know.
    func findings(targets: [String]) -> [Finding] {
        targets.filter { modules[$0] == nil && !foreignTargets.contains($0) }.map {
            Finding(path: "Sources/\($0)", line: 0, message: "not in the import table")
        }
    }
}

/// An import statement: `import M`, `public import struct M.Name`, `@testable import M`.
struct ImportStatement {
    var module: String
    var isTestable: Bool

    /// Reads `line`, or gives `nil` when it imports nothing.
    init?(_ line: String) {
        let words = SwiftLine(line).code.split(whereSeparator: \.isWhitespace)
        guard let keyword = words.firstIndex(of: "import") else { return nil }
        let modifiers: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        for word in words[..<keyword] where !word.hasPrefix("@") && !modifiers.contains(word) {
            return nil
        }
        let kinds: Set<Substring> = [
            "class", "enum", "func", "let", "protocol", "struct", "typealias", "var",
        ]
        let rest = words[(keyword + 1)...].drop { kinds.contains($0) }
        guard let path = rest.first, let name = path.split(separator: ".").first else { return nil }
        module = String(name.filter { $0 != ";" })
        isTestable = words[..<keyword].contains("@testable")
    }
}
