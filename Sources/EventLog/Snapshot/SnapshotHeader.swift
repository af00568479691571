public import MarketCore

/// The 88 bytes before the state in a snapshot file, little endian.
///
/// | offset | field |
/// |---|---|
/// | 0 | `LEADSNAP` |
/// | 8 | u64 snapshot format |
/// | 16 | u64 state format |
/// | 24 | i64 rules version |
/// | 32 | u64 position of the last event in the state |
/// | 40 | u64 length of the state in bytes |
/// | 48 | SHA-256 of the state |
/// | 80 | u32 CRC-32C of bytes 0 to 79, u32 CRC-32C of all that follows |
///
/// Behind the state stand its marks (``SnapshotMarks``); in format 2 there are none.
public struct SnapshotHeader: Hashable, Sendable {
    /// The snapshot format this program writes.
    public static let currentFormat: UInt64 = 3
    /// The oldest format it reads, whose snapshots have no marks.
    static let oldestFormat: UInt64 = 2
    static let byteCount = 88
    private static let magic = Array("LEADSNAP".utf8)
    private static let checksumOffset = 80

    /// The snapshot's format.
    let format: UInt64
    /// The rules version that made the state.
    public let rulesVersion: Int
    /// The position of the last event in the state.
    public let position: LogPosition
    /// The length of the state in bytes.
    public let stateByteCount: Int
    /// The digest of the state.
    public let digest: MarketDigest

    /// The checksum of all that follows the header.
    let checksum: UInt32

    /// Describes the snapshot of a market at `position` whose state has these properties.
    init(
        position: LogPosition, stateByteCount: Int, digest: MarketDigest, checksum: UInt32
    ) {
        format = Self.currentFormat
        rulesVersion = Market.rulesVersion
        self.position = position
        self.stateByteCount = stateByteCount
        self.digest = digest
        self.checksum = checksum
    }

    /// Reads and checks the header at the start of `bytes`.
    init(reading bytes: RawSpan) throws(SnapshotError) {
        guard bytes.byteCount >= Self.byteCount else {
            throw .wrongLength(expected: Self.byteCount, actual: bytes.byteCount)
        }
        for (offset, byte) in Self.magic.enumerated() where bytes.byte(at: offset) != byte {
            throw .notASnapshot
        }
        let ownChecksum: UInt32 = bytes.littleEndian(at: Self.checksumOffset)
        guard ownChecksum == Checksum.crc32c(bytes.extracting(..<Self.checksumOffset)) else {
            throw .damagedHeader
        }
        format = bytes.littleEndian(at: 8)
        guard (Self.oldestFormat...Self.currentFormat).contains(format) else {
            throw .unknownFormat(found: format, known: Self.currentFormat)
        }
        let stateFormat: UInt64 = bytes.littleEndian(at: 16)
        guard stateFormat == Market.stateFormat else {
            throw .unknownStateFormat(found: stateFormat, known: Market.stateFormat)
        }
        rulesVersion = bytes.littleEndian(at: 24)
        position = LogPosition(bytes.littleEndian(at: 32))
        let length: UInt64 = bytes.littleEndian(at: 40)
        stateByteCount = Int(clamping: length)
        digest = MarketDigest(
            bytes: (48..<Self.checksumOffset).map { bytes.byte(at: $0) })
        self.checksum = bytes.littleEndian(at: Self.checksumOffset + 4)
    }

    /// Whether the state's marks follow it.
    var hasMarks: Bool { format > Self.oldestFormat }

    /// Where the state stands in the file.
    var stateRange: Range<Int> { Self.byteCount..<Self.byteCount + stateByteCount }

    /// The header as it is stored.
    var bytes: [UInt8] {
        var bytes = Self.magic
        bytes += format.littleEndianBytes
        bytes += Market.stateFormat.littleEndianBytes
        bytes += Int64(rulesVersion).littleEndianBytes
        bytes += position.rawValue.littleEndianBytes
        bytes += UInt64(stateByteCount).littleEndianBytes
        bytes += digest.bytes
        let ownChecksum = unsafe Checksum.crc32c(bytes.span.bytes)
        return bytes + ownChecksum.littleEndianBytes + checksum.littleEndianBytes
    }
}

extension RawSpan {
    /// Returns the byte at `offset`.
    fileprivate func byte(at offset: Int) -> UInt8 { littleEndian(at: offset) }
}
