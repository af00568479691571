import CLMDB
import Glibc

/// A transaction: dropped, it aborts; ``commit()`` makes its changes last.
///
/// Values are handed out as spans of the map that the compiler ties to the transaction: they
/// cannot be kept beyond its end, nor over a ``put(_:for:in:)``, which may move them.
/// A write transaction stays on the thread that began it; not `Sendable`, so the compiler sees
/// to that as long as it is kept in synchronous code.
public struct Transaction: ~Copyable {
    private(set) var handle: OpaquePointer?
    let environment: Environment

    init(on environment: Environment, flags: UInt32) throws(LMDBError) {
        self.environment = environment
        self.handle = nil
        try LMDBError.check(
            mdb_txn_begin(environment.handle, nil, flags, &handle), "mdb_txn_begin",
            environment.path)
    }

    deinit {
        if let handle { mdb_txn_abort(handle) }
    }

    /// Makes the changes last, to the environment's durability, and ends the transaction.
    ///
    /// - Throws: what the commit failed with. The transaction is gone either way, and whether it
    ///   lasts is unknown: do not retry, open the environment again.
    public consuming func commit() throws(LMDBError) {
        let code = mdb_txn_commit(handle)
        handle = nil
        try check(code, "mdb_txn_commit")
    }

    func check(_ code: Int32, _ call: StaticString) throws(LMDBError) {
        try LMDBError.check(code, call, environment.path)
    }

    /// Returns the number of entries in `table`.
    public func count(of table: Table) throws(LMDBError) -> Int {
        var statistics = MDB_stat()
        try check(mdb_stat(handle, table.handle, &statistics), "mdb_stat")
        return statistics.ms_entries
    }

    /// Opens a cursor on `table`; it starts before the first entry.
    @_lifetime(borrow self)
    public func cursor(on table: Table) throws(LMDBError) -> Cursor {
        var cursor: OpaquePointer?
        try check(mdb_cursor_open(handle, table.handle, &cursor), "mdb_cursor_open")
        guard let cursor else {
            throw LMDBError(code: ENOMEM, call: "mdb_cursor_open", path: environment.path)
        }
        return Cursor(cursor, table, environment.path)
    }
}

// MARK: - Integer keys

extension Transaction {
    /// Returns the value of `key` in a table of integer keys, or `nil`.
    @_lifetime(borrow self)
    public func value(for key: UInt64, in table: Table) throws(LMDBError) -> RawSpan? {
        precondition(table.keys == .integers, "table \(table.name) has byte keys")
        var value = MDB_val()
        let code = withUnsafeBytes(of: key) { bytes in
            var key = MDB_val(bytes)
            return mdb_get(handle, table.handle, &key, &value)
        }
        guard try isFound(code, "mdb_get") else { return nil }
        return overrideLifetime(value.span, borrowing: self)
    }

    /// Writes `value` for `key`, which must be greater than every key of the table.
    ///
    /// - Throws: `MDB_KEYEXIST` when it is not.
    public mutating func append(
        _ value: RawSpan, for key: UInt64, in table: Table
    ) throws(LMDBError) {
        try put(value, for: key, in: table, flags: UInt32(MDB_APPEND))
    }

    /// Writes `value` for `key`, in place of an older one.
    public mutating func put(
        _ value: RawSpan, for key: UInt64, in table: Table
    ) throws(LMDBError) {
        try put(value, for: key, in: table, flags: 0)
    }

    private mutating func put(
        _ value: RawSpan, for key: UInt64, in table: Table, flags: UInt32
    ) throws(LMDBError) {
        precondition(table.keys == .integers, "table \(table.name) has byte keys")
        let code = withUnsafeBytes(of: key) { key in
            value.withUnsafeBytes { value in
                var key = MDB_val(key)
                var value = MDB_val(value)
                return mdb_put(handle, table.handle, &key, &value, flags)
            }
        }
        try check(code, "mdb_put")
    }

    /// Deletes `key`, and returns whether it was there.
    @discardableResult
    public mutating func delete(_ key: UInt64, in table: Table) throws(LMDBError) -> Bool {
        precondition(table.keys == .integers, "table \(table.name) has byte keys")
        let code = withUnsafeBytes(of: key) { bytes in
            var key = MDB_val(bytes)
            return mdb_del(handle, table.handle, &key, nil)
        }
        return try isFound(code, "mdb_del")
    }

    func isFound(_ code: Int32, _ call: StaticString) throws(LMDBError) -> Bool {
        if code == MDB_NOTFOUND { return false }
        try check(code, call)
        return true
    }
}

// MARK: - Byte keys

extension Transaction {
    /// Returns the value of `key` in a table of byte keys, or `nil`.
    @_lifetime(borrow self)
    public func value(for key: [UInt8], in table: Table) throws(LMDBError) -> RawSpan? {
        precondition(table.keys == .bytes, "table \(table.name) has integer keys")
        var value = MDB_val()
        let code = key.withUnsafeBytes { bytes in
            var key = MDB_val(bytes)
            return mdb_get(handle, table.handle, &key, &value)
        }
        guard try isFound(code, "mdb_get") else { return nil }
        return overrideLifetime(value.span, borrowing: self)
    }

    /// Writes `value` for `key` (1...511 bytes), in place of an older one.
    public mutating func put(
        _ value: RawSpan, for key: [UInt8], in table: Table
    ) throws(LMDBError) {
        precondition(table.keys == .bytes, "table \(table.name) has integer keys")
        let code = key.withUnsafeBytes { key in
            value.withUnsafeBytes { value in
                var key = MDB_val(key)
                var value = MDB_val(value)
                return mdb_put(handle, table.handle, &key, &value, 0)
            }
        }
        try check(code, "mdb_put")
    }

    /// Deletes `key`, and returns whether it was there.
    @discardableResult
    public mutating func delete(_ key: [UInt8], in table: Table) throws(LMDBError) -> Bool {
        precondition(table.keys == .bytes, "table \(table.name) has integer keys")
        let code = key.withUnsafeBytes { bytes in
            var key = MDB_val(bytes)
            return mdb_del(handle, table.handle, &key, nil)
        }
        return try isFound(code, "mdb_del")
    }

    /// Deletes every entry of `table`, and keeps the table.
    public mutating func deleteAll(in table: Table) throws(LMDBError) {
        try check(mdb_drop(handle, table.handle, 0), "mdb_drop")
    }
}
