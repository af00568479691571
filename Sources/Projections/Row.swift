/// Builds a key or a row of a view: fixed widths, big endian, so that keys order as their numbers;
/// inside rows also numbers of varying length.
struct RowWriter {
    private(set) var bytes: [UInt8] = []

    init() {}

    /// Empties it and keeps its room.
    mutating func reset() { bytes.removeAll(keepingCapacity: true) }

    mutating func write<Value: FixedWidthInteger>(_ value: Value) {
        var shift = Value.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }

    /// Writes a number in as many bytes as it needs, seven bits each, the lowest first.
    mutating func write(varying value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes text and how long it is.
    mutating func write(_ text: String) {
        write(varying: UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }
}

/// Reads what ``RowWriter`` built. A row that is too short is a damaged view.
struct RowReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ row: RawSpan) {
        bytes = unsafe row.withUnsafeBytes { unsafe Array($0) }
    }

    /// Whether everything was read.
    var isAtEnd: Bool { offset == bytes.count }

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

    /// Reads a number of varying length.
    mutating func varying() throws(ViewError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try read(UInt8.self)
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw .damagedRow
    }

    /// Reads text that was written with its length.
    mutating func text() throws(ViewError) -> String {
        let count = try varying()
        guard count <= UInt64(bytes.count - offset) else { throw .damagedRow }
        let end = offset + Int(count)
        guard let text = String(validating: bytes[offset..<end], as: UTF8.self) else {
            throw .damagedRow
        }
        offset = end
        return text
    }
}
