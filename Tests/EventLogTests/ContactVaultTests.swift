import Foundation
import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

@Suite struct ContactVaultTests {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path("contacts")
    }

    func identity(_ number: UInt64) -> Identity { Identity(high: number, low: ~number) }

    func key(_ number: UInt8) -> ContactKey {
        ContactKey([UInt8](repeating: number, count: 32))
    }

    func keys(_ numbers: ClosedRange<UInt8>) -> [(identity: Identity, key: ContactKey)] {
        numbers.map { (identity(UInt64($0 % 3)), key($0)) }
    }

    @Test func `keys are read back after opening again`() throws {
        do {
            let vault = try ContactVault.create(at: path)
            try vault.append(keys(1...3))
            try vault.append(keys(4...5))
            try vault.append([])
            #expect(vault.count == 5)
        }
        let vault = try ContactVault(readingOnly: path)
        #expect(vault.count == 5)
        for slot in 0..<5 {
            #expect(try vault.read(UInt64(slot)) == .key(key(UInt8(slot + 1))))
        }
        #expect(throws: EventLogError.damagedKeys(path: path, slot: 5)) { try vault.read(5) }
    }

    @Test func `a slot is laid out as the documentation says`() throws {
        let vault = try ContactVault.create(at: path)
        let person = Identity(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)
        try vault.append([(person, key(0xee))])
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(bytes.count == 64)
        #expect(bytes[..<4] == ArraySlice("LMKY".utf8))
        let covered = bytes[..<4] + bytes[8...]
        #expect(
            Array(bytes[4..<8])
                == Checksum.portableCRC32C(Array(covered).span.bytes).littleEndianBytes)
        #expect(Array(bytes[8..<24]) == Array(1...16))
        #expect(Array(bytes[24..<56]) == [UInt8](repeating: 0xee, count: 32))
        #expect(Array(bytes[56...]) == [UInt8](repeating: 0, count: 8))
    }

    @Test func `only its owner may read the file`() throws {
        do { _ = try ContactVault.create(at: path) }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: EventLogError.exposedKeys(path: path)) { try ContactVault(path: path) }
    }

    @Test func `a missing file is not made anew, nor an existing one replaced`() throws {
        #expect(throws: EventLogError.noFile(path: path)) { try ContactVault(path: path) }
        _ = try ContactVault.create(at: path)
        let error = #expect(throws: EventLogError.self) { try ContactVault.create(at: path) }
        #expect(error?.reason == "file")
    }

    @Test func `slots beyond the log are cut off and used again`() throws {
        let vault = try ContactVault.create(at: path)
        try vault.append(keys(1...5))
        try vault.keepSlots(3)
        #expect(vault.count == 3)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == 192)
        try vault.append(keys(9...9))
        #expect(try vault.read(3) == .key(key(9)))
    }

    @Test func `a slot that was torn while being written is cut off`() throws {
        try ContactVault.create(at: path).append(keys(1...2))
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 100)
        try file.close()
        let vault = try ContactVault(path: path)
        #expect(vault.count == 1)
        try vault.keepSlots(1)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == 64)
    }

    @Test func `fewer slots than the log names is damage`() throws {
        let vault = try ContactVault.create(at: path)
        try vault.append(keys(1...2))
        #expect(throws: EventLogError.damagedKeys(path: path, slot: 2)) { try vault.keepSlots(3) }
    }

    @Test(.rules("R4.2")) func `erasing persons overwrites all their keys and no others`() throws {
        let vault = try ContactVault.create(at: path)
        try vault.append(keys(1...9))
        let erasure = try vault.erase([identity(1), identity(77)])
        #expect(erasure.erased == 3)
        #expect(erasure.damagedSlots.isEmpty)
        for slot in 0..<9 {
            let number = UInt8(slot + 1)
            let expected: ContactVault.Content = number % 3 == 1 ? .erased : .key(key(number))
            #expect(try vault.read(UInt64(slot)) == expected)
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(!bytes.contains(1) || bytes.range(of: Data(repeating: 1, count: 32)) == nil)
        #expect(bytes.range(of: Data(repeating: 2, count: 32)) != nil)
        #expect(try vault.erase([identity(1)]).erased == 0)
        #expect(vault.count == 9)
    }

    @Test func `erasing crosses the blocks the file is read in`() throws {
        let vault = try ContactVault.create(at: path)
        let count: UInt64 = 16_384 * 2 + 5
        try vault.append((0..<count).map { (identity($0), key(UInt8(truncatingIfNeeded: $0))) })
        let chosen: [UInt64] = [0, 16_383, 16_384, 32_767, 32_768, count - 1]
        #expect(try vault.erase(Set(chosen.map(identity))).erased == chosen.count)
        for slot in chosen { #expect(try vault.read(slot) == .erased) }
        for slot in [1, 16_382, 16_385, count - 2] {
            #expect(try vault.read(slot) == .key(key(UInt8(truncatingIfNeeded: slot))))
        }
    }

    @Test func `every flipped bit of a slot is found`() throws {
        let vault = try ContactVault.create(at: path)
        try vault.append(keys(1...2))
        let sound = try Data(contentsOf: URL(fileURLWithPath: path))
        for bit in 0..<512 {
            var flipped = [UInt8](sound)
            flipped[64 + bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(ContactSlot.decode(flipped.span.bytes.extracting(64...)) == nil)
        }
    }

    @Test func `a damaged slot is reported, and erased all the same when it names the person`()
        throws
    {
        try ContactVault.create(at: path).append(keys(1...4))
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        for slot in [1, 2] {
            try file.seek(toOffset: UInt64(slot * 64 + 40))
            try file.write(contentsOf: Data([0xff]))
        }
        try file.close()
        let vault = try ContactVault(path: path)
        #expect(throws: EventLogError.damagedKeys(path: path, slot: 1)) { try vault.read(1) }
        let erasure = try vault.erase([identity(2)])
        #expect(erasure.erased == 1)
        #expect(erasure.damagedSlots == [2])
        #expect(try vault.read(1) == .erased)
    }

    @Test func `a backup holds every key and its owner's permissions`() throws {
        let vault = try ContactVault.create(at: path)
        try vault.append(keys(1...7))
        let copy = directory.path("copy")
        try vault.backup(to: copy)
        try vault.append(keys(8...8))
        let backup = try ContactVault(path: copy)
        #expect(backup.count == 7)
        #expect(try backup.read(6) == .key(key(7)))
    }

    @Test func `a reader on another thread sees what was appended`() async throws {
        let vault = try ContactVault.create(at: path)
        try vault.append(keys(1...1))
        let content = try await Task.detached { try vault.read(0) }.value
        #expect(content == .key(key(1)))
    }
}
