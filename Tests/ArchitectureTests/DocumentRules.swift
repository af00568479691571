/// What the documents say must be so: links and paths lead somewhere, commands exist.
struct DocumentRules: Sendable {
    /// The targets of the Makefile.
    var makeTargets: Set<String>
    /// Sub-commands by program; a program without any is not checked, because it has none yet.
    var subcommands: [String: Set<String>]
    /// Whether a path from the root of the repository exists.
    var exists: @Sendable (String) -> Bool

    static var current: DocumentRules {
        let repository = Repository.current
        let catalogue = repository.files(under: ["Sources/MarketRPC"])
        var subcommands: [String: Set<String>] = [:]
        for program in ["leadbench", "leadctl", "leadreplay"] {
            let files = repository.files(under: ["Sources/\(program)", "Sources/MarketTools"])
            var names = subcommandNames(in: files)
            if !names.isEmpty && program == "leadctl" {
                names.formUnion(methodNouns(in: catalogue))
            }
            subcommands[program] = names
        }
        return DocumentRules(
            makeTargets: makeTargets(in: repository.text("Makefile") ?? ""),
            subcommands: subcommands,
            exists: { repository.exists($0) })
    }

    static func makeTargets(in makefile: String) -> Set<String> {
        Set(makefile.matches(of: #/(?m)^([a-z][a-z-]*):(?!=)/#).map { String($0.1) })
    }

    /// Names given as `commandName: "name"`, and those ArgumentParser makes of a type's name.
    static func subcommandNames(in files: [TextFile]) -> Set<String> {
        var names: Set<String> = []
        for text in files.map({ $0.lines.joined(separator: "\n") }) {
            names.formUnion(text.matches(of: #/commandName:\s*"([^"]+)"/#).map { String($0.1) })
            let types = text.matches(of: #/struct (\w+)\s*:[^{]*\b(?:Async)?ParsableCommand\b/#)
            names.formUnion(types.map { hyphenated($0.1) })
        }
        return names
    }

    /// `advisor` where a method is called `"advisor.register"`: leadctl's nouns are the catalogue's.
    static func methodNouns(in files: [TextFile]) -> Set<String> {
        Set(
            files.flatMap { $0.lines }.flatMap { line in
                line.matches(of: #/"([a-z]+)\.[a-zA-Z]+"/#).map { String($0.1) }
            })
    }

    private static func hyphenated(_ typeName: Substring) -> String {
        typeName.reduce(into: "") { name, letter in
            if letter.isUppercase && !name.isEmpty { name.append("-") }
            name.append(letter.lowercased())
        }
    }

    /// Every finding in one document.
    func findings(in document: TextFile) -> [Finding] {
        (brokenPaths(document) + unknownCommands(document)).sorted { $0.line < $1.line }
    }

    /// Links that lead nowhere, and paths in `code` that name no file.
    func brokenPaths(_ document: TextFile) -> [Finding] {
        let folder = document.path.split(separator: "/").dropLast().map(String.init)
        var findings: [Finding] = []
        for (index, line) in document.lines.enumerated() {
            for match in line.matches(of: #/\]\(([^)\s]+)\)/#) {
                let target = match.1.prefix { $0 != "#" }
                if target.isEmpty || target.contains("://") || target.hasPrefix("mailto:") {
                    continue
                }
                if let path = Self.resolved(String(target), from: folder), exists(path) { continue }
                let message = "link to \(target), which does not exist"
                findings.append(Finding(path: document.path, line: index + 1, message: message))
            }
            for match in line.matches(of: #/`([^`\s]+)`/#) where Self.isPath(match.1) {
                if !exists(String(match.1)) {
                    let message = "\(match.1) does not exist"
                    findings.append(Finding(path: document.path, line: index + 1, message: message))
                }
            }
        }
        return findings
    }

    /// Whether a word in code quotes names a file of the repository: it begins with one of its
    /// folders, or is one of the files at its root, and is no pattern.
    private static func isPath(_ word: Substring) -> Bool {
        let folders = [".ci/", "Benchmarks/", "Scripts/", "Sources/", "Tests/", "deploy/", "docs/"]
        let files = ["CHANGELOG.md", "LICENSE", "Makefile", "Package.swift", "README.md"]
        let isPattern = word.contains { "*<>{}…".contains($0) } || word.contains("NNNN")
        return !isPattern
            && (folders.contains { word.hasPrefix($0) } || files.contains(String(word)))
    }

    /// `target` as a path from the root, or `nil` when it leaves the repository.
    private static func resolved(_ target: String, from folder: [String]) -> String? {
        var parts = folder
        for part in target.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }

    /// `make` targets and sub-commands that do not exist.
    func unknownCommands(_ document: TextFile) -> [Finding] {
        document.documentedCommands.flatMap { command -> [Finding] in
            let unknown: [String]
            if command.program == "make" {
                unknown = command.arguments.filter { argument in
                    !argument.hasPrefix("-") && !argument.contains("=")
                        && !makeTargets.contains(argument)
                }
            } else if let names = subcommands[command.program], !names.isEmpty {
                let verb = command.arguments.first ?? ""
                unknown = names.contains(verb) || verb.hasPrefix("-") ? [] : [verb]
            } else {
                unknown = []
            }
            return unknown.map {
                Finding(
                    path: document.path, line: command.line,
                    message: "\(command.program) has no '\($0)'")
            }
        }
    }
}
