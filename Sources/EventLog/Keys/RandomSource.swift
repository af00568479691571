internal import CLibCrypto

/// Random bytes for keys, drawn from libcrypto's generator in blocks of 4 KiB.
///
/// Bytes handed out are overwritten in the block, so that a key is not left behind in memory.
struct RandomSource {
    private static let blockWordCount = 512
    private var block = [UInt64](repeating: 0, count: Self.blockWordCount)
    private var used = Self.blockWordCount

    /// Returns 32 fresh random bytes.
    ///
    /// - Throws: when the generator has none to give; nothing may be sealed then.
    mutating func next32Bytes() throws(EventLogError) -> InlineArray<4, UInt64> {
        if used == Self.blockWordCount { try refill() }
        let words: InlineArray<4, UInt64> = [
            block[used], block[used + 1], block[used + 2], block[used + 3],
        ]
        for index in used..<used + 4 { block[index] = 0 }
        used += 4
        return words
    }

    private mutating func refill() throws(EventLogError) {
        let code = unsafe block.withUnsafeMutableBytes { block in
            unsafe RAND_priv_bytes(
                block.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(block.count))
        }
        guard code == 1 else { throw .failed("RAND_priv_bytes") }
        used = 0
    }
}
