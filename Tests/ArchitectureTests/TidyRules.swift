/// What may not be in a file, whatever it is about.
///
/// A line is excused from the word rules by a comment on it or just above it that begins
/// `Exception:` and gives the reason.
enum TidyRules {
    static let sourceLineLimit = 400
    static let testLineLimit = 600

    /// Every finding in one file.
    static func findings(in file: TextFile) -> [Finding] {
        names(file) + machinePaths(file) + markers(file)
            + (isCompiled(file) ? length(file) : [])
            + (file.isSwift ? unexplainedUnsafety(file) + forbiddenWords(file) : [])
    }

    static func length(_ file: TextFile) -> [Finding] {
        let limit = file.path.hasPrefix("Tests/") ? testLineLimit : sourceLineLimit
        guard file.lines.count > limit else { return [] }
        let message = "\(file.lines.count) lines; at most \(limit): split it by purpose"
        return [Finding(path: file.path, line: file.lines.count, message: message)]
    }

    static func names(_ file: TextFile) -> [Finding] {
        ["Util", "Helper", "Manager"].filter { file.name.lowercased().contains($0.lowercased()) }
            .map {
                Finding(path: file.path, line: 0, message: "'\($0)' says nothing; name the concept")
            }
    }

    /// Marks of unfinished work, spelt in halves so that this file has none.
    static func markers(_ file: TextFile) -> [Finding] {
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
        return lines(of: file, where: { line in words.contains { line.containsWord($0) } })
            .map {
                Finding(path: file.path, line: $0, message: "unfinished: do it or open an issue")
            }
    }

    /// Places on the machine where something was once built, spelt in halves likewise.
    static func machinePaths(_ file: TextFile) -> [Finding] {
        let places = ["/wo" + "rk/", "/ro" + "ot/", "/opt/" + "swift"]
        return lines(of: file, where: { line in places.contains { line.contains($0) } })
            .map { Finding(path: file.path, line: $0, message: "a path of one machine") }
    }

    /// Promises to the compiler that no comment justifies.
    static func unexplainedUnsafety(_ file: TextFile) -> [Finding] {
        let reasons = [
            "because", "confined", "constant", "event loop", "immutable", "lock", "mutex",
            "never change", "only", "own", "thread",
        ]
        return file.lines.indices.compactMap { index in
            // Few lines have one at all, in code or elsewhere.
            let promises = ["@unchecked Sendable", "nonisolated(unsafe)"]
                .filter { file.lines[index].contains($0) }
            if promises.isEmpty { return nil }
            let code = SwiftLine(file.lines[index]).bareCode
            for promise in promises where code.contains(promise) {
                let comment = file.commentAround(index).lowercased()
                if !reasons.contains(where: { comment.contains($0) }) {
                    let message =
                        "\(promise) without a comment on the lock or rule that makes it right"
                    return Finding(path: file.path, line: index + 1, message: message)
                }
            }
            return nil
        }
    }

    static func forbiddenWords(_ file: TextFile) -> [Finding] {
        var words = ["try!"]
        if file.path.hasPrefix("Sources/MarketCore/") {
            words += ["Double", "Float", "Date(", "random", "randomElement", "shuffle", "shuffled"]
        }
        let stub = #/fatalError\("(not |un)implemented/#
        return file.lines.indices.flatMap { index -> [Finding] in
            let text = file.lines[index]
            let suspects = words.filter { text.contains($0) }
            if suspects.isEmpty, !text.contains("fatalError") { return [] }
            let line = SwiftLine(text)
            var found = suspects.filter { line.bareCode.containsWord($0) }
            if line.code.contains(stub) { found.append("fatalError") }
            return found.filter { _ in !isExcused(file, index) }.map {
                Finding(path: file.path, line: index + 1, message: "'\($0)' may not stand here")
            }
        }
    }

    private static func isExcused(_ file: TextFile, _ index: Int) -> Bool {
        var comments = [SwiftLine(file.lines[index]).comment]
        if index > 0 { comments.append(SwiftLine(file.lines[index - 1]).comment) }
        return comments.contains { $0.drop { $0 == "/" || $0 == " " }.hasPrefix("Exception:") }
    }

    private static func isCompiled(_ file: TextFile) -> Bool {
        [".swift", ".c", ".cpp", ".h"].contains { file.path.hasSuffix($0) }
    }

    /// The numbers, from 1, of the lines of `file` that `isBad` holds of.
    private static func lines(of file: TextFile, where isBad: (String) -> Bool) -> [Int] {
        file.lines.indices.filter { isBad(file.lines[$0]) }.map { $0 + 1 }
    }
}
