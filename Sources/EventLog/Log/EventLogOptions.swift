public import LMDB

/// How a log is opened.
public struct EventLogOptions: Sendable {
    /// The most bytes the log can ever hold. Sparse: what is not used takes no space.
    public var mapSizeBytes: Int
    /// Whether the log may be created and appended to.
    public var access: EnvironmentOptions.Access
    /// What an append waits for. Anything but ``EnvironmentOptions/Durability/full`` is for tests.
    public var durability: EnvironmentOptions.Durability
    /// Whether the lock file is used; false only for a copy on media that cannot be written.
    public var usesLockFile: Bool

    /// Creates options; the defaults are a market's.
    public init(
        mapSizeBytes: Int = 64 << 30,
        access: EnvironmentOptions.Access = .readWrite,
        durability: EnvironmentOptions.Durability = .full,
        usesLockFile: Bool = true
    ) {
        self.mapSizeBytes = mapSizeBytes
        self.access = access
        self.durability = durability
        self.usesLockFile = usesLockFile
    }

    /// What auditors use: never writes to the log.
    public static let readOnly = EventLogOptions(access: .readOnly)
}
