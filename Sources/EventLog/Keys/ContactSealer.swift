/// A sealed contact and the key that opens it.
public struct SealedContact: Hashable, Sendable {
    /// The ciphertext and its tag of 16 bytes.
    public let bytes: [UInt8]
    /// What opens it.
    public let key: ContactKey

    /// The two together, to be wrapped later.
    public init(bytes: [UInt8], key: ContactKey) {
        self.bytes = bytes
        self.key = key
    }

    /// What goes into the log: the sealed contact, and behind it its key, wrapped by that of its slot.
    public func wrapped(by slotKey: ContactKey) -> [UInt8] {
        let wrapped = key.wrapped(by: slotKey)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + ContactKey.byteCount)
        output += bytes
        unsafe wrapped.words.span.bytes.withUnsafeBytes { unsafe output.append(contentsOf: $0) }
        return output
    }
}

/// Seals contact data with AES-256-GCM and a fresh random key for each contact (R4.2).
///
/// The nonce is twelve zero bytes and is not stored. That is sound because GCM asks that no pair
/// of key and nonce be used twice, and each key here is drawn at random and seals one message.
public struct ContactSealer: ~Copyable {
    /// The most bytes of contact data.
    public static let maximumByteCount = 512
    /// How much longer a sealed contact is; that of the log has its wrapped key behind that.
    public static let overheadByteCount = 16

    private var random = RandomSource()
    /// Made with the first contact, and kept.
    private var cipher: ContactCipher?

    /// Creates a sealer. It belongs to one thread at a time; each thread has its own.
    public init() {}

    /// Seals `contact`, at most 512 bytes, with a new key.
    ///
    /// - Throws: ``EventLogError/contactTooLong(byteCount:)``, or
    ///   ``EventLogError/cryptography(call:)`` when there are no random bytes or no cipher;
    ///   nothing may be sealed then.
    public mutating func seal(_ contact: [UInt8]) throws(EventLogError) -> SealedContact {
        guard contact.count <= Self.maximumByteCount else {
            throw .contactTooLong(byteCount: contact.count)
        }
        let key = ContactKey(words: try random.next32Bytes())
        if cipher == nil { cipher = try ContactCipher(.seal) }
        guard let bytes = try cipher?.seal(contact, with: key) else {
            throw .cryptography(call: "EVP_CIPHER_CTX_new")
        }
        return SealedContact(bytes: bytes, key: key)
    }

    /// Opens what ``seal(_:)`` sealed.
    ///
    /// - Throws: ``EventLogError/sealBroken`` when a bit of it differs or the key is another.
    public static func open(
        _ sealed: [UInt8], with key: ContactKey
    ) throws(EventLogError) -> [UInt8] {
        var cipher = try ContactCipher(.open)
        guard let contact = try cipher.open(sealed, with: key) else { throw .sealBroken }
        return contact
    }
}
