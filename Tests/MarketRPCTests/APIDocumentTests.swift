import Foundation
import MarketRPC
import Testing

struct APIDocumentTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/API.md")

    /// Also what `make docs` runs, with LEADMARKET_WRITE_DOCS=1, to write the document.
    @Test func `the document of the interface is fresh`() throws {
        let fresh = APIDocument.markdown
        if ProcessInfo.processInfo.environment["LEADMARKET_WRITE_DOCS"] == "1" {
            try Data(fresh.utf8).write(to: Self.file)
        }
        let written = try String(contentsOf: Self.file, encoding: .utf8)
        #expect(written == fresh, "docs/API.md is stale: run make docs")
    }

    @Test func `the document names every method, parameter and error`() {
        let text = APIDocument.markdown
        for method in Catalogue.methods {
            #expect(text.contains("\n### \(method.name)\n"))
            for parameter in method.parameters {
                #expect(text.contains("| `\(parameter.name)`"), "\(method.name)")
            }
        }
        for code in ErrorCode.allCases {
            #expect(text.contains("| \(code.rawValue) | `\(code.reason)` |"))
        }
    }

    @Test func `every example in the document is JSON`() throws {
        var isJSON = false
        var count = 0
        for line in APIDocument.markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isJSON = line == "```json"
            } else if isJSON {
                #expect(throws: Never.self) { try JSONParser().parse(String(line)) }
                count += 1
            }
        }
        #expect(count >= Catalogue.methods.count)
    }

    @Test func `the OpenRPC document describes every method`() throws {
        let document = OpenRPC.document(version: "1.2.3")
        #expect(document["openrpc"] == .string(OpenRPC.specification))
        #expect(JSONValue.object(document)["info"]?["version"] == "1.2.3")
        let methods = try #require(document["methods"]?.array)
        #expect(methods.map { $0["name"]?.string } == Catalogue.methods.map(\.name))
        for (method, entry) in zip(Catalogue.methods, methods) {
            let parameters = try #require(entry["params"]?.array)
            #expect(parameters.map { $0["name"]?.string } == method.allParameters.map(\.name))
            #expect(entry["errors"]?.array?.count == method.allErrors.count)
        }
        let bytes = JSONValue.object(document).encoded
        #expect(try JSONParser().parse(bytes).value == .object(document))
    }
}
