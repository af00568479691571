import Foundation
import MarketCore
import MarketTestSupport
import Testing

@testable import EventLog

@Suite struct ContactAuditTests {
    let made: SyntheticMarket
    /// Whose the slots are, by the log, and where that names them.
    let slots: [(identity: Identity, position: LogPosition)]

    init() throws {
        made = try SyntheticMarket(seed: 51, steps: 240)
        var pinged: [LogPosition: Identity] = [:]
        var slots: [(Identity, LogPosition)] = []
        for recorded in made.events {
            switch recorded.event {
            case .leadPinged(let ping): pinged[recorded.position] = ping.identity
            case .leadAccepted(let lead) where lead.contactSlot != nil:
                slots.append((lead.identity, recorded.position))
            case .leadPosted(let post) where post.contactSlot != nil:
                slots.append((try #require(pinged[post.lead.position]), recorded.position))
            default: continue
            }
        }
        self.slots = slots
    }

    private var contacts: String { made.data.keysPath + "/contacts" }

    private var erased: Set<Identity> { Set(made.market.people.erased) }

    private func audit(requiresKeys: Bool = false) throws -> AuditReport {
        var options = Audit.Options()
        options.keysDirectory = made.data.keysPath
        options.requiresKeys = requiresKeys
        return try Audit(of: made.data.openLog(), options: options).run()
    }

    /// Changes the bytes of a slot.
    private func change(_ slot: Int, _ body: (inout [UInt8]) -> Void) throws {
        let file = try FileHandle(forUpdating: URL(filePath: contacts))
        try file.seek(toOffset: UInt64(slot * ContactSlot.byteCount))
        var bytes = [UInt8](try #require(try file.read(upToCount: ContactSlot.byteCount)))
        body(&bytes)
        try file.seek(toOffset: UInt64(slot * ContactSlot.byteCount))
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    /// A sound slot.
    private func slot(
        _ state: ContactSlot.State, _ identity: Identity, _ key: ContactKey
    ) -> [UInt8] {
        var writer = WireWriter()
        ContactSlot.encode(state, identity, key.words.span.bytes, to: &writer)
        return writer.copyBytes()
    }

    @Test(.rules("R4.2")) func `every contact of a sound market opens`() throws {
        let report = try audit(requiresKeys: true)
        #expect(report.isSound, "\(report.findings)")
        #expect(slots.count > 50)
        guard case .checked(let opened, let erased) = report.contacts else {
            Issue.record("nothing was checked")
            return
        }
        #expect(opened + erased == slots.count)
        #expect(erased > 0 && erased == slots.count { self.erased.contains($0.identity) })
    }

    @Test(.rules("R4.2"))
    func `a key of who was erased that is still there is found`() throws {
        let known = erased
        let dead = slots.indices.filter { slot in
            !known.contains(slots[slot].identity)
                && slots.count { $0.identity == slots[slot].identity } == 1
        }.prefix(4)
        try #require(dead.count == 4)
        // Erased without their keys being overwritten.
        var market = made
        for slot in dead { market.run(.erasePerson(slots[slot].identity)) }
        try market.append(Array(market.transactions[made.transactions.count...]))
        var erasures: [Identity: LogPosition] = [:]
        for recorded in market.events {
            guard case .personErased(let identity) = recorded.event else { continue }
            erasures[identity] = recorded.position
        }
        // Not on disk as somebody's when the power went; damaged since; overwritten, and damaged.
        try change(dead[1]) { bytes in
            let key = ContactSlot.key(bytes.span.bytes)
            bytes = self.slot(.spare, Identity(high: 0, low: 0), key)
        }
        try change(dead[2]) { $0[60] = 1 }
        try change(dead[3]) { bytes in
            let zero = ContactKey([UInt8](repeating: 0, count: ContactKey.byteCount))
            bytes = self.slot(.erased, slots[dead[3]].identity, zero)
            bytes[60] = 1
        }
        let report = try audit()
        let expected = dead.prefix(3).map { slot in
            let what =
                slot == dead[2] ? "is damaged, and may hold a key of" : "holds a key of"
            return AuditFinding(
                kind: .erasure, position: erasures[slots[slot].identity] ?? .start,
                message: "slot \(slot) of the key file \(what) the person erased here")
        }
        #expect(report.findings == expected)
        #expect(report.firstDamagedPosition == nil)
        let said = try Program.run("verify", made.data.path)
        #expect(said.status == 1)
        #expect(said.output.contains("erasure at position"))
        #expect(said.output.contains("The log is sound, and its keys are NOT."))
        let json = try Program.run("verify", made.data.path, "--json")
        #expect(json.status == 1 && json.output.contains(#""kind":"erasure""#))
        // The daemon's start makes up for it.
        try made.vault.erase(Set(market.market.people.erased)) { range in
            range.map { slots[Int($0)].identity }
        }
        #expect(try audit().isSound)
    }

    @Test func `a slot that does not serve its contact is found, unless the person was erased`()
        throws
    {
        let dead = try #require(slots.firstIndex { erased.contains($0.identity) })
        let living = slots.indices.filter { !erased.contains(slots[$0].identity) }
        let other = ContactKey([UInt8](repeating: 7, count: ContactKey.byteCount))
        for slot in [dead, living[3]] { try change(slot) { $0[60] = 1 } }
        try change(living[5]) { $0 = self.slot(.wrapping, Identity(high: 1, low: 2), other) }
        try change(living[7]) { $0 = self.slot(.wrapping, slots[living[7]].identity, other) }
        // That is what a loss of power may leave, and the next start mends.
        try change(living[9]) { bytes in
            let key = ContactSlot.key(bytes.span.bytes)
            bytes = self.slot(.spare, Identity(high: 0, low: 0), key)
        }
        let report = try audit()
        #expect(report.findings.map(\.kind) == [.contact, .contact, .contact])
        #expect(report.findings.map(\.position) == [3, 5, 7].map { slots[living[$0]].position })
        let problems = ["is damaged", "is somebody else's", "does not open the contact"]
        for (finding, (number, problem)) in zip(report.findings, zip([3, 5, 7], problems)) {
            #expect(finding.message == "slot \(living[number]) of the key file \(problem)")
        }
        #expect(report.firstDamagedPosition == nil)
        let overwritten = slots.count - living.count - 1
        #expect(report.contacts == .checked(opened: living.count - 3, erased: overwritten))
    }

    @Test(arguments: [0, 1 << 60, UInt64.max])
    func `a forged slot is found, and nothing is read for it`(forged: UInt64) throws {
        let log = try made.data.openLog()
        var options = Audit.Options()
        options.keysDirectory = made.data.keysPath
        let contacts = AuditContacts(log, options)
        let posts = Set(made.events.filter { $0.event.type == .leadPosted }.map(\.position))
        let place = try #require(
            slots.dropFirst(5).first {
                !erased.contains($0.identity) && !posts.contains($0.position)
            }
        ).position
        for var recorded in made.events {
            if recorded.position == place, case .leadAccepted(var lead) = recorded.event {
                lead.contactSlot = forged
                recorded.event = .leadAccepted(lead)
            }
            contacts.note(recorded)
        }
        var findings = AuditFindings(limit: 10)
        contacts.outcome().tell(&findings)
        #expect(findings.findings.map(\.position) == [place])
        let message = try #require(findings.findings.first?.message)
        #expect(
            forged == 0
                ? message == "slot 0 of the key file is not the next one"
                : message.contains("ends before slot \(forged):"))
    }

    @Test func `keys that were cut off are found`() throws {
        let kept = slots.count / 2
        #expect(truncate(contacts, kept * ContactSlot.byteCount + 8) == 0)
        let report = try audit()
        #expect(report.findings.count == 1)
        #expect(report.findings.first?.position == slots[kept].position)
        #expect(
            report.findings.first?.message.contains("before slot \(kept)") == true
                && report.findings.first?.message.contains("\(slots.count - kept - 1) later")
                    == true
        )
    }

    @Test func `a key file or secret that is missing or of another market is found`() throws {
        let secret = made.data.keysPath + "/secret"
        try FileManager.default.moveItem(atPath: secret, toPath: secret + ".away")
        #expect(try audit().findings.first?.message.contains("secret is missing") == true)
        _ = try MarketSecret.create(at: secret)
        let wrong = try audit()
        #expect(wrong.findings.count == 1)
        #expect(wrong.findings.first?.message.contains("is not the secret") == true)
        #expect(chmod(secret + ".away", 0o600) == 0 && rename(secret + ".away", secret) == 0)
        #expect(try audit().isSound)
        try FileManager.default.removeItem(atPath: contacts)
        let report = try audit()
        #expect(report.findings.map(\.kind) == [.contact])
        #expect(report.findings.first?.message.contains("contacts is missing") == true)
        #expect(report.contacts == .unchecked(reason: "the key file cannot be read"))
    }

    @Test func `a log that comes alone is verified, and it is said that contacts were not`() throws
    {
        let keys = made.data.keysPath
        try FileManager.default.moveItem(atPath: keys, toPath: keys + ".away")
        let report = try audit()
        #expect(report.isSound)
        #expect(report.contacts == .unchecked(reason: "there is no \(keys)"))
        // The key file, and the secret.
        #expect(try audit(requiresKeys: true).findings.map(\.kind) == [.contact, .contact])
        let said = try Program.run("verify", made.data.path)
        #expect(said.status == 0)
        #expect(said.output.contains("contacts   NOT checked: there is no \(keys)\n"))
        let missing = try Program.run("verify", made.data.path, "--keys", keys)
        #expect(missing.status == 1)
        #expect(missing.output.contains("The log is sound, and its keys are NOT."))
        let elsewhere = try Program.run(
            "verify", made.data.path, "--keys", keys + ".away", "--json")
        #expect(elsewhere.status == 0)
        let count = slots.count { erased.contains($0.identity) }
        #expect(
            elsewhere.output.contains(
                "\"contacts\":{\"opened\":\(slots.count - count),\"erased\":\(count)}"))
    }

    @Test func `the program shows no contact and no key`() throws {
        try change(0) { $0[60] = 1 }
        for form in [[], ["--json"]] {
            let outcome =
                form.isEmpty
                ? try Program.run("verify", made.data.path)
                : try Program.run("verify", made.data.path, form[0])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("slot 0 of the key file is damaged"))
            #expect(!outcome.output.contains("Marked Person"))
        }
    }
}
