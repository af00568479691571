public import MarketCore

/// The 32 bytes before each event's payload, little endian.
///
/// | offset | field |
/// |---|---|
/// | 0 | u16 record format, u16 event type, u16 event version, u16 flags |
/// | 8 | i64 time, microseconds since 1970 UTC |
/// | 16 | u64 position of the transaction's first event |
/// | 24 | u32 payload length, u32 CRC-32C of bytes 0 to 27 and the payload |
public struct RecordHeader: Hashable, Sendable {
    /// The size of the header in bytes.
    public static let byteCount = 32
    /// The record format this code writes, and the newest it reads.
    public static let currentFormat: UInt16 = 1
    static let checksumOffset = 28

    /// The record format.
    public let format: UInt16
    /// The number of the event's type; see docs/EVENTS.md.
    public let eventType: UInt16
    /// The version of the event's payload.
    public let eventVersion: UInt16
    /// What the record is in its transaction.
    public let flags: RecordFlags
    /// The transaction's stamp.
    public let time: Timestamp
    /// The position of the first event of the transaction.
    public let transaction: LogPosition
    /// The length of the payload in bytes.
    public let payloadByteCount: UInt32
    /// The checksum as stored.
    public let checksum: UInt32
}

extension RecordHeader {
    /// Reads the header at the start of `bytes`, without checking any field.
    ///
    /// - Precondition: `bytes` holds 32 bytes or more.
    init(_ bytes: RawSpan) {
        format = bytes.littleEndian(at: 0)
        eventType = bytes.littleEndian(at: 2)
        eventVersion = bytes.littleEndian(at: 4)
        flags = RecordFlags(rawValue: bytes.littleEndian(at: 6))
        time = Timestamp(microseconds: bytes.littleEndian(at: 8))
        transaction = LogPosition(bytes.littleEndian(at: 16))
        payloadByteCount = bytes.littleEndian(at: 24)
        checksum = bytes.littleEndian(at: Self.checksumOffset)
    }

    /// Returns the header of the record `bytes` stored under `position`, once everything about it
    /// has been checked: length, checksum, format, flags and place in its transaction.
    static func validated(
        _ bytes: RawSpan, at position: LogPosition
    ) throws(RecordDamage) -> RecordHeader {
        guard bytes.byteCount >= byteCount else { throw .tooShort(byteCount: bytes.byteCount) }
        let header = RecordHeader(bytes)
        guard Int(header.payloadByteCount) == bytes.byteCount - byteCount else {
            throw .length(stated: Int(header.payloadByteCount), actual: bytes.byteCount - byteCount)
        }
        guard header.checksum == checksum(of: bytes) else { throw .checksum }
        // Only now can the other fields be believed: a flipped bit is no newer format.
        guard header.format == currentFormat else { throw .unknownFormat(header.format) }
        guard RecordFlags.known.isSuperset(of: header.flags) else { throw .flags }
        guard header.transaction > .start, header.transaction <= position else {
            throw .transaction(header.transaction)
        }
        let isFirst = header.transaction == position
        guard isFirst == header.flags.contains(.first), isFirst == header.flags.contains(.input)
        else { throw .flags }
        return header
    }

    /// Returns the CRC-32C of a record: of the header before the checksum, then of the payload.
    static func checksum(of record: RawSpan) -> UInt32 {
        let header = Checksum.crc32c(record.extracting(..<checksumOffset))
        return Checksum.crc32c(record.extracting(byteCount...), continuing: header)
    }
}

extension RawSpan {
    /// Returns the integer of fixed width, little endian, at `offset`.
    func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
        unsafe Value(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
