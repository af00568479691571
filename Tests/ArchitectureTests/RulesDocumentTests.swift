import Foundation
import MarketTestSupport
import Testing

struct RulesDocumentTests {
    /// Also what `make docs` runs, with LEADMARKET_WRITE_DOCS=1, to write the table.
    @Test func `the table of the rules and their tests is fresh`() throws {
        let repository = Repository.current
        let written = try #require(repository.text(RulesDocument.path))
        let fresh = try #require(
            RulesDocument.refreshed(written, with: RuleCitations.all(in: repository)))
        if ProcessInfo.processInfo.environment["LEADMARKET_WRITE_DOCS"] == "1" {
            try fresh.write(
                to: repository.root.appending(path: RulesDocument.path), atomically: true,
                encoding: .utf8)
            return
        }
        #expect(written == fresh, "docs/RULES.md is stale: run make docs")
    }

    @Test func `every rule has a test that shows it`() {
        let shown = Set(RuleCitations.all(in: .current).flatMap(\.rules))
        #expect(RulesTrait.required.filter { !shown.contains($0) } == [])
    }

    @Test func `only rules that exist are cited`() {
        let unknown = RuleCitations.all(in: .current).filter {
            !Set($0.rules).isSubset(of: RulesTrait.known)
        }
        #expect(unknown == [])
    }

    @Test func `the document states the rules that can be cited, in their order`() throws {
        let text = try #require(Repository.current.text(RulesDocument.path))
        let stated = RulesDocument.stated(in: text)
        #expect(stated == RulesTrait.required + ["R12.1", "R12.2", "R12.3"])
    }

    @Test func `citations are read from attributes however they are broken`() {
        let text = """
            @Test(.rules("R5.2", "R5.4")) func `an hour cap | is never passed`() {}
            // @Test(.rules("R9.9")) func `nothing`() {}
            @Test func `shows no rule`() {}
            @Test(
                .rules(
                    "R1.1",
                    "R1.2"),
                arguments: [1, 2])
            func plain(number: Int) {}
            @Suite(.rules("R3.1"), .serialized)
            struct ChannelTests {
                @Test func `shows what its suite shows`() {}
            """
        let citations = RuleCitations.all(in: TextFile(path: "Tests/A/B.swift", text: text))
        #expect(
            citations == [
                RuleCitation(
                    path: "Tests/A/B.swift", name: "an hour cap | is never passed",
                    rules: ["R5.2", "R5.4"]),
                RuleCitation(path: "Tests/A/B.swift", name: "plain", rules: ["R1.1", "R1.2"]),
                RuleCitation(path: "Tests/A/B.swift", name: "ChannelTests", rules: ["R3.1"]),
            ])
        #expect(
            RulesDocument.table(of: citations).dropFirst(2) == [
                "| R1.1 | plain | [A/B.swift](../Tests/A/B.swift) |",
                "| R1.2 | plain | [A/B.swift](../Tests/A/B.swift) |",
                "| R3.1 | ChannelTests | [A/B.swift](../Tests/A/B.swift) |",
                "| R5.2 | an hour cap \\| is never passed | [A/B.swift](../Tests/A/B.swift) |",
                "| R5.4 | an hour cap \\| is never passed | [A/B.swift](../Tests/A/B.swift) |",
            ])
        let document = "a\n\(RulesDocument.begin)\nold\n\(RulesDocument.end)\nz\n"
        let fresh = RulesDocument.refreshed(document, with: [])
        #expect(fresh?.contains("old") == false && fresh?.hasSuffix("\nz\n") == true)
        #expect(RulesDocument.refreshed("no marks", with: []) == nil)
    }
}
