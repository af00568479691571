import CLMDB

/// How an environment is opened.
///
/// `MDB_WRITEMAP` and `MDB_DUPSORT` cannot be asked for: with the first a full disk kills the
/// process (SIGBUS), and the second has known bugs in LMDB 0.9.24.
public struct EnvironmentOptions: Sendable {
    /// Who may write.
    public enum Access: Sendable {
        /// Read and write transactions; files are created when missing.
        case readWrite
        /// Read transactions only; still takes a slot in the lock file.
        case readOnly
    }

    /// What a commit waits for.
    public enum Durability: Sendable {
        /// Data and meta pages are on disk when a commit returns.
        case full
        /// Nothing: a power failure may lose commits or damage the file. For derived data that
        /// can be built again, and for tests.
        case none
    }

    /// The size of the map in bytes: the most the environment can ever hold. Sparse.
    public var mapSizeBytes: Int
    /// How many read transactions may be open at once, over all processes.
    public var maximumReaders: Int
    /// How many named tables may be open.
    public var maximumTables: Int
    /// Who may write.
    public var access: Access
    /// What a commit waits for.
    public var durability: Durability
    /// Whether the lock file is used. Without it nothing may write to the directory: only for
    /// copies on media that cannot be written.
    public var usesLockFile: Bool
    /// Whether a missing directory is made, its parent existing (mode 0750).
    public var createsDirectory: Bool
    /// The permissions of files that are created.
    public var fileMode: UInt32

    /// Creates options; the defaults are those of the log.
    public init(
        mapSizeBytes: Int = 64 << 30,
        maximumReaders: Int = 256,
        maximumTables: Int = 32,
        access: Access = .readWrite,
        durability: Durability = .full,
        usesLockFile: Bool = true,
        createsDirectory: Bool = false,
        fileMode: UInt32 = 0o640
    ) {
        self.mapSizeBytes = mapSizeBytes
        self.maximumReaders = maximumReaders
        self.maximumTables = maximumTables
        self.access = access
        self.durability = durability
        self.usesLockFile = usesLockFile
        self.createsDirectory = createsDirectory
        self.fileMode = fileMode
    }

    var flags: UInt32 {
        var flags = UInt32(MDB_NOTLS)
        if access == .readOnly { flags |= UInt32(MDB_RDONLY) }
        if durability == .none { flags |= UInt32(MDB_NOSYNC) }
        if !usesLockFile { flags |= UInt32(MDB_NOLOCK) }
        return flags
    }
}
