internal import CChecksum

/// CRC-32C (Castagnoli; RFC 3720, B.4), with the processor's instruction where it has one.
public enum Checksum {
    /// Returns the checksum of `bytes`.
    ///
    /// - Parameter checksum: that of the bytes before, to continue it.
    public static func crc32c(_ bytes: RawSpan, continuing checksum: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe leadmarket_crc32c(checksum, bytes.baseAddress, bytes.count)
        }
    }

    /// The same by tables, for processors without the instruction.
    static func portableCRC32C(_ bytes: RawSpan, continuing checksum: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe leadmarket_crc32c_portable(checksum, bytes.baseAddress, bytes.count)
        }
    }
}
