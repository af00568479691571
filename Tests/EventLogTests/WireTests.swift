import Testing

@testable import EventLog

@Suite struct WireTests {
    func written(_ body: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter()
        body(&writer)
        return writer.copyBytes()
    }

    @Test func `fields are written as the encoding guide has them`() {
        #expect(written { $0.write(UInt64(150), field: 1) } == [0x08, 0x96, 0x01])
        #expect(written { $0.write("testing", field: 2) } == [0x12, 7] + Array("testing".utf8))
        #expect(
            written { $0.writeMessage(field: 3) { $0.write(UInt64(150), field: 1) } }
                == [0x1a, 3, 0x08, 0x96, 0x01])
        #expect(
            written { $0.writePacked([3, 270, 86942], field: 6) }
                == [0x32, 6, 3, 0x8e, 2, 0x9e, 0xa7, 5])
        #expect(
            written { $0.write(Int64(-2), field: 1) }
                == [0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1])
        #expect(
            written { $0.writeFixed(0x0102_0304_0506_0708, field: 1) }
                == [9, 8, 7, 6, 5, 4, 3, 2, 1])
        #expect(written { $0.write(true, field: 16) } == [0x80, 1, 1])
    }

    @Test func `what is zero or absent is left out and what is present is written`() {
        let nothing = written { writer in
            writer.write(UInt64(0), field: 1)
            writer.write(Int64(0), field: 1)
            writer.write(false, field: 1)
            writer.write("", field: 1)
            writer.write([], field: 1)
            writer.writeFixed(0, field: 1)
            writer.writePacked([UInt64](), field: 1)
            writer.writeOptional(UInt64?.none, field: 1)
            writer.writeOptional(String?.none, field: 1)
        }
        #expect(nothing.isEmpty)
        #expect(written { $0.writeOptional(UInt64(0), field: 1) } == [8, 0])
        #expect(written { $0.writeOptional(false, field: 1) } == [8, 0])
        #expect(written { $0.writeOptional("", field: 1) } == [10, 0])
        #expect(written { $0.writeMessage(field: 1) { _ in } } == [10, 0])
    }

    @Test(arguments: [0, 1, 127, 128, 129, 16_383, 16_384, 2_097_152])
    func `nested messages of every length keep their bytes`(_ count: Int) throws {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = written { writer in
            writer.writeMessage(field: 1) { outer in
                outer.writeMessage(field: 2) { $0.write(content, field: 3) }
                outer.write(UInt64(7), field: 4)
            }
            writer.write(UInt64(9), field: 5)
        }
        var reader = WireReader(bytes.span.bytes)
        #expect(try reader.nextField() == 1)
        var outer = try reader.message()
        #expect(try outer.nextField() == 2)
        var inner = try outer.message()
        if count > 0 {
            #expect(try inner.nextField() == 3)
            #expect(try inner.byteArray() == content)
        }
        #expect(try inner.nextField() == nil)
        #expect(try outer.nextField() == 4)
        #expect(try outer.number() == 7)
        #expect(try outer.nextField() == nil)
        #expect(try reader.nextField() == 5)
        #expect(try reader.number() == 9)
        #expect(try reader.nextField() == nil)
    }

    @Test func `numbers of every size come back`() throws {
        for shift in 0..<64 {
            let bit = UInt64(1) << UInt64(shift)
            for value: UInt64 in [bit, bit - 1, ~bit] {
                let bytes = written { $0.writeOptional(value, field: 1) }
                #expect(bytes.count == 1 + WireWriter.varintSize(value))
                var reader = WireReader(bytes.span.bytes)
                #expect(try reader.nextField() == 1)
                #expect(try reader.number() == value)
            }
        }
    }

    @Test func `unknown fields of every wire type are skipped`() throws {
        var bytes = written { writer in
            writer.write(UInt64(300), field: 100)
            writer.writeFixed(1, field: 101)
            writer.write("text", field: 102)
        }
        bytes += [0x85, 6, 1, 2, 3, 4]  // Field 96, fixed32.
        bytes += written { $0.write(UInt64(5), field: 1) }
        var reader = WireReader(bytes.span.bytes)
        var seen: [UInt32] = []
        while let field = try reader.nextField() { seen.append(field) }
        #expect(seen == [100, 101, 102, 96, 1])
    }

    static let malformed: [(bytes: [UInt8], error: WireError)] = [
        ([0x08], .truncated), ([0x08, 0x80], .truncated), ([0x0a, 5, 1], .truncated),
        ([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], .truncated),
        ([0x09, 1, 2, 3], .truncated), ([0x0d, 1, 2, 3], .truncated), ([0x00], .invalidTag),
        ([0x0b], .invalidTag), ([0x0c], .invalidTag), ([0x0e], .invalidTag),
        ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], .invalidTag),
        ([0x08] + [UInt8](repeating: 0x80, count: 10) + [1], .oversizedVarint),
        ([0x08] + [UInt8](repeating: 0xff, count: 9) + [2], .oversizedVarint),
    ]

    @Test(arguments: malformed)
    func `malformed bytes are refused`(_ row: (bytes: [UInt8], error: WireError)) {
        let error = #expect(throws: WireError.self) {
            var reader = WireReader(row.bytes.span.bytes)
            while try reader.nextField() != nil {}
        }
        #expect(error == row.error)
    }

    @Test func `a value is read only as what it is`() throws {
        let bytes = written { $0.write(UInt64(300), field: 3) }
        var reader = WireReader(bytes.span.bytes)
        _ = try reader.nextField()
        let wrongType = #expect(throws: WireError.self) { try reader.text() }
        #expect(wrongType == .wrongType(field: 3))
        let tooLarge = #expect(throws: WireError.self) { try reader.number(as: UInt8.self) }
        #expect(tooLarge == .invalidValue(field: 3))
        let text = written { $0.write([0xff, 0xfe], field: 4) }
        var second = WireReader(text.span.bytes)
        _ = try second.nextField()
        let invalid = #expect(throws: WireError.self) { try second.text() }
        #expect(invalid == .invalidText(field: 4))
    }

    @Test func `random bytes never trap and never loop`() {
        var random = SplitMix64(seed: 20_261_121)
        for _ in 0..<200_000 {
            let count = Int.random(in: 0...24, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            read(bytes, depth: 0, &random)
        }
    }

    private func read(_ bytes: [UInt8], depth: Int, _ random: inout SplitMix64) {
        var reader = WireReader(bytes.span.bytes)
        do {
            while try reader.nextField() != nil {
                switch Int.random(in: 0..<8, using: &random) {
                case 0: _ = try reader.number()
                case 1: _ = try reader.number(as: UInt16.self)
                case 2: _ = try reader.fixedNumber()
                case 3: _ = try reader.text()
                case 4:
                    var numbers: [UInt64] = []
                    try reader.numbers(into: &numbers)
                case 5:
                    var inner = try reader.message()
                    while try inner.nextField() != nil {}
                case 6: _ = try reader.bytes16()
                default: break
                }
            }
        } catch {}
    }
}

/// A small generator with a seed, so that a failure can be repeated (Steele, Lea, Flood 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

extension WireTests {
    @Test func `a varint is read alike with and without room behind it`() throws {
        var values: [UInt64] = [0, 1, 127, 128, .max, .max - 1, 1 << 63]
        for bits in UInt64(0)..<64 { values += [1 << bits, (1 << bits) - 1, (1 << bits) + 1] }
        for value in values {
            for padding in 0..<10 {
                var writer = WireWriter()
                writer.writeOptional(value, field: 1)
                for _ in 0..<padding { writer.writeOptional(UInt64(0), field: 2) }
                var reader = WireReader(writer.bytes)
                #expect(try reader.nextField() == 1)
                #expect(try reader.number() == value)
                #expect(try reader.nextField() == (padding == 0 ? nil : 2))
            }
        }
    }
}
