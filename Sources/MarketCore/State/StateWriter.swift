/// Writes the canonical form of a market's state: fixed widths, little endian, lists by key.
struct StateWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func write(_ value: Int64) { write(UInt64(bitPattern: value)) }

    mutating func write(_ value: Int) { write(Int64(value)) }

    mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func write(_ value: Money) { write(value.fen) }

    mutating func write(_ value: Timestamp) { write(value.microseconds) }

    mutating func write(_ value: Timespan) { write(value.microseconds) }

    mutating func write(_ value: LogPosition) { write(value.rawValue) }

    mutating func write<Entity>(_ value: ID<Entity>) { write(value.rawValue) }

    mutating func write<Entity>(_ value: Number<Entity>) { write(UInt64(value.rawValue)) }

    mutating func write(_ value: Bytes16) {
        write(value.high)
        write(value.low)
    }

    mutating func write(_ value: String) {
        write(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func write(_ value: Name) { write(value.description) }

    mutating func write<Value>(_ value: Value?, _ each: (inout StateWriter, Value) -> Void) {
        write(value != nil)
        if let value { each(&self, value) }
    }

    mutating func write<Values: Collection>(
        _ values: Values, _ each: (inout StateWriter, Values.Element) -> Void
    ) {
        write(values.count)
        for value in values { each(&self, value) }
    }
}

/// Why bytes are not a market's state.
public enum StateError: Error, Hashable, Sendable {
    /// They end before the state does.
    case truncated
    /// They go on after the state.
    case trailingBytes
    /// They were written in another form.
    case unknownFormat
    /// A value is none that a market can hold.
    case invalidValue
}

/// Reads what ``StateWriter`` wrote.
struct StateReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func uint64() throws(StateError) -> UInt64 {
        guard bytes.count - offset >= 8 else { throw .truncated }
        var value: UInt64 = 0
        for index in 0..<8 { value |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
        offset += 8
        return value
    }

    mutating func int64() throws(StateError) -> Int64 { Int64(bitPattern: try uint64()) }

    mutating func int() throws(StateError) -> Int { Int(try int64()) }

    mutating func bool() throws(StateError) -> Bool {
        guard offset < bytes.count else { throw .truncated }
        defer { offset += 1 }
        switch bytes[offset] {
        case 0: return false
        case 1: return true
        default: throw .invalidValue
        }
    }

    mutating func money() throws(StateError) -> Money { Money(fen: try int64()) }

    mutating func timestamp() throws(StateError) -> Timestamp {
        Timestamp(microseconds: try int64())
    }

    mutating func timespan() throws(StateError) -> Timespan {
        Timespan(microseconds: try int64())
    }

    mutating func position() throws(StateError) -> LogPosition { LogPosition(try uint64()) }

    mutating func id<Entity>() throws(StateError) -> ID<Entity> { ID(try position()) }

    mutating func number<Entity>() throws(StateError) -> Number<Entity> {
        guard let value = UInt32(exactly: try uint64()) else { throw .invalidValue }
        return Number(value)
    }

    mutating func bytes16() throws(StateError) -> Bytes16 {
        Bytes16(high: try uint64(), low: try uint64())
    }

    mutating func string() throws(StateError) -> String {
        let count = try int()
        guard count >= 0, bytes.count - offset >= count else { throw .truncated }
        defer { offset += count }
        guard let text = String(validating: bytes[offset..<(offset + count)], as: UTF8.self) else {
            throw .invalidValue
        }
        return text
    }

    mutating func name() throws(StateError) -> Name {
        guard let name = Name(try string()) else { throw .invalidValue }
        return name
    }

    mutating func optional<Value>(
        _ read: (inout StateReader) throws(StateError) -> Value
    ) throws(StateError) -> Value? {
        try bool() ? try read(&self) : nil
    }

    mutating func array<Value>(
        _ read: (inout StateReader) throws(StateError) -> Value
    ) throws(StateError) -> [Value] {
        let count = try int()
        guard count >= 0, count <= bytes.count - offset else { throw .truncated }
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }
}
