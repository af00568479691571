internal import MarketCore

// MARK: - Values in fields

extension WireWriter {
    /// Writes the dense number of something named; nothing for number 0.
    @inline(__always)
    mutating func write<Entity>(_ number: Number<Entity>, field: UInt32) {
        write(UInt64(number.rawValue), field: field)
    }

    /// Writes an optional dense number, 0 included; nothing when `nil`.
    @inline(__always)
    mutating func writeOptional<Entity>(_ number: Number<Entity>?, field: UInt32) {
        writeOptional(number.map { UInt64($0.rawValue) }, field: field)
    }

    /// Writes an optional count, 0 included; nothing when `nil`.
    @inline(__always)
    mutating func writeOptional(_ count: Int?, field: UInt32) {
        writeOptional(count.map { UInt64($0) }, field: field)
    }

    /// Writes an optional amount in fen, 0 included; nothing when `nil`.
    @inline(__always)
    mutating func writeOptional(_ money: Money?, field: UInt32) {
        writeOptional(money.map(\.fen), field: field)
    }

    /// Writes a span in microseconds.
    @inline(__always)
    mutating func write(_ span: Timespan, field: UInt32) {
        write(span.microseconds, field: field)
    }

    /// Writes an id.
    @inline(__always)
    mutating func write<Entity>(_ id: ID<Entity>, field: UInt32) {
        write(id.rawValue, field: field)
    }

    /// Writes an amount in fen.
    @inline(__always)
    mutating func write(_ money: Money, field: UInt32) {
        write(money.fen, field: field)
    }

    /// Writes a time in microseconds since 1970 UTC.
    @inline(__always)
    mutating func write(_ time: Timestamp, field: UInt32) {
        write(time.microseconds, field: field)
    }

    /// Writes an optional time, the epoch included; nothing when `nil`.
    @inline(__always)
    mutating func writeOptional(_ time: Timestamp?, field: UInt32) {
        writeOptional(time.map(\.microseconds), field: field)
    }

    /// Writes an optional span in microseconds; nothing when `nil`.
    @inline(__always)
    mutating func writeOptional(_ span: Timespan?, field: UInt32) {
        writeOptional(span.map(\.microseconds), field: field)
    }

    /// Writes sixteen bytes; always present.
    @inline(__always)
    mutating func write(_ bytes: Bytes16, field: UInt32) {
        writePrefix(of: field, length: 16)
        writeLittleEndian(bytes.high.byteSwapped)
        writeLittleEndian(bytes.low.byteSwapped)
    }

    /// Writes thirty-two bytes; always present.
    @inline(__always)
    mutating func write(_ digest: Digest32, field: UInt32) {
        writePrefix(of: field, length: 32)
        writeWords(
            digest.high.high.byteSwapped, digest.high.low.byteSwapped,
            digest.low.high.byteSwapped, digest.low.low.byteSwapped)
    }
}

extension WireReader {
    /// Reads a dense number.
    @_lifetime(self: copy self)
    mutating func dense<Entity>() throws(WireError) -> Number<Entity> {
        Number(try number(as: UInt32.self))
    }

    /// Reads a position, which is never 0.
    @_lifetime(self: copy self)
    mutating func position() throws(WireError) -> LogPosition {
        let position = LogPosition(try number())
        guard position > .start else { throw invalidValue }
        return position
    }

    /// Reads an amount in fen, within plus or minus ``MarketCore/Money/maximum``.
    @_lifetime(self: copy self)
    mutating func money() throws(WireError) -> Money {
        let money = Money(fen: try signedNumber())
        guard money <= .maximum, money >= Money(fen: -Money.maximum.fen) else {
            throw invalidValue
        }
        return money
    }

    /// Reads a time between the epoch and ``MarketCore/Timestamp/latest``.
    @_lifetime(self: copy self)
    mutating func time() throws(WireError) -> Timestamp {
        let time = Timestamp(microseconds: try signedNumber())
        guard time >= .epoch, time <= .latest else { throw invalidValue }
        return time
    }

