/// Reads the Protocol Buffers wire format.
///
/// Never traps, whatever the bytes: each step checks what is left and throws ``WireError``.
///
/// ```swift
/// while let field = try reader.nextField() {
///     switch field {
///     case 1: amount = try reader.signedNumber()
///     default: break  // Unread, so the next step skips it.
///     }
/// }
/// ```
public struct WireReader: ~Escapable {
    private let bytes: RawSpan
    private var offset = 0
    private var field: UInt32 = 0
    private var unread: WireType?

    /// Creates a reader of `bytes`.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    private var remaining: Int { bytes.byteCount - offset }

    /// Moves to the next field and returns its number, or `nil` at the end. A field whose value
    /// was not read is skipped.
    @_lifetime(self: copy self)
    public mutating func nextField() throws(WireError) -> UInt32? {
        if let unread { try skip(unread) }
        unread = nil
        if remaining == 0 { return nil }
        let tag = try varint()
        guard tag >> 3 >= 1, tag >> 3 < 1 << 29,
            let type = WireType(rawValue: UInt8(tag & 7))
        else { throw .invalidTag }
        field = UInt32(tag >> 3)
        unread = type
        return field
    }

    /// Reads the field as a `uint64`.
    @_lifetime(self: copy self)
    @inline(__always)
    public mutating func number() throws(WireError) -> UInt64 {
        try take(.varint)
        return try varint()
    }

    /// Reads the field as an `int64`.
    @_lifetime(self: copy self)
    @inline(__always)
    public mutating func signedNumber() throws(WireError) -> Int64 {
        Int64(bitPattern: try number())
    }

    /// Reads the field as an unsigned number that fits `Value`.
    @_lifetime(self: copy self)
    public mutating func number<Value: FixedWidthInteger>(
        as type: Value.Type
    ) throws(WireError) -> Value {
        guard let value = Value(exactly: try number()) else { throw .invalidValue(field: field) }
        return value
    }

    /// Reads the field as a `bool`.
    @_lifetime(self: copy self)
    @inline(__always)
    public mutating func flag() throws(WireError) -> Bool { try number() != 0 }

    /// Reads the field as a `fixed64`.
    @_lifetime(self: copy self)
    public mutating func fixedNumber() throws(WireError) -> UInt64 {
        try take(.fixed64)
        guard remaining >= 8 else { throw .truncated }
        let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        offset += 8
        return UInt64(littleEndian: value)
    }

    /// Reads the field as `bytes`.
    @_lifetime(self: copy self)
    public mutating func byteArray() throws(WireError) -> [UInt8] {
        let content = try lengthDelimited()
        return unsafe content.withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// Reads the field as `bytes` of exactly `count` bytes, without copying them.
    @_lifetime(copy self)
    mutating func span(count: Int) throws(WireError) -> RawSpan {
        let bytes = try lengthDelimited()
        guard bytes.byteCount == count else { throw .invalidValue(field: field) }
        return bytes
    }

    /// Reads the field as a `string`.
    @_lifetime(self: copy self)
    public mutating func text() throws(WireError) -> String {
        let content = try lengthDelimited()
        let text = unsafe content.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
        guard let text else { throw .invalidText(field: field) }
        return text
    }

    /// Reads the field as a message.
    @_lifetime(copy self)
    public mutating func message() throws(WireError) -> WireReader {
        WireReader(try lengthDelimited())
    }

    /// Reads the field as one element, or a packed list of elements, of a `repeated uint64`.
    @_lifetime(self: copy self)
    public mutating func numbers(into values: inout [UInt64]) throws(WireError) {
        if unread == .varint {
            values.append(try number())
            return
        }
        var list = WireReader(try lengthDelimited())
        while list.remaining > 0 { values.append(try list.varint()) }
    }

    /// Reads the field as one element, or a packed list of elements, of a `repeated int64`.
    @_lifetime(self: copy self)
    mutating func signedNumbers(into values: inout [Int64]) throws(WireError) {
        if unread == .varint {
            values.append(try signedNumber())
            return
        }
        var list = WireReader(try lengthDelimited())
        while list.remaining > 0 { values.append(Int64(bitPattern: try list.varint())) }
    }

    /// The error for the field just read when its value means nothing.
    public var invalidValue: WireError { .invalidValue(field: field) }
}

// MARK: - Parts

extension WireReader {
    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func take(_ type: WireType) throws(WireError) {
        guard unread == type else { throw .wrongType(field: field) }
        unread = nil
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func varint() throws(WireError) -> UInt64 {
        if offset < bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
            if byte < 0x80 {
                offset += 1
                return UInt64(byte)
            }
        }
        return try longVarint()
    }

    /// Reads a varint of any length.
    @_lifetime(self: copy self)
    @inline(never)
    private mutating func longVarint() throws(WireError) -> UInt64 {
        if remaining >= 8 {
            let word = UInt64(
                littleEndian: unsafe bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset, as: UInt64.self))
            let ends = ~word & 0x8080_8080_8080_8080
            if ends != 0 {
                offset += ends.trailingZeroBitCount / 8 + 1
                // The bits below the first end, in groups of seven, brought together pair by pair.
                var groups = word & (ends ^ (ends - 1)) & 0x7f7f_7f7f_7f7f_7f7f
                groups = groups & 0x007f_007f_007f_007f | (groups & 0x7f00_7f00_7f00_7f00) >> 1
                groups = groups & 0x0000_3fff_0000_3fff | (groups & 0x3fff_0000_3fff_0000) >> 2
                return groups & 0x0fff_ffff | (groups & 0x0fff_ffff_0000_0000) >> 4
            }
        }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
            offset += 1
            // The tenth byte holds bit 63 alone.
            if shift == 63, byte > 1 { throw .oversizedVarint }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .truncated
    }

    @_lifetime(copy self)
    @inline(__always)
    private mutating func lengthDelimited() throws(WireError) -> RawSpan {
        try take(.lengthDelimited)
        let length = try varint()
        guard length <= UInt64(remaining) else { throw .truncated }
        let content = bytes.extracting(offset..<offset + Int(length))
        offset += Int(length)
        return content
    }

    @_lifetime(self: copy self)
    private mutating func skip(_ type: WireType) throws(WireError) {
        switch type {
        case .varint: _ = try varint()
        case .fixed64: try advance(8)
        case .fixed32: try advance(4)
        case .lengthDelimited: _ = try lengthDelimited()
        }
    }

    @_lifetime(self: copy self)
    private mutating func advance(_ count: Int) throws(WireError) {
        guard remaining >= count else { throw .truncated }
        offset += count
    }
}
