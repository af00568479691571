import Foundation
import MarketTestSupport
import Testing

/// Tests of the programs as they are built, run as processes.
///
/// One after the other: they measure memory and pace, and each starts several programs.
@Suite(.serialized, .hangGuard)
enum EndToEnd {
    /// Whether tests may take minutes: `LEADMARKET_LONG_TESTS=1`.
    static let isLong = ProcessInfo.processInfo.environment["LEADMARKET_LONG_TESTS"] == "1"

    /// The path of a file of the repository.
    static func repositoryPath(_ file: String) -> String {
        let here = "\(#filePath)"
        guard let tests = here.range(of: "/Tests/") else { return file }
        return here[..<tests.lowerBound] + "/" + file
    }
}
