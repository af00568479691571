internal import Glibc

/// Random bytes from the kernel, drawn in blocks of 4 KiB.
///
/// Bytes handed out are overwritten in the block, so that a key is not left behind in memory.
struct RandomSource {
    private static let blockByteCount = 4_096
    private var block = [UInt8](repeating: 0, count: Self.blockByteCount)
    private var used = Self.blockByteCount

    /// Returns `count` fresh random bytes, at most 4,096.
    ///
    /// - Throws: when the kernel has none to give; nothing may be sealed then.
    mutating func bytes(_ count: Int) throws(EventLogError) -> [UInt8] {
        precondition(count <= Self.blockByteCount, "at most one block at a time")
        if used + count > Self.blockByteCount { try refill() }
        let bytes = Array(block[used..<used + count])
        for index in used..<used + count { block[index] = 0 }
        used += count
        return bytes
    }

    private mutating func refill() throws(EventLogError) {
        var done = 0
        while done < Self.blockByteCount {
            // The most that one call gives.
            let count = min(256, Self.blockByteCount - done)
            let result = unsafe block.withUnsafeMutableBytes { block in
                unsafe getentropy(block.baseAddress?.advanced(by: done), count)
            }
            guard result == 0 else {
                throw .system("getentropy", "the kernel's random source")
            }
            done += count
        }
        used = 0
    }
}
