public import MarketCore

/// SHA-256 of a market's canonical state: two markets with the same digest behave alike for ever.
public struct MarketDigest: Hashable, Sendable {
    /// The digest's size in bytes.
    public static let byteCount = 32

    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Takes `bytes` as a digest.
    ///
    /// - Precondition: there are 32.
    init(bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount, "a digest has 32 bytes")
        self.bytes = bytes
    }

    /// The digest of `market`.
    ///
    /// A thread of its own hashes what this one has written.
    ///
    /// - Complexity: O(state log state).
    public init(of market: Market) {
        let pieces = WaitingLine<[UInt8]>(limit: 2)
        let digest = Ahead(by: 1, from: Optional(pieces)) { pieces in
            pieces.take().map { pieces in
                var stream = SHA256Stream()
                while let piece = pieces.next() { unsafe stream.update(piece.span.bytes) }
                return stream.finish()
            }
        }
        market.encodeState { piece in
            let hasRoom = pieces.waitForRoom()
            precondition(hasRoom, "all of a state is hashed")
            unsafe piece.withUnsafeBytes { pieces.append(unsafe [UInt8]($0)) }
        }
        pieces.end()
        self.init(bytes: digest.next() ?? [])
    }

    /// The digest of a market whose ``Market/encodeState()`` is `state`.
    public init(ofState state: [UInt8]) {
        self.init(bytes: sha256(state))
    }

    /// The same, of a state that stands anywhere.
    init(ofState state: RawSpan) {
        var stream = SHA256Stream()
        stream.update(state)
        self.init(bytes: stream.finish())
    }
}

extension MarketDigest: CustomStringConvertible {
    /// The digest as 64 lowercase hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
