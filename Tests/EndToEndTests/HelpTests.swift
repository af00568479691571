import MarketTestSupport
import Testing

extension EndToEnd {
    struct HelpTests {
        @Test(arguments: [["channel"], ["channel", "pay"], ["lead"], ["lead", "submit"]])
        func `help for a noun or a verb is what --help says`(words: [String]) async throws {
            let directory = try TemporaryDirectory()
            let asked = try await ChildProcess.run("leadctl", ["help"] + words, in: directory)
            let said = try await ChildProcess.run("leadctl", words + ["--help"], in: directory)
            #expect(asked == said)
            #expect(asked.contains("leadctl \(words.joined(separator: " "))"))
        }
    }
}
