/// A page of an environment's file that is not what its tree needs it to be.
public struct PageFault: Error, Hashable, Sendable {
    /// What is wrong with the page.
    public enum Reason: String, Hashable, Sendable {
        /// A meta page's marks, page size, parity or trees.
        case meta
        /// The page lies beyond the end of the file or of the pages in use.
        case outside
        /// The page states another number than its own.
        case number
        /// The page is not of the kind that its place in the tree asks for.
        case kind
        /// The page's bounds of free space contradict its size.
        case bounds
        /// An entry lies outside its page, or its parts outside the entry.
        case entry
        /// Keys are out of order, or outside what the page above says.
        case order
        /// The page is in use twice, or in use and free.
        case shared
        /// The tree has another number of entries or pages than it states.
        case count
    }

    /// The number of the page.
    public let page: Int
    /// What is wrong with it.
    public let reason: Reason
    /// The lowest key that may stand on the page, in a table of integer keys.
    public let key: UInt64?
}

extension PageFault: CustomStringConvertible {
    /// The page and what is wrong with it.
    public var description: String {
        "page \(page) is damaged (\(reason.rawValue))\(key.map { ", keys from \($0) on" } ?? "")"
    }
}

/// Why a check of pages did not find everything sound.
public enum PageCheckError: Error, Hashable, Sendable {
    /// A page is damaged.
    case fault(PageFault)
    /// A call failed.
    case failure(LMDBError)
}
