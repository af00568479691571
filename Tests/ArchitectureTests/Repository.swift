import Foundation

/// A text file of the repository, as the rules read it: its path from the root, and its lines.
struct TextFile: Sendable {
    var path: String
    var lines: [String]

    /// A file with the given text; rules are tried on these without touching the disk.
    init(path: String, text: String) {
        self.path = path
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if self.lines.last == "" { self.lines.removeLast() }
    }

    var name: String { String(path.split(separator: "/").last ?? "") }

    /// The target a file under `Sources` belongs to.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
}

/// One place where a rule is broken.
struct Finding: Equatable, Sendable, CustomStringConvertible {
    var path: String
    /// Counted from 1; 0 when the whole file is meant.
    var line: Int
    var message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// The repository on disk, found from where this file was compiled.
struct Repository: Sendable {
    var root: URL

    static let current = Repository(
        root: URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent())

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// The text at `path`, or `nil` when there is none.
    func text(_ path: String) -> String? {
        try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    func file(_ path: String) -> TextFile? {
        text(path).map { TextFile(path: path, text: $0) }
    }

    /// The names directly under `path`, sorted; empty when it is no folder.
    func names(in path: String) -> [String] {
        let url = root.appendingPathComponent(path)
        return ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
    }

    /// Every UTF-8 file under the folders and files named, sorted by path, build products left out.
    func files(under places: [String]) -> [TextFile] {
        places.flatMap { place -> [TextFile] in
            if let file = file(place) { return [file] }
            return names(in: place)
                .filter { !$0.hasPrefix(".build") && $0 != ".git" }
                .flatMap { files(under: ["\(place)/\($0)"]) }
        }
    }

    /// Everything people write here.
    var writtenFiles: [TextFile] {
        files(under: [
            ".ci", "Benchmarks", "CHANGELOG.md", "Makefile", "Package.swift", "README.md",
            "Scripts",
            "Sources", "Tests", "deploy", "docs",
        ])
    }

    /// Everything compiled.
    var sourceFiles: [TextFile] {
        files(under: ["Sources", "Tests", "Benchmarks"]).filter { file in
            [".swift", ".c", ".cpp", ".h"].contains { file.path.hasSuffix($0) }
        }
    }

    /// The documents people read.
    var documents: [TextFile] {
        files(under: ["README.md", "CHANGELOG.md", "docs", "deploy"])
            .filter { $0.path.hasSuffix(".md") }
    }
}
