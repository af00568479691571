/// Writes the Protocol Buffers wire format into a buffer that grows.
///
/// Fields are written in the order of the calls. As proto3 has it, a number that is zero, a flag
/// that is false and empty bytes are left out, unless the field is optional and present.
///
/// `@safe` is right because the buffer is never handed out but as a span tied to the writer, and
/// every write makes room first.
@safe
public struct WireWriter: ~Copyable {
    private var buffer: UnsafeMutableRawBufferPointer
    /// The number of bytes written.
    public private(set) var count = 0

    /// Creates a writer with room for `capacity` bytes before it has to grow.
    public init(capacity: Int = 256) {
        unsafe buffer = .allocate(byteCount: max(capacity, 32), alignment: 8)
    }

    deinit {
        unsafe buffer.deallocate()
    }

    /// Makes room for `more` bytes beyond those written.
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

    /// Forgets what was written, and keeps the room.
    public mutating func removeAll() { count = 0 }

    /// Forgets what was written from `offset` on.
    mutating func truncate(to offset: Int) {
        precondition(offset <= count, "cannot truncate to more than was written")
        count = offset
    }

    /// The bytes written.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let written = unsafe UnsafeRawBufferPointer(start: buffer.baseAddress, count: count)
            return unsafe overrideLifetime(
                RawSpan(_unsafeBytes: written), borrowing: self)
        }
    }

    /// Returns a copy of the bytes written.
    public func copyBytes() -> [UInt8] {
        unsafe [UInt8](UnsafeRawBufferPointer(start: buffer.baseAddress, count: count))
    }
}

// MARK: - Parts

extension WireWriter {
    /// Writes `byte` as it is.
    @inline(__always)
    mutating func writeByte(_ byte: UInt8) {
        reserve(1)
        overwrite(at: count, with: byte)
        count += 1
    }

    /// Writes `value` in seven-bit groups, the lowest first.
    @inline(__always)
    mutating func writeVarint(_ value: UInt64) {
        reserve(Self.maximumVarintSize)
        putVarint(value)
    }

    /// Writes `value` into room that is there.
    @inline(__always)
    private mutating func putVarint(_ value: UInt64) {
        if value < 0x80 {
            overwrite(at: count, with: UInt8(truncatingIfNeeded: value))
            count += 1
        } else {
            writeLongVarint(value)
        }
    }

    /// Writes `value`, of two groups or more, into room that is there.
    private mutating func writeLongVarint(_ value: UInt64) {
        var rest = value
        var end = count
        while rest >= 0x80 {
            overwrite(at: end, with: UInt8(truncatingIfNeeded: rest) | 0x80)
            end += 1
            rest >>= 7
        }
        overwrite(at: end, with: UInt8(truncatingIfNeeded: rest))
        count = end + 1
    }

    /// Writes an integer of fixed width, little endian.
    @inline(__always)
    mutating func writeLittleEndian<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        reserve(MemoryLayout<Value>.size)
        overwrite(at: count, with: value)
        count += MemoryLayout<Value>.size
    }

    /// Writes an integer of fixed width, little endian, over bytes already written or reserved.
    @inline(__always)
    mutating func overwrite<Value: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, with value: Value
    ) {
        unsafe (buffer.baseAddress.unsafelyUnwrapped + offset)
            .storeBytes(of: value.littleEndian, as: Value.self)
    }

    /// Writes four integers, little endian.
    @inline(__always)
    mutating func writeWords(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        reserve(32)
        overwrite(at: count, with: first)
        overwrite(at: count + 8, with: second)
        overwrite(at: count + 16, with: third)
        overwrite(at: count + 24, with: fourth)
        count += 32
    }

    /// Writes `bytes` as they are.
    @inline(__always)
    mutating func writeRaw(_ bytes: RawSpan) {
        reserve(bytes.byteCount)
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe (buffer.baseAddress.unsafelyUnwrapped + count)
                .copyMemory(from: start, byteCount: source.count)
        }
        count += bytes.byteCount
    }

    /// Writes a field's number and type into room that is there.
    @inline(__always)
    private mutating func putTag(_ field: UInt32, _ type: WireType) {
        putVarint(UInt64(field) << 3 | UInt64(type.rawValue))
    }

    /// Writes what goes before a field of `length` bytes: its number, its type and that length.
    @inline(__always)
    mutating func writePrefix(of field: UInt32, length: Int) {
        reserve(2 * Self.maximumVarintSize)
        putTag(field, .lengthDelimited)
        putVarint(UInt64(length))
    }

    /// The most bytes that a number in seven-bit groups takes.
    private static let maximumVarintSize = 10
}

// MARK: - Fields

