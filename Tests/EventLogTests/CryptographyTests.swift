import Crypto
import Foundation
import MarketCore
import Testing

@testable import EventLog

/// The keys' cryptography against a second library.
@Suite struct CryptographyTests {
    let secret = MarketSecret((0..<32).map { $0 * 7 })

    func otherIdentity(ofDigits digits: String) -> [UInt8] {
        let text = Insecure.MD5.hash(data: Data(digits.utf8))
            .map { String(format: "%02x", $0) }.joined()
        return hmac(Array(text.utf8))
    }

    func hmac(_ message: [UInt8]) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(
            for: message, using: SymmetricKey(data: secret.bytes))
        return Array(code.prefix(16))
    }

    func bytes(_ value: Bytes16) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value.high >> (56 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: value.low >> (56 - 8 * $0)) }
    }

    @Test func `identities are what another library computes`() {
        let hasher = IdentityHasher(secret)
        for number in 0..<500 {
            let digits = String(repeating: "1", count: number % 20) + String(number)
            #expect(bytes(hasher.identity(ofDigits: digits)) == otherIdentity(ofDigits: digits))
        }
        #expect(bytes(hasher.identity(ofDigits: "")) == otherIdentity(ofDigits: ""))
    }

    @Test func `idempotency marks are what another library computes, at every length`() {
        let hasher = IdentityHasher(secret)
        for count in 0..<200 {
            let key = String(repeating: "k", count: count)
            let content = (0..<count).map { UInt8($0) }
            let mark = hasher.idempotencyMark(principal: 0x0102_0304, key: key, content: content)
            #expect(
                bytes(mark.key)
                    == hmac(
                        Array("leadmarket idempotency key 1\0".utf8) + [4, 3, 2, 1]
                            + Array(key.utf8)))
            #expect(
                bytes(mark.content)
                    == hmac(Array("leadmarket idempotency content 1\0".utf8) + content))
        }
    }

    @Test func `threads that hash at once do not disturb one another`() async {
        let hasher = IdentityHasher(secret)
        let expected = (0..<200).map { hasher.identity(ofDigits: String($0)) }
        await withTaskGroup(of: [Identity].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<200).map { hasher.identity(ofDigits: String($0)) } }
            }
            for await identities in group { #expect(identities == expected) }
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 80, 511, 512])
    func `either library opens what the other sealed`(_ count: Int) throws {
        var sealer = ContactSealer()
        let nonce = try AES.GCM.Nonce(data: [UInt8](repeating: 0, count: 12))
        for round in 0..<20 {
            let contact = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 3 + round) }
            let sealed = try sealer.seal(contact)
            let key = SymmetricKey(
                data: (0..<4).flatMap { sealed.key.words[$0].littleEndianBytes })
            let box = try AES.GCM.seal(contact, using: key, nonce: nonce)
            #expect(sealed.bytes == Array(box.ciphertext) + Array(box.tag))
            #expect(
                try ContactSealer.open(Array(box.ciphertext) + Array(box.tag), with: sealed.key)
                    == contact)
        }
    }

    @Test func `a failed opening leaves nothing behind for the next`() throws {
        var sealer = ContactSealer()
        let sealed = try sealer.seal([1, 2, 3])
        let other = try sealer.seal([1, 2, 3])
        var cipher = try ContactCipher(.open)
        for _ in 0..<3 {
            #expect(try cipher.open(sealed.bytes, with: other.key) == nil)
            #expect(try cipher.open(sealed.bytes, with: sealed.key) == [1, 2, 3])
        }
    }

    @Test func `digests are what another library computes`() {
        for count in [0, 1, 63, 64, 65, 100_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            #expect(MarketDigest(ofState: bytes).bytes == Array(SHA256.hash(data: bytes)))
        }
    }

    @Test func `a refused cryptographic call says which and what to do`() {
        let error = EventLogError.failed("EVP_CIPHER_fetch")
        #expect(error.reason == "cryptography")
        #expect(error.description.contains("EVP_CIPHER_fetch"))
        #expect(error.description.contains("OpenSSL 3"))
    }
}
