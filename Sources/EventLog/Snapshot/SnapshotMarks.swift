internal import MarketCore

/// How the marks of a state are stored behind it: their number, then of each the number of its list,
/// how many entries stand before it and its offset, all as u64, little endian. Where there are marks is
/// part of the format: an audit compares them.
enum SnapshotMarks {
    private static let markByteCount = 24

    /// The marks as they are stored.
    static func bytes(of marks: [StateMark]) -> [UInt8] {
        var bytes = UInt64(marks.count).littleEndianBytes
        for mark in marks {
            bytes += mark.list.rawValue.littleEndianBytes
            bytes += UInt64(mark.entriesBefore).littleEndianBytes
            bytes += UInt64(mark.offset).littleEndianBytes
        }
        return bytes
    }

    /// How many bytes there should be, by the number at their beginning.
    static func byteCount(of bytes: RawSpan) -> Int {
        guard bytes.byteCount >= 8 else { return 8 }
        let count: UInt64 = bytes.littleEndian(at: 0)
        let (product, overflow) = Int(clamping: count).multipliedReportingOverflow(
            by: markByteCount)
        return overflow || product > Int.max - 8 ? .max : 8 + product
    }

    /// Reads marks.
    ///
    /// - Precondition: there are as many bytes as ``byteCount(of:)`` tells.
    /// - Returns: `nil` where a list is unknown or a number too large.
    static func marks(in bytes: RawSpan) -> [StateMark]? {
        var marks: [StateMark] = []
        for start in stride(from: 8, to: bytes.byteCount, by: markByteCount) {
            let entriesBefore: UInt64 = bytes.littleEndian(at: start + 8)
            let offset: UInt64 = bytes.littleEndian(at: start + 16)
            guard let list = StateMark.List(rawValue: bytes.littleEndian(at: start)),
                let entriesBefore = Int(exactly: entriesBefore), let offset = Int(exactly: offset)
            else { return nil }
            marks.append(StateMark(list: list, entriesBefore: entriesBefore, offset: offset))
        }
        return marks
    }
}
