import Testing

struct ImportTests {
    @Test func `every target imports what the table allows and nothing else`() {
        let repository = Repository.current
        let files = repository.files(under: ["Sources"])
        #expect(files.contains { $0.isSwift }, "the sources were not found at \(repository.root)")
        #expect(ImportRules.current.findings(in: files) == [])
        #expect(ImportRules.current.findings(targets: repository.names(in: "Sources")) == [])
    }

    @Test func `what the table allows is imported somewhere`() {
        let rules = ImportRules.current
        let files = Repository.current.files(under: ["Sources"])
        for (target, modules) in rules.modules {
            let imported = files.filter { $0.target == target && $0.isSwift }.flatMap(\.lines)
                .compactMap { ImportStatement($0)?.module }
            let allowed = modules.union(rules.toolchain[target] ?? [])
            #expect(allowed.subtracting(imported) == [], "\(target)")
        }
    }

    @Test func `both halves of the table name the same targets`() {
        let rules = ImportRules.current
        #expect(Set(rules.modules.keys) == Set(rules.toolchain.keys))
    }

    @Test func `the documented table names every target`() throws {
        let text = try #require(Repository.current.text("docs/ARCHITECTURE.md"))
        for (target, modules) in ImportRules.current.modules {
            let row = text.split(separator: "\n").first { $0.hasPrefix("| `\(target)` |") }
            let columns = try #require(row, "no row for \(target)").split(separator: "|")
            let documented = columns[1].split(separator: "`").map(String.init)
                .filter { $0.allSatisfy { $0.isLetter } }
            #expect(Set(documented) == modules, "\(target)")
        }
    }

    @Test(
        arguments: [
            "import Foundation", "public import Foundation",
            "  internal import struct Foundation.Date",
            "@preconcurrency import Foundation", "@_spi(Other) public import Foundation // why not",
            "import Collections",
        ])
    func `a forbidden import is found however it is written`(line: String) {
        let file = TextFile(path: "Sources/MarketCore/Values/Money.swift", text: "\n\(line)\n")
        let findings = ImportRules.current.findings(in: [file])
        #expect(findings.map(\.line) == [2])
        #expect(findings.first?.message.contains("MarketCore may not import") == true)
    }

    @Test(arguments: [
        "import DequeModule", "// import Foundation", "let important = 1", "\"import X\"",
    ])
    func `an allowed import or no import at all is no finding`(line: String) {
        let file = TextFile(path: "Sources/MarketCore/Market.swift", text: line)
        #expect(ImportRules.current.findings(in: [file]) == [])
    }

    @Test func `only LMDB may import CLMDB`() {
        let allowed = ImportRules.current.modules.filter { $0.value.contains("CLMDB") }
        #expect(Array(allowed.keys) == ["LMDB"])
    }

    @Test func `testable imports and unknown targets are found`() {
        let rules = ImportRules.current
        let file = TextFile(path: "Sources/EventLog/Log.swift", text: "@testable import MarketCore")
        #expect(rules.findings(in: [file]).count == 1)
        let stray = TextFile(path: "Sources/Stray/Stray.swift", text: "let answer = 42")
        #expect(rules.findings(in: [stray]).map(\.line) == [0])
        #expect(
            rules.findings(targets: ["LMDB", "CZlib", "Stray"]).map(\.path) == ["Sources/Stray"])
    }
}
