import Foundation

/// A new directory, removed with all it holds when the last reference to it goes.
public final class TemporaryDirectory: Sendable {
    /// Where it is.
    public let path: String

    /// Makes a directory.
    public init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("leadmarket-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of `name` in the directory.
    public func path(_ name: String) -> String { path + "/" + name }
}