    /// Reads a span, zero to ``MarketCore/Timespan/maximum``.
    @_lifetime(self: copy self)
    mutating func span() throws(WireError) -> Timespan {
        let span = Timespan(microseconds: try signedNumber())
        guard span.microseconds >= 0, span <= .maximum else { throw invalidValue }
        return span
    }

    /// Reads a count or version that fits 32 bits.
    @_lifetime(self: copy self)
    mutating func count() throws(WireError) -> Int {
        Int(try number(as: UInt32.self))
    }

    /// Reads a number that fits 32 bits, negative ones too.
    @_lifetime(self: copy self)
    mutating func signedCount() throws(WireError) -> Int {
        guard let value = Int32(exactly: try signedNumber()) else { throw invalidValue }
        return Int(value)
    }

    /// Reads a share in basis points, 0...10,000.
    @_lifetime(self: copy self)
    mutating func share() throws(WireError) -> Int {
        let basisPoints = try count()
        guard basisPoints <= 10_000 else { throw invalidValue }
        return basisPoints
    }

    /// Reads a name.
    @_lifetime(self: copy self)
    mutating func name() throws(WireError) -> Name {
        guard let name = Name(try text()) else { throw invalidValue }
        return name
    }

    /// Reads sixteen bytes.
    @_lifetime(self: copy self)
    mutating func bytes16() throws(WireError) -> Bytes16 {
        let bytes = try span(count: 16)
        return Bytes16(bytes, at: 0)
    }

    /// Reads thirty-two bytes.
    @_lifetime(self: copy self)
    mutating func digest32() throws(WireError) -> Digest32 {
        let bytes = try span(count: 32)
        return Digest32(high: Bytes16(bytes, at: 0), low: Bytes16(bytes, at: 16))
    }
}

extension Bytes16 {
    /// The sixteen bytes at `offset`.
    init(_ bytes: RawSpan, at offset: Int) {
        self.init(
            high: (bytes.littleEndian(at: offset) as UInt64).byteSwapped,
            low: (bytes.littleEndian(at: offset + 8) as UInt64).byteSwapped)
    }
}

extension EventCodec {
    /// Returns `value` unless the field it comes from was absent.
    static func present<Value>(_ value: Value?, field: UInt32) throws(WireError) -> Value {
        guard let value else { throw .missing(field: field) }
        return value
    }

    /// Returns `position` unless the field it comes from was absent.
    static func present(_ position: LogPosition, field: UInt32) throws(WireError) -> LogPosition {
        guard position > .start else { throw .missing(field: field) }
        return position
    }
}

// MARK: - Input context

extension EventCodec {
    static func encode(_ input: InputContext, to writer: inout WireWriter) {
        writer.write(input.role, field: 1)
        writer.write(UInt64(input.principal), field: 2)
        writer.writeOptional(input.suppliedTime, field: 3)
        if let mark = input.idempotency {
            writer.write(mark.key, field: 4)
            writer.write(mark.content, field: 5)
        }
    }

    static func decodeInputContext(
        _ reader: inout WireReader
    ) throws(WireError) -> InputContext {
        var role: Role?
        var principal: UInt32 = 0
        var suppliedTime: Timestamp?
        var key: Bytes16?
        var content: Bytes16?
        while let field = try reader.nextField() {
            switch field {
            case 1: role = try reader.enumeration()
            case 2: principal = try reader.number(as: UInt32.self)
            case 3: suppliedTime = try reader.time()
            case 4: key = try reader.bytes16()
            case 5: content = try reader.bytes16()
            default: break
            }
        }
        var idempotency: IdempotencyMark?
        if let key {
            idempotency = IdempotencyMark(key: key, content: try present(content, field: 5))
        }
        return InputContext(
            role: try present(role, field: 1), principal: principal, suppliedTime: suppliedTime,
            idempotency: idempotency)
    }
}
