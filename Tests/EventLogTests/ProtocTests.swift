import Foundation
import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

/// `docs/events.proto` is the contract for other languages: `protoc`, which knows nothing else,
/// reads what is written here as the values that went in, and writes the same bytes again.
@Suite struct ProtocTests {
    private static let documents = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs").path

    /// Runs `protoc` on `docs/events.proto`; fails, never skips, when it is missing.
    private func protoc(_ option: String, _ type: EventType, _ input: Data) throws -> Data {
        let directory = try TemporaryDirectory()
        let source = URL(fileURLWithPath: directory.path("input"))
        let target = URL(fileURLWithPath: directory.path("output"))
        try input.write(to: source)
        let process = try ChildProcess(
            "/usr/bin/env",
            [
                "protoc", "--proto_path=\(Self.documents)",
                "\(option)=leadmarket.events.v1.\(type.messageName)", "events.proto",
            ], input: source.path, output: target.path)
        try #require(
            process.waitForEnd() == .exit(0), "protoc is missing or refuses \(type.messageName)")
        return try Data(contentsOf: target)
    }

    /// The text that `protoc` must make of each sample, by name; written and checked by hand.
    private func expectedTexts() throws -> [String: String] {
        var texts: [String: String] = [:]
        for section in try fixture("events.decoded.txt").components(separatedBy: "\n== ")
            .dropFirst()
        {
            let end = section.firstIndex(of: "\n") ?? section.endIndex
            texts[String(section[..<end])] = section[end...]
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return texts
    }

    @Test func `protoc reads every sample as the values that went in, and writes the same bytes`()
        throws
    {
        let expected = try expectedTexts()
        for sample in EventSamples.all {
            let type = EventType(sample.event)
            let bytes = Data(payload(sample.event, sample.input))
            let text = try protoc("--decode", type, bytes)
            let decoded = String(decoding: text, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(
                decoded == expected[sample.name],
                "if the sample is new, check and add this:\n== \(sample.name)\n\(decoded)")
            #expect(try protoc("--encode", type, text) == bytes, "\(sample.name)")
        }
    }

    @Test func `protoc reads random events of every type, and writes the same bytes`() throws {
        var random = RandomEvents(seed: 7)
        for type in EventType.allCases {
            let bytes = Data(payload(random.event(type), random.input()))
            let text = try protoc("--decode", type, bytes)
            // A field that the contract lacks is shown by its number.
            let unknown = #/^\s*\d+[:\s]/#.anchorsMatchLineEndings()
            let decoded = String(decoding: text, as: UTF8.self)
            #expect(decoded.firstMatch(of: unknown) == nil, "\(type): \(decoded)")
            #expect(try protoc("--encode", type, text) == bytes, "\(type)")
        }
    }
}
