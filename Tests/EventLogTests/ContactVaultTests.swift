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

    /// Whom the contact with a number is of: three persons in turn.
    func person(_ number: Int) -> Identity { identity(UInt64(number % 3)) }

    func contact(_ number: Int) -> [UInt8] { Array("contact \(number)".utf8) }

    /// Gives the next slots to contacts with the numbers; returns these as the log would have them.
    @discardableResult
    func keep(_ numbers: ClosedRange<Int>, in vault: ContactVault) throws -> [[UInt8]] {
        let keys = try vault.prepare(numbers.count)
        try vault.assign(zip(numbers, keys).map { (person($0), $1) })
        var sealer = ContactSealer()
        return try zip(numbers, keys).map { try sealer.seal(contact($0)).wrapped(by: $1) }
    }

    func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    /// Puts a slot into the file as it stands.
    func put(
        _ state: ContactSlot.State, _ identity: Identity, _ key: ContactKey, at slot: Int
    ) throws {
        var writer = WireWriter()
        ContactSlot.encode(state, identity, key.words.span.bytes, to: &writer)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(slot * 64))
        try file.write(contentsOf: writer.copyBytes())
        try file.close()
    }

    @Test func `contacts are opened after opening the file again`() throws {
        var sealed: [[UInt8]] = []
        do {
            let vault = try ContactVault.create(at: path)
            sealed += try keep(1...3, in: vault)
            sealed += try keep(4...5, in: vault)
            try vault.assign([])
            #expect(vault.count == 5)
        }
        let vault = try ContactVault(readingOnly: path)
        #expect(vault.count == 5)
        for slot in 0..<5 {
            #expect(try vault.open(sealed[slot], in: UInt64(slot)) == contact(slot + 1))
        }
        #expect(throws: EventLogError.damagedKeys(path: path, slot: 5)) {
            try vault.open(sealed[0], in: 5)
        }
        #expect(throws: EventLogError.sealBroken) { try vault.open(sealed[0], in: 1) }
        for count in 0..<sealed[0].count {
            #expect(throws: EventLogError.sealBroken) {
                try vault.open(Array(sealed[0][..<count]), in: 0)
            }
        }
    }

    @Test func `a contact of before keys were wrapped is opened by its slot's own`() throws {
        do { _ = try ContactVault.create(at: path) }
        var sealer = ContactSealer()
        let sealed = try sealer.seal(contact(1))
        try put(.key, person(1), sealed.key, at: 0)
        let vault = try ContactVault(path: path)
        #expect(vault.count == 1)
        #expect(try vault.open(sealed.bytes, in: 0) == contact(1))
        let later = try keep(2...2, in: vault)
        #expect(try vault.open(later[0], in: 1) == contact(2))
        #expect(try vault.erase([person(1)]).erased == 1)
        #expect(try vault.open(sealed.bytes, in: 0) == nil)
    }

    @Test func `what goes into the log does not tell the key`() throws {
        let vault = try ContactVault.create(at: path)
        let slotKey = try vault.prepare(1)[0]
        var sealer = ContactSealer()
        let sealed = try sealer.seal(contact(1))
        let logged = sealed.wrapped(by: slotKey)
        #expect(logged.count == sealed.bytes.count + 32)
        #expect(Array(logged.prefix(sealed.bytes.count)) == sealed.bytes)
        let wrapped = ContactKey(Array(logged.suffix(32)))
        #expect(wrapped != sealed.key && wrapped != slotKey)
        #expect(wrapped.wrapped(by: slotKey) == sealed.key)
        #expect(try vault.prepare(100).contains(slotKey) == false)
    }

    @Test func `a slot is laid out as the documentation says`() throws {
        let vault = try ContactVault.create(at: path)
        let person = Identity(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)
        let keys = try vault.prepare(2)
        try vault.assign([(person, keys[0])])
        let bytes = try bytes()
        #expect(bytes.count == 128)
        for (slot, word) in ["LMWK", "LMSP"].enumerated() {
            let slotBytes = Array(bytes[slot * 64..<slot * 64 + 64])
            #expect(slotBytes[..<4] == ArraySlice(word.utf8))
            let covered = slotBytes[..<4] + slotBytes[8...]
            #expect(
                Array(slotBytes[4..<8])
                    == Checksum.portableCRC32C(Array(covered).span.bytes).littleEndianBytes)
            #expect(ContactKey(Array(slotBytes[24..<56])) == keys[slot])
            #expect(Array(slotBytes[56...]) == [UInt8](repeating: 0, count: 8))
        }
        #expect(Array(bytes[8..<24]) == Array(1...16))
        #expect(Array(bytes[72..<88]) == [UInt8](repeating: 0, count: 16))
    }

    @Test func `only its owner may read the file`() throws {
        do { _ = try ContactVault.create(at: path) }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: EventLogError.exposedKeys(path: path)) { try ContactVault(path: path) }
    }

    @Test func `after a sync that failed nothing is written any more`() throws {
        // A pipe can neither be written at an offset nor synced, which are told apart.
        #expect(mkfifo(path, 0o600) == 0)
        let vault = try ContactVault(path: path)
        let write = EventLogError.file(call: "pwrite", path: path, code: ESPIPE)
        #expect(throws: write) { try vault.prepare(1) }
        #expect(throws: write) { try vault.prepare(1) }
        let sync = EventLogError.file(call: "fdatasync", path: path, code: EINVAL)
        #expect(throws: sync) { try vault.erase([person(1)]) }
        #expect(throws: sync) { try vault.prepare(1) }
        #expect(throws: sync) { try vault.erase([person(1)]) }
    }

    @Test func `a missing file is not made anew, nor an existing one replaced`() throws {
        #expect(throws: EventLogError.noFile(path: path)) { try ContactVault(path: path) }
        _ = try ContactVault.create(at: path)
        let error = #expect(throws: EventLogError.self) { try ContactVault.create(at: path) }
        #expect(error?.reason == "file")
    }

    @Test func `slots beyond the log are cut off, and those that come have other keys`() throws {
        let vault = try ContactVault.create(at: path)
        try keep(1...5, in: vault)
        let spare = try vault.prepare(2)
        #expect(vault.count == 5)
        try vault.keepSlots(3) { _ in [] }
        #expect(vault.count == 3)
        #expect(try bytes().count == 192)
        #expect(try Set(vault.prepare(4)).isDisjoint(with: spare))
        #expect(try bytes().count == 192 + 256)
    }

    @Test func `slots that are nobody's do not count`() throws {
        let spare = ContactVault.preparedAtOnce + 3
        do {
            let vault = try ContactVault.create(at: path)
            #expect(vault.isEmpty)
            _ = try vault.prepare(spare)
            #expect(vault.count == 0)
            #expect(!vault.isEmpty)
            #expect(try ContactVault(path: path).count == 0)
            try keep(1...2, in: vault)
            #expect(vault.count == 2)
        }
        let vault = try ContactVault(path: path)
        #expect(vault.count == 2)
        #expect(try bytes().count == (spare + 2) * 64)
        #expect(try ContactVault(readingOnly: path).count == UInt64(spare + 2))
    }

    @Test func `what a loss of power left of slots that were being prepared does not count`() throws
    {
        do { try keep(1...2, in: ContactVault.create(at: path)) }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.truncate(atOffset: UInt64(64 * (3 * ContactVault.preparedAtOnce)))
        try file.close()
        let vault = try ContactVault(path: path)
        #expect(vault.count == 2)
        try vault.keepSlots(2) { _ in [] }
        #expect(try bytes().count == 128)
    }

    @Test(arguments: [0, 1, 4_096, 3 * 4_096, 4 * 4_096 - 1])
    func `owners are found lost as far back as four lots`(distance: Int) throws {
        let count = 4 * ContactVault.preparedAtOnce + 5
        var keys: [ContactKey] = []
        do {
            let vault = try ContactVault.create(at: path)
            keys = try vault.prepare(count)
            try vault.assign(keys.enumerated().map { (person($0), $1) })
        }
        let slot = count - 1 - distance
        try put(.spare, Identity(high: 0, low: 0), keys[slot], at: slot)
        let vault = try ContactVault(path: path)
        try vault.keepSlots(UInt64(count)) { $0.map { person(Int($0)) } }
        let slotBytes = try Array(bytes()[slot * 64..<slot * 64 + 64])
        #expect(ContactSlot.decode(slotBytes.span.bytes)?.state == .wrapping)
        #expect(ContactSlot.identity(slotBytes.span.bytes) == person(slot))
    }

    @Test(.rules("R4.2"))
    func `whose a slot is, where that was lost, is asked for and written again`() throws {
        var keys: [ContactKey] = []
        do {
            let vault = try ContactVault.create(at: path)
            keys = try vault.prepare(9)
            try vault.assign((1...7).map { (person($0), keys[$0 - 1]) })
        }
        for slot in [3, 4, 6] { try put(.spare, Identity(high: 0, low: 0), keys[slot], at: slot) }
        let vault = try ContactVault(path: path)
        #expect(vault.count == 6)
        var asked: [Range<UInt64>] = []
        try vault.keepSlots(7) { slots in
            asked.append(slots)
            return slots.map { person(Int($0) + 1) }
        }
        #expect(asked == [3..<7])
        #expect(vault.count == 7)
        #expect(try bytes().count == 7 * 64)
        for slot in 0..<7 {
            #expect(try vault.read(UInt64(slot)) == .wrappingKey(keys[slot]))
            let slotBytes = try Array(bytes()[slot * 64..<slot * 64 + 64])
            #expect(ContactSlot.decode(slotBytes.span.bytes)?.state == .wrapping)
            #expect(ContactSlot.identity(slotBytes.span.bytes) == person(slot + 1))
        }
        try vault.keepSlots(7) { _ in
            Issue.record("nothing is lost any more")
            return []
        }
    }

    @Test func `an owner that nobody can tell keeps the vault from being used`() throws {
        do {
            let vault = try ContactVault.create(at: path)
            _ = try vault.prepare(3)
        }
        let vault = try ContactVault(path: path)
        let damage = EventLogError.damagedKeys(path: path, slot: 1)
        #expect(throws: damage) {
            try vault.keepSlots(2) { _ throws(EventLogError) in throw damage }
        }
        #expect(try bytes().count == 192)
    }

    @Test func `a slot that was torn while being written is cut off`() throws {
        try keep(1...2, in: ContactVault.create(at: path))
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 100)
        try file.close()
        let vault = try ContactVault(path: path)
        #expect(vault.count == 1)
        try vault.keepSlots(1) { _ in [] }
        #expect(try bytes().count == 64)
    }

    @Test func `fewer slots than the log names is damage`() throws {
        let vault = try ContactVault.create(at: path)
        try keep(1...2, in: vault)
        #expect(throws: EventLogError.damagedKeys(path: path, slot: 2)) {
            try vault.keepSlots(3) { _ in [] }
        }
    }

    @Test(.rules("R4.2")) func `erasing persons overwrites all their keys and no others`() throws {
        let vault = try ContactVault.create(at: path)
        let keys = try vault.prepare(12)
        try vault.assign((1...9).map { (person($0), keys[$0 - 1]) })
        let erasure = try vault.erase([identity(1), identity(77)])
        #expect(erasure.erased == 3)
        #expect(erasure.damagedSlots.isEmpty)
        for number in 1...9 {
            let expected: ContactVault.Content =
                number % 3 == 1 ? .erased : .wrappingKey(keys[number - 1])
            #expect(try vault.read(UInt64(number - 1)) == expected)
        }
        let bytes = try Data(contentsOf: URL(filePath: path))
        for (index, key) in keys.enumerated() {
            let isThere = key.words.span.bytes.withUnsafeBytes { bytes.range(of: Data($0)) } != nil
            #expect(isThere == (index > 8 || (index + 1) % 3 != 1))
        }
        #expect(try vault.erase([identity(1)]).erased == 0)
        #expect(vault.count == 9)
    }

    @Test func `erasing crosses the blocks the file is read in`() throws {
        let vault = try ContactVault.create(at: path)
        let count: UInt64 = 16_384 * 2 + 5
        let keys = try vault.prepare(Int(count))
        try vault.assign(keys.enumerated().map { (identity(UInt64($0)), $1) })
        let chosen: [UInt64] = [0, 16_383, 16_384, 32_767, 32_768, count - 1]
        #expect(try vault.erase(Set(chosen.map(identity))).erased == chosen.count)
        for slot in chosen { #expect(try vault.read(slot) == .erased) }
        for slot in [1, 16_382, 16_385, count - 2] {
            #expect(try vault.read(slot) == .wrappingKey(keys[Int(slot)]))
        }
    }

    @Test func `every flipped bit of a slot is found`() throws {
        let vault = try ContactVault.create(at: path)
        try keep(1...2, in: vault)
        let sound = try bytes()
        for bit in 0..<512 {
            var flipped = sound
            flipped[64 + bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(ContactSlot.decode(flipped.span.bytes.extracting(64...)) == nil)
        }
    }

    @Test func `a damaged slot is reported, and erased all the same when it is the person's`()
        throws
    {
        let sealed = try keep(1...4, in: ContactVault.create(at: path))
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        for slot in [1, 2] {
            try file.seek(toOffset: UInt64(slot * 64 + 60))
            try file.write(contentsOf: Data([0xff]))
        }
        try file.close()
        let vault = try ContactVault(path: path)
        #expect(throws: EventLogError.damagedKeys(path: path, slot: 1)) {
            try vault.open(sealed[1], in: 1)
        }
        var asked: [Range<UInt64>] = []
        let owners: ContactVault.Owners = { slots in
            asked.append(slots)
            return slots.map { identity($0 + 1) }
        }
        try vault.checkOwners(owners)
        let erasure = try vault.erase([identity(2)], owners: owners)
        #expect(asked == [1..<3, 1..<3])
        #expect(erasure.erased == 1)
        #expect(erasure.damagedSlots == [2])
        #expect(try vault.open(sealed[1], in: 1) == nil)
        #expect(throws: EventLogError.damagedKeys(path: path, slot: 2)) {
            try vault.open(sealed[2], in: 2)
        }
        #expect(throws: EventLogError.sealBroken) {
            try vault.checkOwners { _ throws(EventLogError) in throw .sealBroken }
        }
    }

    @Test func `a backup holds every key and its owner's permissions`() throws {
        let vault = try ContactVault.create(at: path)
        let sealed = try keep(1...7, in: vault)
        _ = try vault.prepare(5)
        let copy = directory.path("copy")
        try vault.backup(to: copy, slots: 6)
        let backup = try ContactVault(path: copy)
        #expect(backup.count == 6)
        #expect(try Data(contentsOf: URL(filePath: copy)).count == 6 * 64)
        #expect(try backup.open(sealed[5], in: 5) == contact(6))
        let mode = try FileManager.default.attributesOfItem(atPath: copy)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(throws: EventLogError.damagedKeys(path: path, slot: 7)) {
            try vault.backup(to: directory.path("other"), slots: 8)
        }
    }

    @Test func `a backup of a file that was cut off meanwhile ends`() throws {
        let vault = try ContactVault.create(at: path)
        try keep(1...7, in: vault)
        #expect(truncate(path, 3 * 64) == 0)
        #expect(throws: EventLogError.damagedKeys(path: path, slot: 3)) {
            try vault.backup(to: directory.path("copy"), slots: 6)
        }
    }

    @Test func `a market's keys are its own while it is open`() throws {
        _ = try ContactVault.create(at: path)
        do {
            let vault = try ContactVault(path: path)
            #expect(throws: EventLogError.keysInUse(path: path)) { try ContactVault(path: path) }
            #expect(try ContactVault(readingOnly: path).count == vault.count)
        }
        #expect(try ContactVault(path: path).isEmpty)
    }

    /// A disk whose writes failed may not have what the file shows: only what is written anew is sure.
    @Test func `a start writes the last slots again, and erases again who is erased`() throws {
        let count = UInt64(4 * ContactVault.preparedAtOnce + 1)
        let vault = try ContactVault.create(at: path)
        try keep(1...Int(count), in: vault)
        try vault.erase([person(1)])
        let before = try bytes()
        let past = Date(timeIntervalSince1970: 1_000_000)
        func isWritten(_ body: () throws -> Void) throws -> Bool {
            try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: path)
            try body()
            let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
            return date as? Date != past
        }
        #expect(try isWritten { try vault.keepSlots(count) { _ in [] } })
        var erased = -1
        #expect(try isWritten { erased = try vault.erase([person(1)]).erased })
        #expect(erased == 0)
        #expect(try !isWritten { try vault.erase([identity(99)]) })
        #expect(try bytes() == before)
    }

    @Test func `a reader on another thread sees what was kept`() async throws {
        let vault = try ContactVault.create(at: path)
        let sealed = try keep(1...1, in: vault)[0]
        let opened = try await Task.detached { try vault.open(sealed, in: 0) }.value
        #expect(opened == contact(1))
    }
}

extension ContactVault {
    /// Erases where no slot is damaged.
    @discardableResult
    fileprivate func erase(_ identities: Set<Identity>) throws(EventLogError) -> Erasure {
        try erase(identities) { slots throws(EventLogError) in
            throw .damagedKeys(path: path, slot: Int(slots.lowerBound))
        }
    }
}
