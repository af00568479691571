import CSimdJSON

/// That a frame is not of the kind that is read fast; the general reader says what it is.
struct Irregular: Error {}

/// A frame taken apart without copying: its bytes, and a token for each value.
///
/// Only made of what the scanner accepted, so all offsets in its tokens lie in the frame. Valid only while both
/// buffers are, that is within one call of ``FrequentRequestReader/read(_:tables:)``.
@safe
struct PlainFrame: ~Copyable {
    /// Where a text stands in the frame.
    struct Part {
        var offset: Int
        var length: Int
    }

    /// What a value is; the numbers are the scanner's.
    enum Kind: UInt32 {
        case null = 0
        case `false` = 1
        case `true` = 2
        case integer = 3
        case string = 6
        case array = 7
        case object = 8
    }

    private let bytes: UnsafePointer<UInt8>
    private let count: Int
    private let tokens: UnsafeMutablePointer<leadmarket_json_token>

    /// Scans a frame.
    ///
    /// - Throws: ``Irregular`` when it is not plain.
    init(
        _ bytes: UnsafeRawBufferPointer, tokens: UnsafeMutableBufferPointer<leadmarket_json_token>,
        maximumDepth: Int
    ) throws(Irregular) {
        guard let base = bytes.baseAddress, let first = tokens.baseAddress else {
            throw Irregular()
        }
        let start = unsafe base.assumingMemoryBound(to: UInt8.self)
        let found = unsafe leadmarket_json_scan(
            start, bytes.count, UInt32(clamping: maximumDepth), first, tokens.count)
        guard found > 0 else { throw Irregular() }
        unsafe self.bytes = start
        unsafe self.tokens = first
        count = bytes.count
    }

    /// Whether the value at `index` is a container of `kind`, or the like.
    func isKind(_ kind: Kind, _ index: Int) -> Bool { unsafe tokens[index].kind == kind.rawValue }

    /// The index after the last value inside the container at `index`.
    func end(of index: Int) -> Int { unsafe Int(truncatingIfNeeded: tokens[index].value) }

    /// The index after the value at `index` and everything inside it.
    func next(after index: Int) -> Int {
        unsafe tokens[index].kind >= Kind.array.rawValue ? end(of: index) : index + 1
    }

    /// How many values are directly in the container at `index`.
    func count(of index: Int) -> Int { unsafe Int(tokens[index].length) }

    /// The name of the member at `index`.
    func name(_ index: Int) -> Part {
        unsafe Part(
            offset: Int(tokens[index].name), length: Int(tokens[index].name_length))
    }

    /// The string at `index`.
    func string(_ index: Int) throws(Irregular) -> Part {
        guard isKind(.string, index) else { throw Irregular() }
        return unsafe Part(
            offset: Int(truncatingIfNeeded: tokens[index].value),
            length: Int(tokens[index].length))
    }

    /// The string at `index`, whose length lies in `length`, in bytes.
    func string(_ index: Int, length: ClosedRange<Int>) throws(Irregular) -> Part {
        let part = try string(index)
        guard length.contains(part.length) else { throw Irregular() }
        return part
    }

    /// The integer at `index`.
    func integer(_ index: Int) throws(Irregular) -> Int64 {
        guard isKind(.integer, index) else { throw Irregular() }
        return unsafe Int64(bitPattern: tokens[index].value)
    }

    /// The bytes at `part`, as long as the frame is there.
    @unsafe func bytes(of part: Part) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: bytes + part.offset, count: part.length)
    }

    /// The bytes at `part` as text.
    func text(_ part: Part) -> String {
        unsafe String(decoding: bytes(of: part), as: UTF8.self)
    }

    /// What tells the text at `part` from others.
    @inline(__always)
    func key(_ part: Part) -> ByteKey {
        if part.length >= 8 {
            return ByteKey(
                first: word(part.offset), last: word(part.offset + part.length - 8),
                length: part.length)
        }
        let ahead = part.offset + 8 - count
        // A plain frame has sixteen bytes or more.
        let word = ahead <= 0 ? self.word(part.offset) : self.word(count - 8) &>> UInt64(ahead * 8)
        let short = word & ((1 &<< UInt64(part.length * 8)) - 1)
        return ByteKey(first: short, last: short, length: part.length)
    }

    /// The eight bytes from `offset` on, the first one lowest.
    @inline(__always)
    func word(_ offset: Int) -> UInt64 {
        let word = unsafe UnsafeRawPointer(bytes + offset).loadUnaligned(as: UInt64.self)
        return UInt64(littleEndian: word)
    }
}
