import Testing

struct TidyTests {
    @Test func `the whole repository is tidy`() {
        let files = Repository.current.writtenFiles
        #expect(files.contains { $0.path == "Makefile" })
        #expect(files.flatMap(TidyRules.findings(in:)) == [])
    }

    /// A path, a text, and the lines where findings are due.
    struct Sample: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var path = "Sources/EventLog/Log.swift"
        var text: String
        var lines: [Int]
    }

    @Test(arguments: [
        Sample(
            testDescription: "source too long",
            text: String(repeating: "\n", count: 401), lines: [401]),
        Sample(
            testDescription: "source just short enough",
            text: String(repeating: "\n", count: 400), lines: []),
        Sample(
            testDescription: "test too long", path: "Tests/EventLogTests/LogTests.swift",
            text: String(repeating: "\n", count: 601), lines: [601]),
        Sample(
            testDescription: "long document", path: "docs/API.md",
            text: String(repeating: "\n", count: 2000), lines: []),
        Sample(testDescription: "marker", text: "let a = 1\n// TO" + "DO: more", lines: [2]),
        Sample(
            testDescription: "marker in a script", path: "Scripts/demo",
            text: "# FIX" + "ME", lines: [1]),
        Sample(testDescription: "no marker", text: "let TO" + "DOList = \"XX" + "XL\"", lines: []),
        Sample(
            testDescription: "machine path", path: "docs/OPERATIONS.md",
            text: "see\n/wo" + "rk/main", lines: [2]),
        Sample(
            testDescription: "name that says nothing", path: "Sources/EventLog/StringUtils.swift",
            text: "", lines: [0]),
        Sample(
            testDescription: "manager", path: "Sources/EventLog/SessionManager.swift",
            text: "", lines: [0]),
        Sample(testDescription: "forced try", text: "let a = try! b()", lines: [1]),
        Sample(testDescription: "forced try in a comment", text: "// never try! it", lines: []),
        Sample(
            testDescription: "stub", text: "fatalError(\"unimplemented: later\")", lines: [1]),
    ])
    func `each rule finds what it is for`(sample: Sample) {
        let file = TextFile(path: sample.path, text: sample.text)
        #expect(TidyRules.findings(in: file).map(\.line) == sample.lines)
    }

    @Test(arguments: [
        ("final class A: @unchecked Sendable {}", false),
        ("/// A thing.\nfinal class A: @unchecked Sendable {}", false),
        ("/// Guarded by `lock`.\n\nfinal class A: @unchecked Sendable {}", false),
        ("/// Guarded by `lock`.\nlet b = 1\n\nfinal class A: @unchecked Sendable {}", false),
        ("nonisolated(unsafe) var a = 1", false),
        ("/// Guarded by `lock`.\nfinal class A: @unchecked Sendable {}", true),
        ("// Confined to the writer.\npublic final class A:\n    B, @unchecked Sendable\n{}", true),
        ("nonisolated(unsafe) let a = p  // immutable after start", true),
    ])
    func `a promise to the compiler needs its reason`(text: String, isExplained: Bool) {
        let file = TextFile(path: "Sources/LMDB/Cursor.swift", text: text)
        #expect(TidyRules.findings(in: file).isEmpty == isExplained)
    }

    @Test(arguments: [
        ("let price: Double = 1", false),
        ("let price = Float(1)", false),
        ("let now = Date()", false),
        ("let first = orders.randomElement()", false),
        ("let first = Int.random(in: 0..<1)", false),
        ("let doubled = 2  // no Double here", true),
        ("// Exception: only printed, never compared\nlet ratio: Double = 1", true),
        ("let ratio: Double = 1  // Exception: only printed", true),
        ("let day = closingDate(1)", true),
    ])
    func `the core has no floating point, clock or chance`(line: String, isAllowed: Bool) {
        let core = TextFile(path: "Sources/MarketCore/Market.swift", text: line)
        #expect(TidyRules.findings(in: core).isEmpty == isAllowed)
        let tools = TextFile(path: "Sources/MarketTools/Report.swift", text: line)
        #expect(TidyRules.findings(in: tools) == [])
    }
}
