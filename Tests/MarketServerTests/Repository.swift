import Foundation

/// Files of the repository that tests read.
enum Repository {
    /// The path of `file`, which is named from the repository's root.
    static func path(_ file: String) -> String {
        let here = "\(#filePath)"
        guard let tests = here.range(of: "/Tests/") else { return file }
        return here[..<tests.lowerBound] + "/" + file
    }
}
