import CLMDB

/// A place in a table, tied by the compiler to the transaction that opened it.
///
/// A move returns whether there is an entry there; only then may ``key`` and ``value`` be read.
public struct Cursor: ~Copyable, ~Escapable {
    private let handle: OpaquePointer
    private let table: Table
    private let path: String
    private var currentKey = MDB_val()
    private var currentValue = MDB_val()

    @_lifetime(immortal)
    init(_ handle: OpaquePointer, _ table: Table, _ path: String) {
        self.handle = handle
        self.table = table
        self.path = path
    }

    deinit { mdb_cursor_close(handle) }

    /// Moves to the first entry.
    @_lifetime(self: copy self)
    public mutating func moveToFirst() throws(LMDBError) -> Bool { try move(MDB_FIRST) }

    /// Moves to the last entry.
    @_lifetime(self: copy self)
    public mutating func moveToLast() throws(LMDBError) -> Bool { try move(MDB_LAST) }

    /// Moves to the next entry; to the first when the cursor has not moved yet.
    @_lifetime(self: copy self)
    public mutating func moveToNext() throws(LMDBError) -> Bool { try move(MDB_NEXT) }

    /// Moves to the entry before; to the last when the cursor has not moved yet.
    @_lifetime(self: copy self)
    public mutating func moveToPrevious() throws(LMDBError) -> Bool { try move(MDB_PREV) }

    /// Moves to the entry of `key`, or else to the next greater one, in a table of integer keys.
    @_lifetime(self: copy self)
    public mutating func move(toOrAfter key: UInt64) throws(LMDBError) -> Bool {
        precondition(table.keys == .integers, "table \(table.name) has byte keys")
        var value = MDB_val()
        var found = MDB_val()
        let handle = self.handle
        let code = withUnsafeBytes(of: key) { bytes in
            found = MDB_val(bytes)
            return mdb_cursor_get(handle, &found, &value, MDB_SET_RANGE)
        }
        return try arrive(code, found, value)
    }

    /// Moves to the entry of `key`, or else to the next greater one, in a table of byte keys.
    @_lifetime(self: copy self)
    public mutating func move(toOrAfter key: [UInt8]) throws(LMDBError) -> Bool {
        precondition(table.keys == .bytes, "table \(table.name) has integer keys")
        if key.isEmpty { return try moveToFirst() }
        var value = MDB_val()
        var found = MDB_val()
        let handle = self.handle
        let code = key.withUnsafeBytes { bytes in
            found = MDB_val(bytes)
            return mdb_cursor_get(handle, &found, &value, MDB_SET_RANGE)
        }
        return try arrive(code, found, value)
    }

    @_lifetime(self: copy self)
    private mutating func move(_ operation: MDB_cursor_op) throws(LMDBError) -> Bool {
        var key = MDB_val()
        var value = MDB_val()
        return try arrive(mdb_cursor_get(handle, &key, &value, operation), key, value)
    }

    @_lifetime(self: copy self)
    private mutating func arrive(
        _ code: Int32, _ key: MDB_val, _ value: MDB_val
    ) throws(LMDBError) -> Bool {
        if code == MDB_NOTFOUND {
            currentKey = MDB_val()
            currentValue = MDB_val()
            return false
        }
        try LMDBError.check(code, "mdb_cursor_get", path)
        currentKey = key
        currentValue = value
        return true
    }

    /// The bytes of the entry's key; empty when the last move found none.
    public var key: RawSpan {
        @_lifetime(borrow self)
        get { overrideLifetime(currentKey.span, borrowing: self) }
    }

    /// The bytes of the entry's value; empty when the last move found none.
    public var value: RawSpan {
        @_lifetime(borrow self)
        get { overrideLifetime(currentValue.span, borrowing: self) }
    }

    /// The entry's key in a table of integer keys; `nil` when it is not eight bytes long, which
    /// only damage can bring about.
    public var integerKey: UInt64? {
        let key = currentKey.span
        guard key.byteCount == MemoryLayout<UInt64>.size else { return nil }
        return key.unsafeLoadUnaligned(as: UInt64.self)
    }
}
