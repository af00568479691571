internal import CLibCrypto

/// AES-256-GCM of libcrypto under a nonce of zeros, in one context that each message's key is
/// put into: making a context costs more than sealing a contact.
///
/// `@safe` is right because the context is owned by the value, freed with it, and never handed
/// out, and because every call is given buffers of the sizes it documents.
@safe
struct ContactCipher: ~Copyable {
    private let context: OpaquePointer
    private let direction: Direction

    enum Direction: Int32 {
        case open = 0
        case seal = 1
    }

    /// Makes a context for one direction.
    ///
    /// - Throws: ``EventLogError/cryptography(call:)`` when libcrypto has no AES-256-GCM, or no
    ///   memory.
    init(_ direction: Direction) throws(EventLogError) {
        unsafe context = try Self.makeContext(direction)
        self.direction = direction
    }

    private static func makeContext(
        _ direction: Direction
    ) throws(EventLogError) -> OpaquePointer {
        guard let cipher = unsafe cipher else { throw .failed("EVP_CIPHER_fetch") }
        guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .failed("EVP_CIPHER_CTX_new") }
        guard unsafe EVP_CipherInit_ex2(context, cipher, nil, nil, direction.rawValue, nil) == 1
        else {
            unsafe EVP_CIPHER_CTX_free(context)
            throw .failed("EVP_CipherInit_ex2")
        }
        return unsafe context
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// `nonisolated(unsafe)` is right because a fetched algorithm never changes.
    private nonisolated(unsafe) static let cipher = unsafe EVP_CIPHER_fetch(
        nil, "AES-256-GCM", nil)

    /// Returns the ciphertext of `message` and the tag after it.
    mutating func seal(
        _ message: [UInt8], with key: ContactKey
    ) throws(EventLogError) -> [UInt8] {
        precondition(direction == .seal, "the context was made for opening")
        try begin(with: key)
        var isSealed = false
        let sealed = unsafe [UInt8](
            unsafeUninitializedCapacity: message.count + ContactSealer.overheadByteCount
        ) { output, count in
            guard let start = output.baseAddress else { return }
            unsafe isSealed =
                update(message.span, into: start)
                && finish(start + message.count)
                && EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_GET_TAG, Int32(ContactSealer.overheadByteCount),
                    start + message.count) == 1
            count = isSealed ? output.count : 0
        }
        guard isSealed else { throw .failed("EVP_CipherFinal_ex") }
        return sealed
    }

    /// Returns the message that `sealed`, a ciphertext and its tag, was made of; `nil` when the
    /// tag does not fit.
    mutating func open(
        _ sealed: [UInt8], with key: ContactKey
    ) throws(EventLogError) -> [UInt8]? {
        precondition(direction == .open, "the context was made for sealing")
        let length = sealed.count - ContactSealer.overheadByteCount
        guard length >= 0 else { return nil }
        try begin(with: key)
        var tag = Array(sealed[length...])
        guard
            unsafe EVP_CIPHER_CTX_ctrl(
                context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
        else { throw .failed("EVP_CIPHER_CTX_ctrl") }
        // One byte more than needed, so that there always is an address.
        var isOpen = false
        let message = unsafe [UInt8](unsafeUninitializedCapacity: length + 1) { output, count in
            guard let start = output.baseAddress else { return }
            unsafe isOpen =
                update(sealed.span.extracting(..<length), into: start) && finish(start + length)
            count = isOpen ? length : 0
        }
        if isOpen { return message }
        ERR_clear_error()
        return nil
    }

    private func begin(with key: ContactKey) throws(EventLogError) {
        let nonce = InlineArray<12, UInt8>(repeating: 0)
        let code = unsafe key.words.span.bytes.withUnsafeBytes { key in
            unsafe nonce.span.withUnsafeBufferPointer { nonce in
                unsafe EVP_CipherInit_ex2(
                    context, nil, key.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    nonce.baseAddress, direction.rawValue, nil)
            }
        }
        guard code == 1 else { throw .failed("EVP_CipherInit_ex2") }
    }

    private func update(_ input: Span<UInt8>, into output: UnsafeMutablePointer<UInt8>) -> Bool {
        var count: Int32 = 0
        let code = unsafe input.withUnsafeBufferPointer { input in
            unsafe EVP_CipherUpdate(
                context, output, &count, input.baseAddress, Int32(input.count))
        }
        return code == 1 && count == input.count
    }

    private func finish(_ output: UnsafeMutablePointer<UInt8>) -> Bool {
        var count: Int32 = 0
        return unsafe EVP_CipherFinal_ex(context, output, &count) == 1 && count == 0
    }
}

extension EventLogError {
    /// Makes an error of a failed call of libcrypto, and empties its list of errors.
    static func failed(_ call: StaticString) -> EventLogError {
        ERR_clear_error()
        return .cryptography(call: "\(call)")
    }
}
