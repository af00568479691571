import MarketTestSupport
import Testing

@testable import EventLog

@Suite struct ChecksumTests {
    /// RFC 3720, B.4, and the check value of the CRC catalogue.
    static let answers: [(bytes: [UInt8], checksum: UInt32)] = [
        ([], 0),
        (Array("123456789".utf8), 0xe306_9283),
        ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
        ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
        (Array(0..<32), 0x46dd_794e),
        ((0..<32).reversed().map { UInt8($0) }, 0x113f_db5c),
    ]

    @Test(arguments: answers)
    func `known answers come out both ways`(_ answer: (bytes: [UInt8], checksum: UInt32)) {
        #expect(Checksum.crc32c(answer.bytes.span.bytes) == answer.checksum)
        #expect(Checksum.portableCRC32C(answer.bytes.span.bytes) == answer.checksum)
    }

    @Test func `both ways agree about what is long`() {
        var random = SeededRandom(seed: 32)
        let bytes = (0..<20_000).map { _ in UInt8(random.below(256)) }
        let span = bytes.span.bytes
        for count in [3_071, 3_072, 3_073, 6_144, 10_007, 20_000] {
            let part = span.extracting(..<count)
            let whole = Checksum.crc32c(part)
            #expect(whole == Checksum.portableCRC32C(part))
            let head = Checksum.crc32c(part.extracting(..<(count / 3)))
            #expect(
                whole == Checksum.crc32c(part.extracting((count / 3)...), continuing: head))
        }
    }

    @Test func `both ways agree at every length, offset and cut`() {
        var random = SeededRandom(seed: 32)
        let bytes = (0..<300).map { _ in UInt8(random.below(256)) }
        let span = bytes.span.bytes
        for start in 0..<16 {
            for end in start..<bytes.count {
                let part = span.extracting(start..<end)
                let whole = Checksum.crc32c(part)
                #expect(whole == Checksum.portableCRC32C(part))
                let cut = (end - start) / 3
                let head = Checksum.crc32c(part.extracting(..<cut))
                #expect(whole == Checksum.crc32c(part.extracting(cut...), continuing: head))
            }
        }
    }
}
