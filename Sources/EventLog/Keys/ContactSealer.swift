internal import Crypto
internal import FoundationEssentials

/// The key of one contact: 32 bytes, used for one seal and never again.
public struct ContactKey: Hashable, Sendable {
    /// The size of a key in bytes.
    public static let byteCount = 32

    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount, "a contact key has 32 bytes")
        self.bytes = bytes
    }
}

extension ContactKey: CustomStringConvertible {
    /// Never the key, so that no log or error message can hold it.
    public var description: String { "ContactKey" }
}

/// A sealed contact and the key that opens it.
public struct SealedContact: Hashable, Sendable {
    /// The ciphertext and its tag of 16 bytes: what goes into the log.
    public let bytes: [UInt8]
    /// What goes into the vault.
    public let key: ContactKey
}

/// Seals contact data with AES-256-GCM and a fresh random key for each contact (R4.2).
///
/// The nonce is twelve zero bytes and is not stored. That is sound because GCM asks that no pair
/// of key and nonce be used twice, and each key here is drawn at random and seals one message.
public struct ContactSealer: ~Copyable {
    /// The most bytes of contact data.
    public static let maximumByteCount = 512
    /// How much longer a sealed contact is.
    public static let overheadByteCount = 16

    private var random = RandomSource()

    /// Creates a sealer. It belongs to one thread at a time; each thread has its own.
    public init() {}

    /// Seals `contact`, at most 512 bytes, with a new key.
    ///
    /// - Throws: ``EventLogError/contactTooLong(byteCount:)``, or the kernel's refusal of random
    ///   bytes.
    public mutating func seal(_ contact: [UInt8]) throws(EventLogError) -> SealedContact {
        guard contact.count <= Self.maximumByteCount else {
            throw .contactTooLong(byteCount: contact.count)
        }
        let key = ContactKey(try random.bytes(ContactKey.byteCount))
        do {
            let box = try AES.GCM.seal(
                contact, using: SymmetricKey(data: key.bytes), nonce: Self.nonce)
            return SealedContact(bytes: Array(box.ciphertext) + Array(box.tag), key: key)
        } catch {
            throw .sealBroken
        }
    }

    /// Opens what ``seal(_:)`` sealed.
    ///
    /// - Throws: ``EventLogError/sealBroken`` when a bit of it differs or the key is another.
    public static func open(
        _ sealed: [UInt8], with key: ContactKey
    ) throws(EventLogError) -> [UInt8] {
        guard sealed.count >= overheadByteCount else { throw .sealBroken }
        let end = sealed.count - overheadByteCount
        do {
            let box = try AES.GCM.SealedBox(
                nonce: nonce, ciphertext: sealed[..<end], tag: sealed[end...])
            return Array(try AES.GCM.open(box, using: SymmetricKey(data: key.bytes)))
        } catch {
            throw .sealBroken
        }
    }

    private static let nonce: AES.GCM.Nonce = {
        guard let nonce = try? AES.GCM.Nonce(data: [UInt8](repeating: 0, count: 12)) else {
            preconditionFailure("twelve bytes are a nonce")
        }
        return nonce
    }()
}
