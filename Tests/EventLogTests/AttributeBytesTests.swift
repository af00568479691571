import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

/// The bytes of a lead's attributes, beside an encoder of the test's own.
struct AttributeBytesTests {
    private static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        repeat {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest != 0
        return bytes
    }

    @Test func `attributes are a packed list of the values present, and come back`() throws {
        var random = SeededRandom(seed: 9)
        for round in 0..<3_000 {
            var attributes = Attributes()
            var expected: [Int: Int64] = [:]
            let share = [0, 2, 20, 60, 100][round % 5]
            for index in 0..<64 where random.chance(share) {
                let value = random.pick([
                    0, 1, -1, .min, .max, Int64(bitPattern: random.next()),
                    Int64(random.below(300)),
                ])
                attributes[AttributeNumber(index: index)] = value
                expected[index] = value
            }
            for index in 0..<64 where random.chance(10) {
                attributes[AttributeNumber(index: index)] = nil
                expected[index] = nil
            }
            var body: [UInt8] = []
            var presence: UInt64 = 0
            for index in expected.keys { presence |= 1 << UInt64(index) }
            if presence != 0 {
                var packed: [UInt8] = []
                for index in expected.keys.sorted() {
                    packed += Self.varint(UInt64(bitPattern: expected[index] ?? 0))
                }
                var message = [0x08] + Self.varint(presence)
                message += [0x12] + Self.varint(UInt64(packed.count)) + packed
                body = Self.varint(7 << 3 | 2) + Self.varint(UInt64(message.count)) + message
            }
            var writer = WireWriter(capacity: 32)
            let before = random.below(40)
            for _ in 0..<before { writer.writeByte(0xAA) }
            EventCodec.encode(attributes, field: 7, to: &writer)
            writer.writeByte(0xBB)
            #expect(
                writer.copyBytes() == Array(repeating: 0xAA, count: before) + body + [0xBB])
            guard !body.isEmpty else { continue }
            let decoded = try body.withUnsafeBytes { bytes throws in
                var reader = unsafe WireReader(RawSpan(_unsafeBytes: bytes))
                _ = try reader.nextField()
                var message = try reader.message()
                return try EventCodec.decodeAttributes(&message)
            }
            #expect(decoded == attributes)
            #expect(decoded.hashValue == attributes.hashValue)
            #expect(decoded.values == attributes.values)
        }
    }
}
