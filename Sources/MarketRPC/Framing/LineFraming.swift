import CSimdJSON
public import NIOCore

/// Why no further frame can be cut from a connection.
public enum FramingError: Error, Sendable, Equatable {
    /// A line is longer than the limit, in bytes. Where it ends is unknown, so the connection must close.
    case frameTooLarge(limit: Int)
}

/// Cuts a stream of bytes into lines, one JSON-RPC message each.
///
/// `\n` ends a frame and `\r\n` is tolerated; blank lines are skipped. Bytes are searched once, however slowly they
/// arrive, and a frame shares the memory it was read into.
public struct LineFraming: Sendable {
    /// The frame limit when none is given: 1 MiB.
    public static let defaultMaximumFrameBytes = 1 << 20

    /// The longest frame accepted, without its line end.
    public let maximumFrameBytes: Int

    private var pending = ByteBuffer()
    private var searched = 0
    private var hasFailed = false

    /// Makes a splitter.
    public init(maximumFrameBytes: Int = defaultMaximumFrameBytes) {
        self.maximumFrameBytes = maximumFrameBytes
    }

    /// The number of bytes that wait for their line end.
    public var pendingBytes: Int { pending.readableBytes }

    /// Adds bytes as they came from the connection.
    public mutating func append(_ bytes: ByteBuffer) {
        guard !hasFailed else { return }
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.discardReadBytes()
            pending.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole frame without its line end, or `nil` when more bytes are needed.
    ///
    /// - Throws: ``FramingError/frameTooLarge(limit:)``, from then on always.
    public mutating func next() throws(FramingError) -> ByteBuffer? {
        while !hasFailed {
            guard var length = nextLineEnd() else {
                searched = pending.readableBytes
                // Memory that nothing is left in can be read into again.
                if searched == 0 { pending = ByteBuffer() }
                // One byte more than the limit may be the `\r` of a line end whose `\n` is under way.
                if searched > maximumFrameBytes + 1 { break }
                return nil
            }
            searched = 0
            guard var frame = pending.readSlice(length: length) else { return nil }
            pending.moveReaderIndex(forwardBy: 1)
            if length > 0, frame.readableBytesView.last == UInt8(ascii: "\r") {
                length -= 1
                frame.moveWriterIndex(to: frame.writerIndex - 1)
            }
            if length > maximumFrameBytes { break }
            if !frame.readableBytesView.allSatisfy(Self.isBlank) { return frame }
        }
        hasFailed = true
        pending = ByteBuffer()
        searched = 0
        throw .frameTooLarge(limit: maximumFrameBytes)
    }

    /// How many bytes wait before the next `\n`; `nil` when none has come.
    private func nextLineEnd() -> Int? {
        unsafe pending.withUnsafeReadableBytes { (bytes: UnsafeRawBufferPointer) -> Int? in
            let length = bytes.count - searched
            guard let base = bytes.baseAddress, length > 0 else { return nil }
            let rest = unsafe base.assumingMemoryBound(to: UInt8.self) + searched
            let found = unsafe leadmarket_find_line_end(rest, length)
            return found == length ? nil : searched + found
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
