import CLMDB
import Glibc
import Synchronization

/// An LMDB environment: one directory, one memory map, many tables.
///
/// The same directory is opened at most once in a process: LMDB's file locks are lost when a
/// second opening is closed (lmdb.h, "Caveats"), so ``init(path:options:)`` refuses it.
///
/// `@unchecked Sendable` is right because every stored property is a constant, LMDB allows an
/// environment to be used from all threads, and `MDB_NOTLS` is always set, so that a read
/// transaction belongs to its object and to no thread. ``Transaction`` is not `Sendable`.
public final class Environment: @unchecked Sendable {
    let handle: OpaquePointer
    private let registration: OpenDirectories.Registration
    private let tableLock = Mutex<Void>(())

    /// The directory.
    public let path: String

    /// Whether write transactions are refused.
    public let isReadOnly: Bool

    /// Opens the environment in the directory `path`.
    ///
    /// - Throws: `EBUSY` when this process has the directory open already; else what LMDB says.
    public init(path: String, options: EnvironmentOptions) throws(LMDBError) {
        if options.createsDirectory, mkdir(path, 0o750) != 0, errno != EEXIST {
            throw LMDBError(code: errno, call: "mkdir", path: path)
        }
        let registration = try OpenDirectories.register(path)
        var environment: OpaquePointer?
        do {
            try LMDBError.check(mdb_env_create(&environment), "mdb_env_create", path)
        } catch {
            OpenDirectories.remove(registration)
            throw error
        }
        guard let environment else {
            OpenDirectories.remove(registration)
            throw LMDBError(code: ENOMEM, call: "mdb_env_create", path: path)
        }
        do {
            try Self.open(environment, path, options)
        } catch {
            mdb_env_close(environment)
            OpenDirectories.remove(registration)
            throw error
        }
        self.handle = environment
        self.registration = registration
        self.path = path
        self.isReadOnly = options.access == .readOnly
    }

    deinit {
        mdb_env_close(handle)
        OpenDirectories.remove(registration)
    }

    private static func open(
        _ environment: OpaquePointer, _ path: String, _ options: EnvironmentOptions
    ) throws(LMDBError) {
        try LMDBError.check(
            mdb_env_set_mapsize(environment, options.mapSizeBytes), "mdb_env_set_mapsize", path)
        try LMDBError.check(
            mdb_env_set_maxreaders(environment, UInt32(options.maximumReaders)),
            "mdb_env_set_maxreaders", path)
        try LMDBError.check(
            mdb_env_set_maxdbs(environment, MDB_dbi(options.maximumTables)),
            "mdb_env_set_maxdbs", path)
        try LMDBError.check(
            mdb_env_open(environment, path, options.flags, options.fileMode), "mdb_env_open",
            path)
    }

    /// Opens the table `name`, creating it when asked to.
    ///
    /// Runs a transaction of its own, so it must not be called inside a write transaction.
    /// - Throws: `MDB_NOTFOUND` when there is no such table and `create` is false.
    public func openTable(
        _ name: String, keys: Table.Keys, create: Bool
    ) throws(LMDBError) -> Table {
        // lmdb.h: mdb_dbi_open must not be called from several transactions at once.
        try tableLock.withLock { _ throws(LMDBError) in
            try openTableLocked(name, keys: keys, create: create)
        }
    }

    private func openTableLocked(
        _ name: String, keys: Table.Keys, create: Bool
    ) throws(LMDBError) -> Table {
        let transaction = create ? try beginWrite() : try beginRead()
        var flags: UInt32 = 0
        if keys == .integers { flags |= UInt32(MDB_INTEGERKEY) }
        if create { flags |= UInt32(MDB_CREATE) }
        var table: MDB_dbi = 0
        try transaction.check(
            mdb_dbi_open(transaction.handle, name, flags, &table), "mdb_dbi_open")
        var actual: UInt32 = 0
        try transaction.check(
            mdb_dbi_flags(transaction.handle, table, &actual), "mdb_dbi_flags")
        guard (actual & UInt32(MDB_INTEGERKEY) != 0) == (keys == .integers) else {
            throw LMDBError(code: MDB_INCOMPATIBLE, call: "mdb_dbi_open", path: path)
        }
        try transaction.commit()
        return Table(name: name, keys: keys, handle: table)
    }

    /// Begins a read transaction: a view of the last commit that nothing changes.
    ///
    /// Keep it short. Pages freed after its beginning cannot be used again before it ends.
    public func beginRead() throws(LMDBError) -> Transaction {
        try Transaction(on: self, flags: UInt32(MDB_RDONLY))
    }

    /// Begins the write transaction; waits while another thread or process has it.
    ///
    /// It must be used, committed and dropped on the calling thread.
    public func beginWrite() throws(LMDBError) -> Transaction {
        try Transaction(on: self, flags: 0)
    }

    /// Frees the reader slots of processes that died, and returns how many there were.
    @discardableResult
    public func removeDeadReaders() throws(LMDBError) -> Int {
        var dead: Int32 = 0
        try LMDBError.check(mdb_reader_check(handle, &dead), "mdb_reader_check", path)
        return Int(dead)
    }

    /// Returns how much of the map is used.
    public func space() throws(LMDBError) -> EnvironmentSpace {
        var info = MDB_envinfo()
        try LMDBError.check(mdb_env_info(handle, &info), "mdb_env_info", path)
        var statistics = MDB_stat()
        try LMDBError.check(mdb_env_stat(handle, &statistics), "mdb_env_stat", path)
        return EnvironmentSpace(
            mapSizeBytes: info.me_mapsize,
            pageSizeBytes: Int(statistics.ms_psize),
            lastPageNumber: info.me_last_pgno,
            lastTransactionNumber: info.me_last_txnid,
            readerSlotsUsed: Int(info.me_numreaders),
            readerSlots: Int(info.me_maxreaders))
    }

    /// Writes what is buffered to disk, whatever the durability the environment was opened with.
    public func synchronize() throws(LMDBError) {
        try LMDBError.check(mdb_env_sync(handle, 1), "mdb_env_sync", path)
    }
}
