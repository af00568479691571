internal import Crypto
public import MarketCore

/// Computes what the market's secret keeps private: identities and idempotency marks.
///
/// The keyed state is computed once and copied for each hash.
public struct IdentityHasher: Sendable {
    private let keyed: HMAC<SHA256>
    private let keyedForKeys: HMAC<SHA256>
    private let keyedForContents: HMAC<SHA256>

    /// Creates a hasher keyed with `secret`.
    public init(_ secret: MarketSecret) {
        keyed = HMAC<SHA256>(key: SymmetricKey(data: secret.bytes))
        // An identity's message is 32 hexadecimal digits, so none of these begins like one.
        var keys = keyed
        keys.update(data: Array("leadmarket idempotency key 1\0".utf8))
        keyedForKeys = keys
        var contents = keyed
        contents.update(data: Array("leadmarket idempotency content 1\0".utf8))
        keyedForContents = contents
    }

    /// Returns the identity of the person with the normalised phone `digits` (R4.1): the first 16
    /// bytes of HMAC-SHA256(secret, lowercase hexadecimal MD5 of the digits).
    public func identity(ofDigits digits: String) -> Identity {
        var hexadecimal: [UInt8] = []
        hexadecimal.reserveCapacity(32)
        for byte in Insecure.MD5.hash(data: Array(digits.utf8)) {
            hexadecimal.append(Self.hexadecimalDigit(byte >> 4))
            hexadecimal.append(Self.hexadecimalDigit(byte & 15))
        }
        return hash(hexadecimal, keyed)
    }

    /// Returns the identity of the person whose phone digits have this MD5, as suppliers send it:
    /// 32 hexadecimal digits of either case; `nil` when it is not that.
    public func identity(ofMD5 hexadecimal: String) -> Identity? {
        var lowercase = Array(hexadecimal.utf8)
        guard lowercase.count == 32 else { return nil }
        for index in lowercase.indices {
            switch lowercase[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
                break
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                lowercase[index] += 32
            default:
                return nil
            }
        }
        return hash(lowercase, keyed)
    }

    /// Returns what the log keeps of an idempotency key: of the key itself within its principal,
    /// and of the canonical parameters of the request.
    public func idempotencyMark(
        principal: UInt32, key: String, content: [UInt8]
    ) -> IdempotencyMark {
        IdempotencyMark(
            key: hash(principal.littleEndianBytes + Array(key.utf8), keyedForKeys),
            content: hash(content, keyedForContents))
    }

    private func hash(_ message: [UInt8], _ state: HMAC<SHA256>) -> Bytes16 {
        var state = state
        state.update(data: message)
        return Bytes16(firstOf: state.finalize())
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
