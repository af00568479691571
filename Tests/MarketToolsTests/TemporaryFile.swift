import Foundation
import MarketTestSupport

/// A file that is there while `body` runs; `gzip` compresses it first.
func withFile<Result>(
    _ contents: some Sequence<UInt8>, gzip: Bool = false, _ body: (String) throws -> Result
) throws -> Result {
    let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("leadmarket-tools-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let plain = directory.appendingPathComponent("file")
    try Data(contents).write(to: plain)
    guard gzip else { return try body(plain.path) }
    try ChildProcess("/bin/gzip", [plain.path]).waitForEnd()
    return try body(plain.path + ".gz")
}
