import Foundation
import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

@Suite struct SecretTests {
    /// Bytes 0 to 31; the known answers below are `openssl dgst`'s and Python's for it.
    let secret = MarketSecret(Array(0..<32))

    @Test(.rules("R4.1")) func `an identity is the known answer`() {
        let hasher = IdentityHasher(secret)
        let first = Identity(high: 0x7782_fb2e_ee6b_17aa, low: 0x6789_d073_16d3_281c)
        let second = Identity(high: 0xc4cc_4e85_9138_1ba5, low: 0xb18e_f4f4_67b5_7236)
        #expect(hasher.identity(ofDigits: "13800138000") == first)
        #expect(hasher.identity(ofDigits: "15912345678") == second)
        #expect(hasher.identity(ofDigits: "13800138000") == first)
    }

    @Test(.rules("R4.1")) func `a supplier's MD5 of either case gives the same identity`() {
        let hasher = IdentityHasher(secret)
        let identity = hasher.identity(ofDigits: "13800138000")
        #expect(hasher.identity(ofMD5: "7945bd83237335e5376ff44d62e4f0ae") == identity)
        #expect(hasher.identity(ofMD5: "7945BD83237335E5376FF44D62E4F0AE") == identity)
    }

    @Test(arguments: [
        "", "7945", "7945bd83237335e5376ff44d62e4f0aeaa", "g945bd83237335e5376ff44d62e4f0ae",
    ])
    func `what is no MD5 is refused`(_ text: String) {
        #expect(IdentityHasher(secret).identity(ofMD5: text) == nil)
    }

    @Test(.rules("R4.1")) func `another secret gives other identities`() {
        let other = IdentityHasher(MarketSecret([UInt8](repeating: 7, count: 32)))
        #expect(
            other.identity(ofDigits: "13800138000")
                != IdentityHasher(secret).identity(ofDigits: "13800138000"))
    }

    @Test func `the fingerprint is the known answer`() {
        #expect(
            secret.fingerprint
                == Bytes16(high: 0xbbb9_8046_5325_d3a2, low: 0x9dbd_975d_ef8d_874c))
    }

    @Test func `an idempotency mark is the known answer and tells principals apart`() {
        let hasher = IdentityHasher(secret)
        let mark = hasher.idempotencyMark(
            principal: 1000, key: "order-17", content: Array("{}".utf8))
        #expect(mark.key == Bytes16(high: 0x5b17_c24c_6be0_a44c, low: 0xa813_38fb_4292_4b1a))
        #expect(mark.content == Bytes16(high: 0x7693_ee75_6834_734c, low: 0xde39_7360_d315_2f50))
        let other = hasher.idempotencyMark(
            principal: 1001, key: "order-17", content: Array("{}".utf8))
        #expect(other.key != mark.key)
        #expect(other.content == mark.content)
    }

    @Test func `a secret is made once, for its owner alone, and read back`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("secret")
        let made = try MarketSecret.create(at: path)
        #expect(Set(made.bytes).count > 8)
        #expect(try MarketSecret(path: path).bytes == made.bytes)
        #expect(try MarketSecret(path: path, fingerprint: made.fingerprint).bytes == made.bytes)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(throws: EventLogError.self) { try MarketSecret.create(at: path) }
        #expect(try MarketSecret(path: path).fingerprint == made.fingerprint)
        // What a stop in the middle of founding leaves is taken for nothing.
        let other = directory.path("other")
        try Data(repeating: 7, count: 10).write(to: URL(fileURLWithPath: other + ".temporary"))
        let late = try MarketSecret.create(at: other)
        #expect(try MarketSecret(path: other).bytes == late.bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path("")).count == 2)
        try made.backup(to: directory.path("copy"))
        #expect(try MarketSecret(path: directory.path("copy")).bytes == made.bytes)
    }

    @Test func `a file that cannot be written whole leaves nothing behind`() throws {
        let directory = try TemporaryDirectory()
        let (path, temporary) = (directory.path("file"), directory.path("file.temporary"))
        let failure = EventLogError.file(call: "pwrite", path: temporary, code: ENOSPC)
        #expect(throws: failure) {
            try FileSystem.replace(path, temporary: temporary) { file throws(EventLogError) in
                try file.write([1, 2, 3].span.bytes, at: 0)
                throw failure
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path("")).isEmpty)
        let whole: [UInt8] = [1, 2, 3]
        try FileSystem.replace(path, temporary: temporary) { file throws(EventLogError) in
            try file.write(whole.span.bytes, at: 0)
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(whole))
    }

    @Test(.rules("R4.1"))
    func `a missing, wrong, damaged or exposed secret is refused with what to do`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("secret")
        let missing = #expect(throws: EventLogError.self) { try MarketSecret(path: path) }
        #expect(missing == .noFile(path: path))
        #expect(missing?.description.contains("restore it from a backup") == true)
        _ = try MarketSecret.create(at: path)
        #expect(throws: EventLogError.wrongSecret(path: path)) {
            try MarketSecret(path: path, fingerprint: secret.fingerprint)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: EventLogError.exposedKeys(path: path)) { try MarketSecret(path: path) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        for count in [31, 33] {
            let url = URL(fileURLWithPath: path)
            try Data(repeating: 1, count: count).write(to: url)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            #expect(throws: EventLogError.damagedKeys(path: path, slot: nil)) {
                try MarketSecret(path: path)
            }
        }
    }

    @Test func `neither secret nor key can be printed`() throws {
        #expect("\(secret)" == "MarketSecret")
        #expect("\(ContactKey([UInt8](repeating: 1, count: 32)))" == "ContactKey")
    }
}

