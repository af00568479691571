/// A key of 32 random bytes: it seals one contact, or wraps the key of one, and is never used again.
public struct ContactKey: Sendable {
    /// The size of a key in bytes.
    public static let byteCount = 32

    /// The key's bytes in memory order, held in place: a batch of keys is one allocation.
    let words: InlineArray<4, UInt64>

    init(words: InlineArray<4, UInt64>) {
        self.words = words
    }

    /// Takes 32 bytes as a key.
    init(_ bytes: RawSpan) {
        precondition(bytes.byteCount == Self.byteCount, "a contact key has 32 bytes")
        words = InlineArray { index in
            unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        }
    }

    init(_ bytes: [UInt8]) {
        unsafe self.init(bytes.span.bytes)
    }

    /// The key wrapped by `other`, or what `other` wrapped unwrapped: a one-time pad.
    ///
    /// That is sound because the wrapping key is as long as the key, drawn at random, and wraps no
    /// other. It tells nothing of what was changed on the way: the seal that the key opens does.
    func wrapped(by other: ContactKey) -> ContactKey {
        ContactKey(words: InlineArray { words[$0] ^ other.words[$0] })
    }
}

extension ContactKey: Hashable {
    /// Whether both are the same 32 bytes.
    public static func == (left: ContactKey, right: ContactKey) -> Bool {
        var difference: UInt64 = 0
        for index in left.words.indices { difference |= left.words[index] ^ right.words[index] }
        return difference == 0
    }

    /// Feeds the key's bytes into `hasher`.
    public func hash(into hasher: inout Hasher) {
        for index in words.indices { hasher.combine(words[index]) }
    }
}

extension ContactKey: CustomStringConvertible {
    /// Never the key, so that no log or error message can hold it.
    public var description: String { "ContactKey" }
}
