internal import Glibc
internal import MarketCore

/// Checks, while a log is read, that its contacts can be opened: that each one's slot of the key file is there,
/// whole, the person's, and opens it. What is opened is dropped at once.
///
/// 1. Slots are named in turn, so that the key file is read in order, a block at a time; one that is not is
///    not looked at.
/// 2. What is wrong with a slot counts only where the person is not erased by the end of the log; one that is
///    missing counts always.
/// 3. A slot that is erased is nothing wrong: in a backup the keys are younger than the log, and the person may
///    have been erased in between.
/// 4. At the end, no slot holds a key of who was erased (``AuditErasures``).
///
/// `@unchecked Sendable` is right because only the thread that reads the log touches it.
final class AuditContacts: @unchecked Sendable {
    /// What it comes to.
    struct Outcome: Sendable {
        let contacts: AuditReport.Contacts
        fileprivate var findings: [AuditFinding] = []
        fileprivate var doubts: [Doubt] = []
        fileprivate var erasures = AuditErasures()

        /// Adds what is wrong to `findings`, in the order of the log.
        ///
        /// - Complexity: O(slots that are not as they should be).
        func tell(_ findings: inout AuditFindings) {
            for finding in self.findings where finding.position == .start { findings.add(finding) }
            for doubt in doubts where doubt.identity.map(erasures.contains) != true {
                findings.add(
                    .contact, at: doubt.position,
                    "slot \(doubt.slot) of the key file \(doubt.problem.rawValue)")
            }
            for finding in self.findings where finding.position != .start { findings.add(finding) }
        }
    }

    /// Something wrong with a slot, unless its person is erased later.
    fileprivate struct Doubt {
        let position: LogPosition
        let slot: UInt64
        let identity: Identity?
        let problem: Problem
    }

    fileprivate enum Problem: String {
        case repeated = "is not the next one"
        case damaged = "is damaged"
        case foreign = "is somebody else's"
        case useless = "does not open the contact"
    }

    /// How many slots are read at once.
    private static let blockSlots: UInt64 = 16_384

    private let log: EventLog
    private let directory: String
    private var vault: ContactVault?
    private var cipher: ContactCipher?
    /// Why nothing is checked, where that is nothing wrong.
    private var reason: String?
    /// Why nothing is, or no more, where something is wrong.
    private var unusable = "the key file cannot be read"
    private var findings: [AuditFinding] = []
    private var doubts: [Doubt] = []
    private var erasures = AuditErasures()
    private var (openedCount, erasedCount, missingCount) = (0, 0, 0)
    /// The first slot that the key file does not have, and where the log names it.
    private var firstMissing: (slot: UInt64, position: LogPosition)?
    /// The slot after the last one that was named.
    private var nextSlot: UInt64 = 0
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
            erasures.note(identity, at: position)
        default:
            return
        }
    }

    /// What there is to say after the last event.
    ///
    /// - Complexity: reads the key file once more where anybody was erased.
    func outcome() -> Outcome {
        if let reason { return Outcome(contacts: .unchecked(reason: reason)) }
        if let vault {
            do throws(EventLogError) {
                findings += try erasures.findings(in: vault, slots: nextSlot)
            } catch {
                giveUp(error, at: .start)
            }
        }
        if let firstMissing {
            note(
                "the key file ends before slot \(firstMissing.slot): the keys of this contact and of "
                    + "\(missingCount - 1) later ones are missing", at: firstMissing.position)
        }
        let contacts: AuditReport.Contacts =
            vault == nil
            ? .unchecked(reason: unusable)
            : .checked(opened: openedCount, erased: erasedCount)
        return Outcome(
            contacts: contacts, findings: findings, doubts: doubts, erasures: erasures)
    }

    private func note(_ message: String, at position: LogPosition) {
        findings.append(AuditFinding(kind: .contact, position: position, message: message))
    }

    private func checkSecret(_ fingerprint: Bytes16) {
        do throws(EventLogError) {
            _ = try MarketSecret(path: directory + "/secret", fingerprint: fingerprint)
        } catch {
            note("\(error)", at: .start)
            guard case .wrongSecret = error else { return }
            // All else would be wrong for that reason.
            vault = nil
            unusable = "the keys are of another market"
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
        guard let count = vault?.count else { return }
        func doubt(_ problem: Problem) {
            doubts.append(
                Doubt(position: position, slot: slot, identity: identity, problem: problem))
        }
        guard slot >= nextSlot else { return doubt(.repeated) }
        func miss() {
            missingCount += 1
            if firstMissing == nil { firstMissing = (slot, position) }
        }
        guard slot < count else { return miss() }
        nextSlot = slot + 1
        do throws(EventLogError) {
            guard let start = try offsetInBlock(of: slot) else { return miss() }
            let block = block
            let bytes = unsafe block.span.bytes.extracting(start..<start + ContactSlot.byteCount)
            let content = ContactSlot.decode(bytes)
            if content == nil || content?.state == .spare, let identity {
                erasures.note(silent: slot, of: identity)
            }
            guard let content else { return doubt(.damaged) }
            let isNamed = content.state == .wrapping || content.state == .key
            if content.state == .erased {
                erasedCount += 1
            } else if isNamed, let identity, content.identity != identity {
                doubt(.foreign)
            } else if try opens(contact, with: ContactSlot.key(bytes), content.state) {
                openedCount += 1
            } else {
                doubt(.useless)
            }
        } catch {
            giveUp(error, at: position)
        }
    }

    /// Checks nothing more: the key file cannot be read.
    private func giveUp(_ error: EventLogError, at position: LogPosition) {
        vault = nil
        note("\(error)", at: position)
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