extension WireWriter {
    /// Writes a `uint64`, `uint32` or enum field; nothing when zero.
    @inline(__always)
    public mutating func write(_ value: UInt64, field: UInt32) {
        if value != 0 { writeOptional(value, field: field) }
    }

    /// Writes an optional `uint64`, `uint32` or enum field; nothing when `nil`.
    @inline(__always)
    public mutating func writeOptional(_ value: UInt64?, field: UInt32) {
        guard let value else { return }
        reserve(2 * Self.maximumVarintSize)
        putTag(field, .varint)
        putVarint(value)
    }

    /// Writes an `int64` field; nothing when zero. Ten bytes for a negative number.
    @inline(__always)
    public mutating func write(_ value: Int64, field: UInt32) {
        write(UInt64(bitPattern: value), field: field)
    }

    /// Writes an optional `int64` field; nothing when `nil`.
    @inline(__always)
    public mutating func writeOptional(_ value: Int64?, field: UInt32) {
        writeOptional(value.map { UInt64(bitPattern: $0) }, field: field)
    }

    /// Writes a `bool` field; nothing when false.
    @inline(__always)
    public mutating func write(_ value: Bool, field: UInt32) {
        write(UInt64(value ? 1 : 0), field: field)
    }

    /// Writes an optional `bool` field; nothing when `nil`.
    @inline(__always)
    public mutating func writeOptional(_ value: Bool?, field: UInt32) {
        writeOptional(value.map { UInt64($0 ? 1 : 0) }, field: field)
    }

    /// Writes a `fixed64` field; nothing when zero.
    public mutating func writeFixed(_ value: UInt64, field: UInt32) {
        guard value != 0 else { return }
        reserve(Self.maximumVarintSize)
        putTag(field, .fixed64)
        writeLittleEndian(value)
    }

    /// Writes a `bytes` field; nothing when empty.
    @inline(__always)
    public mutating func write(_ value: [UInt8], field: UInt32) {
        if !value.isEmpty { writeOptional(value, field: field) }
    }

    /// Writes an optional `bytes` field; nothing when `nil`.
    @inline(__always)
    public mutating func writeOptional(_ value: [UInt8]?, field: UInt32) {
        guard let value else { return }
        writePrefix(of: field, length: value.count)
        writeRaw(unsafe value.span.bytes)
    }

    /// Writes a `string` field; nothing when empty.
    public mutating func write(_ value: String, field: UInt32) {
        if !value.isEmpty { writeOptional(value, field: field) }
    }

    /// Writes an optional `string` field, or an element of a repeated one; nothing when `nil`.
    public mutating func writeOptional(_ value: String?, field: UInt32) {
        guard var value else { return }
        value.makeContiguousUTF8()
        let text = value.utf8.span
        writePrefix(of: field, length: text.count)
        writeRaw(unsafe text.bytes)
    }

    /// Writes a packed `repeated uint64` field; nothing when empty.
    public mutating func writePacked(_ values: some Collection<UInt64>, field: UInt32) {
        if values.isEmpty { return }
        writeMessage(field: field) { writer in
            for value in values { writer.writeVarint(value) }
        }
    }

    /// Writes those of `values` whose places have a bit in `places` as a packed `repeated int64` field;
    /// nothing where there is no bit.
    @inline(__always)
    mutating func writePacked(_ values: Span<Int64>, at places: UInt64, field: UInt32) {
        if places == 0 { return }
        writeMessage(field: field) { writer in
            writer.reserve(places.nonzeroBitCount * Self.maximumVarintSize)
            var rest = places
            while rest != 0 {
                writer.putVarint(UInt64(bitPattern: values[rest.trailingZeroBitCount]))
                rest &= rest &- 1
            }
        }
    }

    /// Writes a message field: `body` writes its fields, straight into this buffer.
    ///
    /// A message of 128 bytes or more is moved once, to make room for its length.
    @inline(__always)
    public mutating func writeMessage(field: UInt32, _ body: (inout WireWriter) -> Void) {
        writePrefix(of: field, length: 0)
        let start = count
        body(&self)
        let length = count - start
        if length < 0x80 {
            overwrite(at: start - 1, with: UInt8(length))
            return
        }
        moveMessage(from: start, length)
    }

    private mutating func moveMessage(from start: Int, _ length: Int) {
        let extra = WireWriter.varintSize(UInt64(length)) - 1
        reserve(extra)
        unsafe (buffer.baseAddress.unsafelyUnwrapped + start + extra)
            .copyMemory(from: buffer.baseAddress.unsafelyUnwrapped + start, byteCount: length)
        count = start - 1
        writeVarint(UInt64(length))
        count = start + extra + length
    }

    /// Returns how many bytes `value` takes as a varint.
    static func varintSize(_ value: UInt64) -> Int {
        value == 0 ? 1 : (64 - value.leadingZeroBitCount + 6) / 7
    }
}
