/// How much of an environment's map is used.
public struct EnvironmentSpace: Hashable, Sendable {
    /// The size of the map in bytes.
    public let mapSizeBytes: Int
    /// The size of a page in bytes.
    public let pageSizeBytes: Int
    /// The number of the last page ever used; pages are counted from 0.
    public let lastPageNumber: Int
    /// The number of the last committed write transaction.
    public let lastTransactionNumber: Int
    /// Reader slots taken at some time; slots are used again.
    public let readerSlotsUsed: Int
    /// Reader slots there are.
    public let readerSlots: Int

    /// Bytes of the map in use, free pages between used ones included.
    public var usedBytes: Int { (lastPageNumber + 1) * pageSizeBytes }

    /// Bytes of the map never used.
    public var freeBytes: Int { max(0, mapSizeBytes - usedBytes) }
}
