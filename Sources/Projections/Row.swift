/// Builds a key or a row of a view: fixed widths, big endian, so that keys order as their numbers.
struct RowWriter {
    private(set) var bytes: [UInt8] = []

    init() {}

    mutating func write<Value: FixedWidthInteger>(_ value: Value) {
        var shift = Value.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }

    mutating func write(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}

/// Reads what ``RowWriter`` built. A row that is too short is a damaged view.
struct RowReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ row: RawSpan) {
        bytes = unsafe Array(unsafeUninitializedCapacity: row.byteCount) { buffer, count in
            for index in 0..<row.byteCount {
                unsafe buffer.initializeElement(
                    at: index, to: row.unsafeLoad(fromByteOffset: index, as: UInt8.self))
            }
            count = row.byteCount
        }
    }

    mutating func read<Value: FixedWidthInteger>(
        _ type: Value.Type = Value.self
    ) throws(ViewError) -> Value {
        let width = Value.bitWidth / 8
        guard bytes.count - offset >= width else { throw .damagedRow }
        var value: Value = 0
        for byte in bytes[offset..<(offset + width)] {
            value = width == 1 ? Value(truncatingIfNeeded: byte) : (value << 8) | Value(byte)
        }
        offset += width
        return value
    }

    /// The rest of the row as text.
    mutating func rest() throws(ViewError) -> String {
        guard let text = String(validating: bytes[offset...], as: UTF8.self) else {
            throw .damagedRow
        }
        offset = bytes.count
        return text
    }
}
