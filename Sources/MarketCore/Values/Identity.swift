/// Sixteen bytes that stand for something secret or long: compared, hashed and stored, never read.
public struct Bytes16: Hashable, Comparable, Sendable {
    /// The first eight bytes, big endian.
    public var high: UInt64
    /// The last eight bytes, big endian.
    public var low: UInt64

    /// Makes the value out of its two big-endian halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Orders values by their bytes.
    public static func < (left: Bytes16, right: Bytes16) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// A person, as the market knows them: the first 16 bytes of HMAC-SHA256(market secret, lowercase
/// hex MD5 of the phone's digits) (R4.1).
///
/// Nobody without the secret can get from an identity to a phone number or back.
public typealias Identity = Bytes16

/// Thirty-two bytes of a SHA-256 digest.
public struct Digest32: Hashable, Sendable {
    /// The first sixteen bytes.
    public var high: Bytes16
    /// The last sixteen bytes.
    public var low: Bytes16

    /// Makes the digest out of its two halves.
    public init(high: Bytes16, low: Bytes16) {
        self.high = high
        self.low = low
    }
}
