/// Writes JSON text into a growing array of bytes, without Foundation and without intermediate trees.
///
/// Commas are put where they belong; that names and values alternate in objects and that containers are closed is the
/// caller's duty. The text never holds a raw newline, so it can be a frame of ``LineFraming``. Nothing but the array
/// itself is ever allocated.
///
/// ```swift
/// writer.beginObject()
/// writer.name("lead"); writer.integer(4711)
/// writer.endObject()
/// ```
public struct JSONWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Whether the next name or value has one before it in the same container.
    private var needsComma = false

    /// Makes a writer.
    ///
    /// - Parameter capacity: bytes to reserve.
    public init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// Forgets what has been written and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    /// Opens an object.
    public mutating func beginObject() {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    /// Closes the object last opened.
    public mutating func endObject() {
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Opens an array.
    public mutating func beginArray() {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
    }

    /// Closes the array last opened.
    public mutating func endArray() {
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Writes a member's name; its value comes next.
    ///
    /// - Precondition: nothing in it needs an escape.
    public mutating func name(_ name: StaticString) {
        let separates = needsComma
        bytes.append(addingCapacity: name.utf8CodeUnitCount + 4) { output in
            if separates { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            Self.copy(name, to: &output)
            output.append(UInt8(ascii: "\""))
            output.append(UInt8(ascii: ":"))
        }
        needsComma = false
    }

    /// Writes a member's name that comes from elsewhere; its value comes next.
    public mutating func name(text: String) {
        quoted(text, after: UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes `null`.
    public mutating func null() {
        literal("null")
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        literal(value ? "true" : "false")
    }

    /// Writes a signed integer.
    public mutating func integer(_ value: Int64) {
        digits(value.magnitude, isNegative: value < 0)
    }

    /// Writes an unsigned integer.
    public mutating func unsigned(_ value: UInt64) {
        digits(value, isNegative: false)
    }

    /// Writes a floating-point number in its shortest exact form; `null` for infinities and NaN, which JSON lacks.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        bytes.append(contentsOf: value.description.utf8)
        needsComma = true
    }

    /// Writes a string.
    public mutating func string(_ value: String) {
        quoted(value, after: nil)
        needsComma = true
    }

    /// Writes a time as RFC 3339 text in UTC.
    ///
    /// - Parameter microseconds: since the Unix epoch, within ``RFC3339/range``.
    public mutating func timestamp(microseconds: Int64) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        RFC3339.append(microseconds, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Writes a whole value.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .unsigned(let value): unsigned(value)
        case .double(let value): double(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                name(text: member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// Writes the text of one value that was encoded before.
    public mutating func encoded(_ text: [UInt8]) {
        separate()
        bytes.append(contentsOf: text)
        needsComma = true
    }

    /// Ends the frame; the next value starts a new one.
    public mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Writes text that is JSON already and stands before a value, as the beginning of every response.
    mutating func beginning(_ text: StaticString) {
        separate()
        plain(text)
        needsComma = false
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        plain(text)
        needsComma = true
    }

    private mutating func plain(_ text: StaticString) {
        bytes.append(addingCapacity: text.utf8CodeUnitCount) { Self.copy(text, to: &$0) }
    }

    /// Copies a text of the program's own.
    @inline(__always)
    private static func copy(_ text: StaticString, to output: inout OutputSpan<UInt8>) {
        precondition(output.freeCapacity >= text.utf8CodeUnitCount, "there is room")
        text.withUTF8Buffer { text in
            guard let source = text.baseAddress else { return }
            unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
                guard let target = buffer.baseAddress else { return }
                unsafe (target + initialized).initialize(from: source, count: text.count)
                initialized += text.count
            }
        }
    }
}

// Numbers.
extension JSONWriter {
    private mutating func digits(_ value: UInt64, isNegative: Bool) {
        let separates = needsComma
        bytes.append(addingCapacity: 22) { output in
            if separates { output.append(UInt8(ascii: ",")) }
            if isNegative { output.append(UInt8(ascii: "-")) }
            let count = Self.digitCount(value)
            output.append(repeating: UInt8(ascii: "0"), count: count)
            var place = output.count
            var rest = value
            while rest > 0 {
                place -= 1
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                output[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
            }
        }
        needsComma = true
    }

    private static func digitCount(_ value: UInt64) -> Int {
        var count = 1
        var bound: UInt64 = 10
        while value >= bound {
            count += 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { break }
            bound = next
        }
        return count
    }
}

// Strings.
extension JSONWriter {
    /// Writes a string, and `end` after it.
    private mutating func quoted(_ text: String, after end: UInt8?) {
        let separates = needsComma
        let utf8 = text.utf8.span
        var isPlain = true
        bytes.append(addingCapacity: utf8.count + 4) { output in
            if separates { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            isPlain = Self.copy(utf8, to: &output)
            guard isPlain else { return }
            output.append(UInt8(ascii: "\""))
            if let end { output.append(end) }
        }
        guard !isPlain else { return }
        for byte in text.utf8 { escaped(byte) }
        bytes.append(UInt8(ascii: "\""))
        if let end { bytes.append(end) }
    }

    /// Copies a text in words of eight bytes; returns whether nothing in it needs an escape, else copies nothing.
    private static func copy(_ text: Span<UInt8>, to output: inout OutputSpan<UInt8>) -> Bool {
        let count = text.count
        return unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
            guard count > 0, let base = buffer.baseAddress else { return true }
            let target = unsafe UnsafeMutableRawPointer(base + initialized)
            let source = unsafe text.bytes
            if count < 8 {
                for index in 0..<count {
                    let byte = text[index]
                    if needsEscape(byte) { return false }
                    unsafe target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
                }
            } else {
                var offset = 0
                while offset < count {
                    // The last word overlaps the one before it.
                    let place = min(offset, count - 8)
                    let word = unsafe source.unsafeLoadUnaligned(
                        fromByteOffset: place, as: UInt64.self)
                    if hasEscape(word) { return false }
                    unsafe target.storeBytes(of: word, toByteOffset: place, as: UInt64.self)
                    offset += 8
                }
            }
            initialized += count
            return true
        }
    }

    /// Whether one of eight bytes is a control character, a quotation mark or a backslash.
    private static func hasEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ ones &* 0x22
        let backslashes = word ^ ones &* 0x5C
        // A byte that is below what is subtracted borrows into its top bit.
        let found =
            (word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes
            | (backslashes &- ones) & ~backslashes
        return found & (ones << 7) != 0
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escaped(_ byte: UInt8) {
        guard Self.needsEscape(byte) else { return bytes.append(byte) }
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(Hexadecimal.digit(byte >> 4))
            bytes.append(Hexadecimal.digit(byte & 15))
        }
    }
}
