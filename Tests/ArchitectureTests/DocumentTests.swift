import Foundation
import Testing

struct DocumentTests {
    @Test func `links, paths and commands in the documents exist`() {
        let documents = Repository.current.documents
        #expect(documents.contains { $0.path == "README.md" })
        let rules = DocumentRules.current
        #expect(documents.flatMap(rules.findings(in:)) == [])
    }

    @Test func `the quick start is make demo and make test`() throws {
        let readme = try #require(Repository.current.text("README.md"))
        let start = try #require(readme.range(of: "\n## Quick start\n"))
        let rest = readme[start.upperBound...]
        let section = rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
        let commands = TextFile(path: "README.md", text: String(section)).documentedCommands
        #expect(commands.map(\.words) == [["make", "demo"], ["make", "test"]])
    }

    @Test func `continuous integration runs the test command of the quick start`() throws {
        let script = try #require(Repository.current.text(".ci/run"))
        #expect(script.split(separator: "\n").contains("run make test"))
        #expect(script.split(separator: "\n").contains("run make check"))
    }

    @Test func `the service unit allows those calls about resources that the daemon makes`() throws
    {
        // The group @resources of systemd (systemd.exec(5)), as far as a daemon may come upon it.
        let resources: Set = [
            "ioprio_set", "nice", "sched_setaffinity", "sched_setattr", "sched_setparam",
            "sched_setscheduler", "setpriority", "setrlimit",
        ]
        var made: Set<String> = []
        for line in Repository.current.files(under: ["Sources/MarketServer"]).flatMap(\.lines) {
            for call in line.matches(of: #/\b([a-z_]+)\(/#)
            where resources.contains(String(call.1)) { made.insert(String(call.1)) }
        }
        let unit = try #require(Repository.current.text("deploy/leadmarketd.service"))
        let allowed = unit.matches(of: #/(?m)^SystemCallFilter=([a-z_ ]+)$/#)
            .flatMap { $0.1.split(separator: " ").map(String.init) }
        #expect(!made.isEmpty && Set(allowed) == made)
    }

    @Test func `make help knows every target`() throws {
        let makefile = try #require(Repository.current.text("Makefile"))
        let described = makefile.matches(of: #/(?m)^([a-z-]+):.*## \S/#).map { String($0.1) }
        #expect(Set(described) == DocumentRules.makeTargets(in: makefile))
    }

    @Test func `decision records are numbered without gaps and listed`() throws {
        let records = Repository.current.names(in: "docs/adr").filter { $0 != "README.md" }
        let index = try #require(Repository.current.text("docs/adr/README.md"))
        for (number, record) in records.enumerated() {
            #expect(Int(record.prefix(4)) == number + 1, "\(record)")
            #expect(index.contains("(\(record))"), "\(record) is not in the index")
        }
    }

    static let rules = DocumentRules(
        makeTargets: ["demo", "test"],
        subcommands: ["leadctl": ["apply", "order"], "leadbench": []],
        exists: { ["README.md", "docs/API.md", "docs/adr", "deploy/market.yaml"].contains($0) })

    @Test(arguments: [
        "see [the interface](API.md#errors)", "see [readme](../README.md)", "[adr](adr/)",
        "[site](https://example.org/none.md)", "[below](#below)", "the file `docs/API.md`",
        "a file like `docs/adr/NNNN-title.md`", "`docs/*.md`", "the folder `log/`",
        "```console\n$ make demo LEADS=none.csv.gz\n$ make -s test\nmake output\n```",
        "```sh\nmake test && sudo leadctl apply FILE\n```", "```text\nmake nothing\n```",
        "```console\n$ .build/release/leadctl --help\n```", "```sh\n# make nothing\n```",
        "```sh\nleadbench anything\n```",
    ])
    func `what exists is no finding`(text: String) {
        let document = TextFile(path: "docs/GUIDE.md", text: text)
        #expect(Self.rules.findings(in: document) == [])
    }

    @Test(arguments: [
        "see [the interface](NONE.md)", "see [readme](README.md)", "[out](../../other.md)",
        "the file `docs/NONE.md`", "the file `Makefile`", "```console\n$ make nothing\n```",
        "```sh\nmake test demo nothing\n```", "```sh\nmake test; make nothing\n```",
        "```sh\nA=b leadctl nothing\n```", "```sh\nsudo .build/release/leadctl \\\n  nothing\n```",
        "```console\n$ cat FILE | leadctl nothing\n```", "```sh\nleadctl\n```",
    ])
    func `what does not exist is found`(text: String) {
        let document = TextFile(path: "docs/GUIDE.md", text: text)
        #expect(Self.rules.findings(in: document).count == 1)
    }

    @Test func `sub-commands are read from the sources however they get their names`() {
        let text = """
            CommandConfiguration(commandName: "play", abstract: "Plays.")
            struct BackupLog: AsyncParsableCommand {}
            struct Row: Sendable {}
            """
        let names = DocumentRules.subcommandNames(in: [TextFile(path: "a.swift", text: text)])
        #expect(names == ["play", "backup-log"])
        let catalogue = TextFile(
            path: "b.swift", text: "Method(\"order.place\"), Method(\"lead.get\")")
        #expect(DocumentRules.methodNouns(in: [catalogue]) == ["order", "lead"])
        #expect(DocumentRules.makeTargets(in: "a: b ## c\nB := c\nd-e:\n\tf: g\n") == ["a", "d-e"])
    }
}
