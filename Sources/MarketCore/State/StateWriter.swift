/// Writes the canonical form of a market's state: fixed widths, little endian, lists by key.
///
/// `@safe` is right because the buffer is owned by the writer and lent for the length of a call
/// only, and every write makes room first.
@safe
struct StateWriter: ~Copyable {
    private var buffer: UnsafeMutableRawBufferPointer
    private var count = 0
    private var handedOver = 0

    /// How many bytes were written.
    var offset: Int { handedOver + count }

    init() {
        unsafe buffer = .allocate(byteCount: 1 << 16, alignment: 8)
    }

    deinit { unsafe buffer.deallocate() }

    /// Hands what was written to `take`, and forgets it, once it is `minimum` bytes long.
    mutating func handOver<Failure: Error>(
        from minimum: Int, _ take: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        guard count >= minimum else { return }
        try unsafe take(
            RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: buffer.baseAddress, count: count)))
        handedOver += count
        count = 0
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if unsafe buffer.count - count < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(buffer.count * 2, count + more), alignment: 8)
        unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        unsafe buffer.deallocate()
        unsafe buffer = larger
    }

    @inline(__always)
    mutating func write(_ value: UInt64) {
        reserve(8)
        unsafe (buffer.baseAddress.unsafelyUnwrapped + count)
            .storeBytes(of: value.littleEndian, as: UInt64.self)
        count += 8
    }

    mutating func write(_ value: Int64) { write(UInt64(bitPattern: value)) }

    mutating func write(_ value: Int) { write(Int64(value)) }

    @inline(__always)
    mutating func write(_ value: Bool) {
        reserve(1)
        unsafe (buffer.baseAddress.unsafelyUnwrapped + count)
            .storeBytes(of: value ? 1 : 0, as: UInt8.self)
        count += 1
    }

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
        var value = value
        value.withUTF8 { text in
            write(text.count)
            reserve(text.count)
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                .copyBytes(from: text)
            count += text.count
        }
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
///
/// `@safe` is right because it is made and used within one call that lends it the bytes, and every
/// read checks what is left; a copy may read on another thread because nobody writes to them.
@safe
struct StateReader: @unchecked Sendable {
    private let bytes: UnsafeRawBufferPointer
    /// How many bytes stand before what is read next.
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = unsafe bytes
    }

    var isAtEnd: Bool { unsafe offset == bytes.count }

    /// The most persons that the rest can hold: each takes 23 bytes at least.
    var mostPersons: Int { remaining / 23 }

    private var remaining: Int { unsafe bytes.count - offset }

    /// One that reads from another place on, and up to `end` where that is said.
    func reader(from offset: Int, to end: Int?) throws(StateError) -> StateReader {
        let end = unsafe end ?? bytes.count
        guard offset >= 0, offset <= end, unsafe end <= bytes.count else { throw .truncated }
        var reader = unsafe StateReader(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        reader.offset = offset
        return reader
    }

    @inline(__always)
    mutating func uint64() throws(StateError) -> UInt64 {
        guard remaining >= 8 else { throw .truncated }
        let value = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        offset += 8
        return UInt64(littleEndian: value)
    }

    @inline(__always)
    mutating func int64() throws(StateError) -> Int64 { Int64(bitPattern: try uint64()) }

    @inline(__always)
    mutating func int() throws(StateError) -> Int { Int(try int64()) }

    @inline(__always)
    mutating func bool() throws(StateError) -> Bool {
        guard remaining > 0 else { throw .truncated }
        defer { offset += 1 }
        switch unsafe bytes[offset] {
        case 0: return false
        case 1: return true
        default: throw .invalidValue
        }
    }

    @inline(__always)
    mutating func money() throws(StateError) -> Money { Money(fen: try int64()) }

    @inline(__always)
    mutating func timestamp() throws(StateError) -> Timestamp {
        Timestamp(microseconds: try int64())
    }

    mutating func timespan() throws(StateError) -> Timespan {
        Timespan(microseconds: try int64())
    }

    @inline(__always)
    mutating func position() throws(StateError) -> LogPosition { LogPosition(try uint64()) }

    @inline(__always)
    mutating func id<Entity>() throws(StateError) -> ID<Entity> { ID(try position()) }

    @inline(__always)
    mutating func number<Entity>() throws(StateError) -> Number<Entity> {
        guard let value = UInt32(exactly: try uint64()) else { throw .invalidValue }
        return Number(value)
    }

    @inline(__always)
    mutating func bytes16() throws(StateError) -> Bytes16 {
        Bytes16(high: try uint64(), low: try uint64())
    }

    mutating func string() throws(StateError) -> String {
        let count = try int()
        guard count >= 0, remaining >= count else { throw .truncated }
        defer { offset += count }
        let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
        guard let text = unsafe String(validating: text, as: UTF8.self) else {
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

    /// How many values follow, each of a byte at least.
    mutating func count() throws(StateError) -> Int {
        let count = try int()
        guard count >= 0, count <= remaining else { throw .truncated }
        return count
    }

    mutating func array<Value>(
        _ read: (inout StateReader) throws(StateError) -> Value
    ) throws(StateError) -> [Value] {
        let count = try count()
        if count == 0 { return [] }
        var values: [Value] = []
        // A count that is wrong takes no more room than this.
        values.reserveCapacity(min(count, 1 << 16))
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }
}
