internal import CLibCrypto

/// SHA-256 of bytes that come in pieces.
///
/// `@safe` is right because the context is owned by the value, freed with it, and never handed out.
@safe
struct SHA256Stream: ~Copyable {
    private let context: OpaquePointer

    init() {
        unsafe context = LibCrypto.present(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        LibCrypto.require(
            unsafe EVP_DigestInit_ex2(context, EVP_sha256(), nil), "EVP_DigestInit_ex2")
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Goes on with `bytes`.
    mutating func update(_ bytes: RawSpan) {
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        }
        LibCrypto.require(code, "EVP_DigestUpdate")
    }

    /// Ends; the 32 bytes of the digest.
    consuming func finish() -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        LibCrypto.require(
            unsafe EVP_DigestFinal_ex(context, &result, nil), "EVP_DigestFinal_ex")
        return result
    }
}

/// SHA-256 of all `parts`, one after the other.
func sha256(_ parts: [UInt8]...) -> [UInt8] {
    var stream = SHA256Stream()
    for part in parts { unsafe stream.update(part.span.bytes) }
    return stream.finish()
}

/// What libcrypto's hashes need that fail only where there is no memory, or where it was configured
/// to lack the algorithm: nothing could be computed then, so the program stops.
enum LibCrypto {
    static func require(_ code: Int32, _ call: StaticString) {
        precondition(code == 1, "libcrypto has the hashes, and there is memory: \(call)")
    }

    @unsafe
    static func present(_ pointer: OpaquePointer?, _ call: StaticString) -> OpaquePointer {
        guard let pointer = unsafe pointer else {
            preconditionFailure("libcrypto has the algorithm, and there is memory: \(call)")
        }
        return unsafe pointer
    }
}
