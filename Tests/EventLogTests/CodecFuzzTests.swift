import MarketCore
import Testing

@testable import EventLog

/// Whatever the bytes: an event or an error, never a crash, and what was taken is written again
/// and read the same.
@Suite struct CodecFuzzTests {
    private func decode(_ type: EventType, _ bytes: [UInt8]) {
        let span = bytes.span.bytes
        guard
            let first = try? EventCodec.decode(type: type.rawValue, version: 1, payload: span)
        else { return }
        let again = payload(first.event, first.input)
        let second = try? EventCodec.decode(
            type: type.rawValue, version: 1, payload: again.span.bytes)
        #expect(second?.event == first.event)
        #expect(second?.input == first.input)
    }

    @Test(arguments: EventType.allCases)
    func `random bytes are read or refused`(_ type: EventType) {
        var random = SplitMix64(seed: UInt64(type.rawValue))
        for _ in 0..<3000 {
            let count = Int.random(in: 0...64, using: &random)
            // Low bytes make plausible tags and lengths, so that more of the code is reached.
            decode(
                type,
                (0..<count).map { _ in
                    UInt8.random(in: Bool.random(using: &random) ? 0...60 : 0...255, using: &random)
                })
        }
    }

    @Test(arguments: EventSamples.all)
    func `cut off or with flipped bits, a payload is read or refused`(_ sample: EventSample) {
        let type = EventType(sample.event)
        let bytes = payload(sample.event, sample.input)
        for count in 0..<bytes.count { decode(type, Array(bytes[..<count])) }
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            decode(type, flipped)
        }
    }

    @Test(arguments: EventType.allCases)
    func `a payload of one event is read as another or refused`(_ type: EventType) {
        for sample in EventSamples.all { decode(type, payload(sample.event, sample.input)) }
    }

    @Test func `mutated random events are read or refused`() {
        var random = RandomEvents(seed: 4711)
        for _ in 0..<20 {
            for type in EventType.allCases {
                var bytes = payload(random.event(type), random.input())
                for _ in 0..<Int.random(in: 1...4, using: &random.random) where !bytes.isEmpty {
                    let index = Int.random(in: 0..<bytes.count, using: &random.random)
                    switch Int.random(in: 0..<3, using: &random.random) {
                    case 0: bytes[index] = UInt8.random(in: 0...255, using: &random.random)
                    case 1: bytes.remove(at: index)
                    default: bytes.insert(bytes[index], at: index)
                    }
                }
                decode(type, bytes)
            }
        }
    }
}