@Suite struct ContactSealerTests {
    @Test(.rules("R4.2"), arguments: [0, 1, 15, 16, 17, 511, 512])
    func `what was sealed opens with its key`(_ count: Int) throws {
        var sealer = ContactSealer()
        let contact = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let sealed = try sealer.seal(contact)
        #expect(sealed.bytes.count == count + ContactSealer.overheadByteCount)
        #expect(try ContactSealer.open(sealed.bytes, with: sealed.key) == contact)
    }

    @Test(.rules("R4.2")) func `the seal is AES-256-GCM with a zero nonce, ciphertext then tag`()
        throws
    {
        let key = ContactKey(Array(0..<32))
        // AESGCM(key).encrypt(bytes(12), text, None) of Python's cryptography.
        let sealed: [UInt8] = [
            0xe9, 0x32, 0x3e, 0x3b, 0x10, 0x9f, 0x66, 0x1e, 0xa3, 0x88, 0x98, 0x06, 0x20, 0x1c,
            0xa1, 0xa8, 0xe1, 0x7b, 0x66, 0x63, 0x18, 0xc0, 0x86, 0xc2, 0x19, 0x0b, 0x8b, 0x83,
            0x6f, 0x5c, 0xf9, 0xb1, 0xce, 0x61, 0x12, 0x1e, 0xa3,
        ]
        let opened = try ContactSealer.open(sealed, with: key)
        #expect(String(decoding: opened, as: UTF8.self) == "王女士 13800138000")
    }

    @Test(.rules("R4.2")) func `a contact of more than 512 bytes is refused`() throws {
        var sealer = ContactSealer()
        var refusal: EventLogError?
        do {
            _ = try sealer.seal([UInt8](repeating: 0, count: 513))
        } catch {
            refusal = error
        }
        #expect(refusal == .contactTooLong(byteCount: 513))
    }

    @Test(.rules("R4.2")) func `no key is drawn twice`() throws {
        var sealer = ContactSealer()
        var keys: Set<ContactKey> = []
        var ciphertexts: Set<[UInt8]> = []
        for _ in 0..<1000 {
            let sealed = try sealer.seal([1, 2, 3])
            keys.insert(sealed.key)
            ciphertexts.insert(sealed.bytes)
        }
        #expect(keys.count == 1000)
        #expect(ciphertexts.count == 1000)
    }

    @Test func `a changed bit, another key or a cut does not open`() throws {
        var sealer = ContactSealer()
        let sealed = try sealer.seal(Array("13800138000".utf8))
        for bit in 0..<sealed.bytes.count * 8 {
            var changed = sealed.bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: EventLogError.sealBroken) {
                try ContactSealer.open(changed, with: sealed.key)
            }
        }
        let other = try sealer.seal([]).key
        #expect(throws: EventLogError.sealBroken) {
            try ContactSealer.open(sealed.bytes, with: other)
        }
        for count in [0, 15, sealed.bytes.count - 1] {
            #expect(throws: EventLogError.sealBroken) {
                try ContactSealer.open(Array(sealed.bytes[..<count]), with: sealed.key)
            }
        }
    }
}
