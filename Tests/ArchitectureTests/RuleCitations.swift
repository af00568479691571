import MarketTestSupport

/// A test or a suite that says which rules it shows.
struct RuleCitation: Equatable, Sendable {
    /// The file, from the root of the repository.
    var path: String
    /// The name of the test, or of the suite.
    var name: String
    /// The numbers of the rules, as they stand there.
    var rules: [String]
}

/// What the tests say they show, read from their sources.
enum RuleCitations {
    /// The citations in one file, in its order: every `.rules("R1.2", ...)` of an attribute and the
    /// name of the function or type that follows.
    static func all(in file: TextFile) -> [RuleCitation] {
        var found: [RuleCitation] = []
        var numbers: [String] = []
        var isInTrait = false
        for line in file.lines {
            let code = line.drop { $0 == " " }
            if code.hasPrefix("//") { continue }
            var rest = code
            if !isInTrait, let start = code.firstRange(of: ".rules(") {
                isInTrait = true
                rest = code[start.upperBound...]
            }
            if isInTrait {
                let trait = rest.prefix { $0 != ")" }
                numbers += trait.matches(of: #/"([^"]*)"/#).map { String($0.1) }
                guard trait.endIndex < rest.endIndex else { continue }
                isInTrait = false
                rest = rest[trait.endIndex...]
            }
            if !numbers.isEmpty, let name = declaredName(in: rest) {
                found.append(RuleCitation(path: file.path, name: name, rules: numbers))
                numbers = []
            }
        }
        return found
    }

    private static func declaredName(in code: Substring) -> String? {
        let declaration = #/\b(?:func|struct|class|enum|actor) (?:`([^`]+)`|(\w+))/#
        guard let match = code.firstMatch(of: declaration) else { return nil }
        return (match.1 ?? match.2).map(String.init)
    }

    /// The citations of all tests but those of this target, which have examples of them.
    static func all(in repository: Repository) -> [RuleCitation] {
        repository.files(under: ["Tests"])
            .filter { $0.isSwift && !$0.path.hasPrefix("Tests/ArchitectureTests/") }
            .flatMap(all(in:))
    }
}

/// The document of the rules and the table at its end.
enum RulesDocument {
    static let path = "docs/RULES.md"
    static let begin = "<!-- tests of the rules: begin -->"
    static let end = "<!-- tests of the rules: end -->"

    /// The table: a row for each rule and test.
    static func table(of citations: [RuleCitation]) -> [String] {
        var rows = ["| rule | test | in |", "|---|---|---|"]
        for rule in RulesTrait.known.sorted(by: isBefore) {
            for citation in citations where citation.rules.contains(rule) {
                let file = citation.path.split(separator: "/").suffix(2).joined(separator: "/")
                let name = citation.name.replacing("|", with: "\\|")
                rows.append("| \(rule) | \(name) | [\(file)](../\(citation.path)) |")
            }
        }
        return rows
    }

    /// `text` with the table of `citations` between the marks; `nil` where a mark is missing.
    static func refreshed(_ text: String, with citations: [RuleCitation]) -> String? {
        guard let begin = text.firstRange(of: begin), let end = text.firstRange(of: end),
            begin.upperBound <= end.lowerBound
        else { return nil }
        let table = table(of: citations).joined(separator: "\n")
        return text[..<begin.upperBound] + "\n\n" + table + "\n\n" + text[end.lowerBound...]
    }

    /// The rules that the document states, in its order: lines that begin with `- **R1.2**`.
    static func stated(in text: String) -> [String] {
        text.matches(of: #/(?m)^- \*\*(R\d+\.\d+)\*\* /#).map { String($0.1) }
    }

    /// Whether `first` stands before `second` in the document.
    private static func isBefore(_ first: String, _ second: String) -> Bool {
        func numbers(_ rule: String) -> [Int] {
            rule.dropFirst().split(separator: ".").compactMap { Int($0) }
        }
        return numbers(first).lexicographicallyPrecedes(numbers(second))
    }
}
