import MarketRPC
import NIOCore
import Testing

struct LineFramingTests {
    func frames(_ framing: inout LineFraming) throws -> [String] {
        var frames: [String] = []
        while let frame = try framing.next() { frames.append(String(buffer: frame)) }
        return frames
    }

    @Test(arguments: 1...20) func `frames do not depend on how bytes arrive`(pieceSize: Int) throws
    {
        let bytes = Array("first\n\r\n  \t\nsecond\r\n{\"a\":\"\\n\"}\n\nlast without end".utf8)
        var framing = LineFraming()
        var seen: [String] = []
        for start in stride(from: 0, to: bytes.count, by: pieceSize) {
            framing.append(ByteBuffer(bytes: bytes[start..<min(start + pieceSize, bytes.count)]))
            seen += try frames(&framing)
        }
        #expect(seen == ["first", "second", "{\"a\":\"\\n\"}"])
        #expect(framing.pendingBytes == "last without end".utf8.count)
    }

    @Test(arguments: ["\n", "\r\n"]) func `a frame may be as long as the limit`(lineEnd: String)
        throws
    {
        for pieceSize in [1, 3, 100] {
            var framing = LineFraming(maximumFrameBytes: 10)
            let bytes = Array(("0123456789" + lineEnd).utf8)
            var seen: [String] = []
            for start in stride(from: 0, to: bytes.count, by: pieceSize) {
                framing.append(
                    ByteBuffer(bytes: bytes[start..<min(start + pieceSize, bytes.count)]))
                seen += try frames(&framing)
            }
            #expect(seen == ["0123456789"])
        }
    }

    @Test(arguments: ["01234567890\n", "01234567890\r\n", "012345678901", "01234567890123456789"])
    func `a longer frame is an error for good`(text: String) throws {
        var framing = LineFraming(maximumFrameBytes: 10)
        framing.append(ByteBuffer(string: "short\n" + text))
        #expect(try framing.next().map { String(buffer: $0) } == "short")
        for _ in 0..<2 {
            #expect(throws: FramingError.frameTooLarge(limit: 10)) { try framing.next() }
            framing.append(ByteBuffer(string: "\nshort\n"))
        }
        #expect(framing.pendingBytes == 0)
    }
}
