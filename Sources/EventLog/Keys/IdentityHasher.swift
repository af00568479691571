public import MarketCore

/// Computes what the market's secret keeps private: identities and idempotency marks.
///
/// The secret is put into a hash once for each thread that hashes at the same time.
public struct IdentityHasher: Sendable {
    private let hashes: KeyedHashes
    // An identity's message is 32 hexadecimal digits, so none of these begins like one.
    private let keyPrefix = Array("leadmarket idempotency key 1\0".utf8)
    private let contentPrefix = Array("leadmarket idempotency content 1\0".utf8)

    /// Creates a hasher keyed with `secret`.
    public init(_ secret: MarketSecret) {
        hashes = KeyedHashes(secret)
    }

    /// Returns the identity of the person with the normalised phone `digits` (R4.1): the first 16
    /// bytes of HMAC-SHA256(secret, lowercase hexadecimal MD5 of the digits).
    public func identity(ofDigits digits: String) -> Identity {
        hashes.withHash { hash in
            let digest = hash.md5(unsafe digits.utf8.span.bytes)
            return hash.identity(
                InlineArray { index in
                    let byte = digest[index / 2]
                    return Self.hexadecimalDigit(index % 2 == 0 ? byte >> 4 : byte & 15)
                })
        }
    }

    /// Returns the identity of the person whose phone digits have this MD5, as suppliers send it:
    /// 32 hexadecimal digits of either case; `nil` when it is not that.
    public func identity(ofMD5 hexadecimal: String) -> Identity? {
        let given = hexadecimal.utf8.span
        guard given.count == 32 else { return nil }
        var lowercase = InlineArray<32, UInt8>(repeating: 0)
        for index in given.indices {
            switch given[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
                lowercase[index] = given[index]
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                lowercase[index] = given[index] + 32
            default:
                return nil
            }
        }
        return hashes.withHash { $0.identity(lowercase) }
    }

    /// Returns what the log keeps of an idempotency key: of the key itself within its principal,
    /// and of the canonical parameters of the request.
    public func idempotencyMark(
        principal: UInt32, key: String, content: [UInt8]
    ) -> IdempotencyMark {
        hashes.withHash { hash in
            hash.begin()
            hash.update(unsafe keyPrefix.span.bytes)
            let principal: InlineArray<1, UInt32> = [principal.littleEndian]
            hash.update(unsafe principal.span.bytes)
            hash.update(unsafe key.utf8.span.bytes)
            let mark = hash.finish()
            hash.begin()
            hash.update(unsafe contentPrefix.span.bytes)
            hash.update(unsafe content.span.bytes)
            return IdempotencyMark(key: mark, content: hash.finish())
        }
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension KeyedHash {
    /// The identity of the person whose phone digits have this MD5, in lowercase hexadecimal.
    fileprivate func identity(_ hexadecimal: InlineArray<32, UInt8>) -> Identity {
        begin()
        update(unsafe hexadecimal.span.bytes)
        return finish()
    }
}
