import CLMDB
import Glibc

/// The bytes of an environment's file as of its last commit, read in order while it is used: what a copy of
/// it holds.
///
/// Why not `mdb_env_copy`: it writes up to a gibibyte in one call, and cannot be ended before its end.
///
/// 1. The meta pages are read while nobody commits, so that they are those of the read transaction.
/// 2. That lasts as long as the image, and keeps the pages it needs from being used again.
public struct EnvironmentImage: ~Copyable {
    /// How many bytes are read at once.
    public static let blockByteCount = 4 << 20

    private let transaction: Transaction
    private let descriptor: Int32
    private let byteCount: Int
    /// The bytes read so far.
    private var position = 0
    private let metaPages: [UInt8]

    /// Takes the image of an environment that may be written; waits while somebody commits.
    public init(of environment: Environment) throws(LMDBError) {
        var descriptor: Int32 = -1
        try LMDBError.check(
            mdb_env_get_fd(environment.handle, &descriptor), "mdb_env_get_fd", environment.path)
        // It changes nothing, and keeps others from it.
        let writing = try environment.beginWrite()
        let transaction = try environment.beginRead()
        let space = try environment.space()
        metaPages = try Self.read(
            descriptor, 2 * space.pageSizeBytes, at: 0, environment.path)
        _ = consume writing
        byteCount = space.usedBytes
        self.descriptor = descriptor
        self.transaction = transaction
    }

    /// Returns the next bytes; none at the end.
    public mutating func next() throws(LMDBError) -> [UInt8] {
        let block: [UInt8]
        if position == 0 {
            block = metaPages
        } else {
            // The file may end before the last page that was ever given out, which was not used then.
            block = try Self.read(
                descriptor, min(byteCount - position, Self.blockByteCount), at: position,
                transaction.environment.path)
        }
        position += block.count
        return block
    }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    private static func read(
        _ descriptor: Int32, _ count: Int, at offset: Int, _ path: String
    ) throws(LMDBError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { bytes, done in
            while done < count {
                let rest = UnsafeMutableBufferPointer(rebasing: bytes[done..<count])
                let received = pread(descriptor, rest.baseAddress, rest.count, offset + done)
                if received < 0, errno == EINTR { continue }
                if received < 0 { code = errno }
                if received <= 0 { break }
                done += received
            }
        }
        guard code == 0 else { throw LMDBError(code: code, call: "pread", path: path) }
        return bytes
    }
}
