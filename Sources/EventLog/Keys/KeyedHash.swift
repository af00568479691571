internal import CLibCrypto
internal import MarketCore
internal import Synchronization

/// Contexts of libcrypto that hash for one secret: HMAC-SHA-256, keyed once, and MD5.
///
/// `@unchecked Sendable` is right because ``KeyedHashes`` hands it to one thread at a time.
/// `@safe` is right because the contexts are owned by the object, freed with it, and never handed
/// out.
///
/// libcrypto's hashes fail only where it has no memory, or was configured to lack the algorithm;
/// no identity could be computed then, so the program stops.
@safe
final class KeyedHash: @unchecked Sendable {
    private let authentication: OpaquePointer
    private let digest: OpaquePointer

    init(_ secret: MarketSecret) {
        let algorithm = unsafe LibCrypto.present(EVP_MAC_fetch(nil, "HMAC", nil), "EVP_MAC_fetch")
        unsafe authentication = LibCrypto.present(EVP_MAC_CTX_new(algorithm), "EVP_MAC_CTX_new")
        unsafe EVP_MAC_free(algorithm)
        unsafe digest = LibCrypto.present(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        var name = Array("SHA256".utf8CString)
        let code = unsafe name.withUnsafeMutableBufferPointer { name in
            let parameters = unsafe [
                OSSL_PARAM_construct_utf8_string(
                    OSSL_MAC_PARAM_DIGEST, name.baseAddress, name.count - 1),
                OSSL_PARAM_construct_end(),
            ]
            return unsafe EVP_MAC_init(
                authentication, secret.bytes, secret.bytes.count, parameters)
        }
        LibCrypto.require(code, "EVP_MAC_init")
        let md5 = unsafe LibCrypto.present(EVP_MD_fetch(nil, "MD5", nil), "EVP_MD_fetch")
        LibCrypto.require(unsafe EVP_DigestInit_ex2(digest, md5, nil), "EVP_DigestInit_ex2")
        unsafe EVP_MD_free(md5)
    }

    deinit {
        unsafe EVP_MAC_CTX_free(authentication)
        unsafe EVP_MD_CTX_free(digest)
    }

    /// Begins a message, under the same key as the one before.
    func begin() {
        LibCrypto.require(unsafe EVP_MAC_init(authentication, nil, 0, nil), "EVP_MAC_init")
    }

    /// Goes on with the message.
    func update(_ bytes: RawSpan) {
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe EVP_MAC_update(
                authentication, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                bytes.count)
        }
        LibCrypto.require(code, "EVP_MAC_update")
    }

    /// Ends the message; the first 16 bytes of its HMAC.
    func finish() -> Bytes16 {
        var result = InlineArray<32, UInt8>(repeating: 0)
        var count = 0
        var span = result.mutableSpan
        let code = unsafe span.withUnsafeMutableBufferPointer { result in
            unsafe EVP_MAC_final(authentication, result.baseAddress, &count, result.count)
        }
        LibCrypto.require(code, "EVP_MAC_final")
        return unsafe Bytes16(result.span.bytes, at: 0)
    }

    /// The MD5 of `bytes`.
    func md5(_ bytes: RawSpan) -> InlineArray<16, UInt8> {
        var result = InlineArray<16, UInt8>(repeating: 0)
        LibCrypto.require(unsafe EVP_DigestInit_ex2(digest, nil, nil), "EVP_DigestInit_ex2")
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe EVP_DigestUpdate(digest, bytes.baseAddress, bytes.count)
        }
        LibCrypto.require(code, "EVP_DigestUpdate")
        var span = result.mutableSpan
        let end = unsafe span.withUnsafeMutableBufferPointer { result in
            unsafe EVP_DigestFinal_ex(digest, result.baseAddress, nil)
        }
        LibCrypto.require(end, "EVP_DigestFinal_ex")
        return result
    }
}

/// As many ``KeyedHash``es as threads ever hashed at once, each lent to one at a time.
final class KeyedHashes: Sendable {
    private let secret: MarketSecret
    private let idle = Mutex<[KeyedHash]>([])

    init(_ secret: MarketSecret) {
        self.secret = secret
    }

    /// Lends a hash to `body`. The lock is held only while it is taken and given back.
    func withHash<Value>(_ body: (KeyedHash) -> Value) -> Value {
        let hash = idle.withLock { $0.popLast() } ?? KeyedHash(secret)
        defer { idle.withLock { $0.append(hash) } }
        return body(hash)
    }
}
