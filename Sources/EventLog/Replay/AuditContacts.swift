internal import Glibc
internal import MarketCore

/// Checks, while a log is read, that its contacts can be opened: that each one's slot of the key file is there,
/// whole, the person's, and opens it. What is opened is dropped at once.
///
/// 1. Slots are named in turn, so that the key file is read in order, a block at a time.
/// 2. What is wrong with a slot counts only where the person is not erased by the end of the log.
/// 3. A slot that is erased is nothing wrong: in a backup the keys are younger than the log, and the person may
///    have been erased in between.
///
/// `@unchecked Sendable` is right because only the thread that reads the log touches it.
final class AuditContacts: @unchecked Sendable {
    /// What it comes to.
    struct Outcome: Sendable {
        let contacts: AuditReport.Contacts
        let findings: [AuditFinding]
    }

    /// Something wrong with a slot, unless its person is erased later.
    private struct Doubt {
        let position: LogPosition
        let slot: UInt64
        let identity: Identity?
        let problem: String
    }

    /// How many slots are read at once.
    private static let blockSlots: UInt64 = 16_384

    private let log: EventLog
    private let directory: String
    private var vault: ContactVault?
    private var cipher: ContactCipher?
    /// Why nothing is checked, where that is nothing wrong.
    private var reason: String?
    private var findings: [AuditFinding] = []
    private var doubts: [Doubt] = []
    private var erased: Set<Identity> = []
    private var (openedCount, erasedCount, missingCount) = (0, 0, 0)
    private var firstMissing: Doubt?
    private var (block, blockStart) = ([UInt8](), UInt64(0))

    /// Opens the keys that belong to `log`.
    init(_ log: EventLog, _ options: Audit.Options) {
        self.log = log
        directory = options.keysDirectory ?? ""
        guard options.keysDirectory != nil else {
            reason = "no keys were named"
            return
        }
        guard options.requiresKeys || FileSystem.exists(directory) else {
            reason = "there is no \(directory)"
            return
        }
        do throws(EventLogError) {
            vault = try ContactVault(readingOnly: directory + "/contacts")
            cipher = try ContactCipher(.open)
        } catch {
            if case .file(_, _, EACCES) = error, !options.requiresKeys {
                reason = "\(directory) may not be read"
            } else {
                note("\(error)", at: .start)
            }
        }
    }

    /// Takes the log's next event.
    func note(_ recorded: borrowing RecordedEvent) {
        guard reason == nil else { return }
        let position = recorded.position
        switch recorded.event {
        case .marketCreated(let foundation):
            checkSecret(foundation.secretFingerprint)
        case .leadAccepted(let lead):
            guard let slot = lead.contactSlot else { return }
            check(lead.contact, in: slot, of: lead.identity, at: position)
        case .leadPosted(let post):
            guard let slot = post.contactSlot else { return }
            check(post.contact, in: slot, of: identity(ofPing: post.lead), at: position)
        case .personErased(let identity):
            erased.insert(identity)
        default:
            return
        }
    }

    /// What there is to say after the last event.
    func outcome() -> Outcome {
        if let reason { return Outcome(contacts: .unchecked(reason: reason), findings: []) }
        if let firstMissing {
            note(
                "the key file ends before slot \(firstMissing.slot): the keys of this contact and of "
                    + "\(missingCount - 1) later ones are missing", at: firstMissing.position)
        }
        for doubt in doubts where doubt.identity.map(erased.contains) != true {
            note("slot \(doubt.slot) of the key file \(doubt.problem)", at: doubt.position)
        }
        findings.sort { $0.position < $1.position }
        guard vault != nil else {
            return Outcome(
                contacts: .unchecked(reason: "the key file cannot be read"), findings: findings)
        }
        return Outcome(
            contacts: .checked(opened: openedCount, erased: erasedCount), findings: findings)
    }

    private func note(_ message: String, at position: LogPosition) {
        findings.append(AuditFinding(kind: .contact, position: position, message: message))
    }

    private func checkSecret(_ fingerprint: Bytes16) {
        do throws(EventLogError) {
            _ = try MarketSecret(path: directory + "/secret", fingerprint: fingerprint)
        } catch {
            note("\(error)", at: .start)
        }
    }

    /// Whose a pinged lead is; `nil` where the ping cannot be read, which is found elsewhere.
    private func identity(ofPing lead: LeadID) -> Identity? {
        guard case .leadPinged(let ping)? = try? log.event(at: lead.position).event else {
            return nil
        }
        return ping.identity
    }

    private func check(
        _ contact: [UInt8], in slot: UInt64, of identity: Identity?, at position: LogPosition
    ) {
        guard vault != nil else { return }
        func doubt(_ problem: String) -> Doubt {
            Doubt(position: position, slot: slot, identity: identity, problem: problem)
        }
        do throws(EventLogError) {
            guard let start = try offsetInBlock(of: slot) else {
                missingCount += 1
                if firstMissing == nil { firstMissing = doubt("is missing") }
                return
            }
            let block = block
            let bytes = unsafe block.span.bytes.extracting(start..<start + ContactSlot.byteCount)
            guard let content = ContactSlot.decode(bytes) else {
                return doubts.append(doubt("is damaged"))
            }
            let isNamed = content.state == .wrapping || content.state == .key
            if content.state == .erased {
                erasedCount += 1
            } else if isNamed, let identity, content.identity != identity {
                doubts.append(doubt("is somebody else's"))
            } else if try opens(contact, with: ContactSlot.key(bytes), content.state) {
                openedCount += 1
            } else {
                doubts.append(doubt("does not open the contact"))
            }
        } catch {
            vault = nil
            note("\(error)", at: position)
        }
    }

    private func opens(
        _ contact: [UInt8], with slotKey: ContactKey, _ state: ContactSlot.State
    ) throws(EventLogError) -> Bool {
        if state == .key { return try cipher?.open(contact, with: slotKey) != nil }
        let length = contact.count - ContactKey.byteCount
        guard length >= 0 else { return false }
        let key = ContactKey(Array(contact[length...])).wrapped(by: slotKey)
        return try cipher?.open(Array(contact[..<length]), with: key) != nil
    }

    /// Where in the block a slot stands, after reading that if need be; `nil` beyond the end of the file.
    private func offsetInBlock(of slot: UInt64) throws(EventLogError) -> Int? {
        if !(blockStart..<blockStart + Self.blockSlots).contains(slot) || block.isEmpty {
            blockStart = slot - slot % Self.blockSlots
            block = try vault?.bytes(ofSlotsFrom: blockStart, count: Self.blockSlots) ?? []
        }
        let start = Int(slot - blockStart) * ContactSlot.byteCount
        return start + ContactSlot.byteCount <= block.count ? start : nil
    }
}
