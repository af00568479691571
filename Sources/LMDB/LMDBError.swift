import CLMDB
import Glibc

/// A call to LMDB that failed: its return code, the call and the environment it was made on.
public struct LMDBError: Error, Hashable, Sendable {
    /// The return code: an `errno` value when positive, one of LMDB's own when negative.
    public let code: Int32
    /// The C function that failed, for example `mdb_txn_commit`.
    public let call: String
    /// The directory of the environment.
    public let path: String

    /// Creates an error.
    public init(code: Int32, call: String, path: String) {
        self.code = code
        self.call = call
        self.path = path
    }

    /// Whether the map is full: the environment was opened with too small a map size.
    public var isMapFull: Bool { code == MDB_MAP_FULL }

    /// Whether the disk is full, as far as a look at it tells.
    ///
    /// Where it takes the first part of a write and not the rest, LMDB says that it failed (`EIO`).
    public func foundDiskFull() -> Bool {
        guard code == EIO else { return code == ENOSPC || code == EDQUOT }
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return false }
        return status.f_bavail * status.f_frsize < Self.fullBytes
    }

    /// Whether the disk failed, or took the first part of a write and not the rest.
    public var isIncompleteWrite: Bool { code == EIO }

    /// With less than that a disk counts as full.
    private static let fullBytes: UInt = 1 << 20

    /// Whether LMDB found its own pages damaged.
    public var isCorruption: Bool {
        code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_INVALID
            || code == MDB_BAD_TXN
    }

    /// Whether something that should exist, a file or a table, does not.
    public var isMissing: Bool { code == ENOENT || code == MDB_NOTFOUND }

    /// Throws unless `code` is success.
    static func check(
        _ code: Int32, _ call: StaticString, _ path: String
    ) throws(LMDBError) {
        if code != MDB_SUCCESS {
            throw LMDBError(code: code, call: call.description, path: path)
        }
    }
}

extension LMDBError: CustomStringConvertible {
    /// Call, path, what LMDB says of the code, and the code.
    public var description: String {
        "\(call) on \(path): \(String(cString: mdb_strerror(code))) (code \(code))"
    }
}
