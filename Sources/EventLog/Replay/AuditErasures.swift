internal import MarketCore

/// Finds keys of erased persons that are still there, once the log was read to its end: their overwriting was
/// lost, and no market was started since, which overwrites them again (R4.2).
///
/// The key file is read anew for that, so that what a running market overwrote meanwhile is no finding.
struct AuditErasures: Sendable {
    /// Who was erased, and where the log says so.
    private var erased: [Identity: LogPosition] = [:]
    /// The slots that do not tell whose they are; the log does.
    private var silent: [(slot: UInt64, owner: Identity)] = []

    /// Whether somebody was erased.
    func contains(_ identity: Identity) -> Bool { erased[identity] != nil }

    /// Takes an erasure of the log.
    mutating func note(_ identity: Identity, at position: LogPosition) {
        erased[identity] = position
    }

    /// Takes a slot that does not tell whose it is: damaged, or as it was before it was somebody's.
    mutating func note(silent slot: UInt64, of owner: Identity) { silent.append((slot, owner)) }

    /// The keys that are still there, in the order of the erasures.
    ///
    /// - Parameter count: how many slots the log names.
    /// - Complexity: reads the key file once, where anybody was erased.
    func findings(
        in vault: ContactVault, slots count: UInt64
    ) throws(EventLogError) -> [AuditFinding] {
        if erased.isEmpty { return [] }
        var findings: [AuditFinding] = []
        var slots = Slots(vault)
        for slot in 0..<count {
            guard let bytes = try slots.bytes(of: slot) else { break }
            guard let position = erased[unsafe ContactSlot.identity(bytes.span.bytes)],
                let content = unsafe ContactSlot.decode(bytes.span.bytes),
                content.state != .erased
            else { continue }
            findings.append(finding("holds a key of", slot, position))
        }
        for (slot, owner) in silent {
            guard let position = erased[owner], let bytes = try slots.bytes(of: slot) else {
                continue
            }
            switch unsafe ContactSlot.decode(bytes.span.bytes)?.state {
            case .spare:
                findings.append(finding("holds a key of", slot, position))
            case nil where unsafe ContactSlot.hasKey(bytes.span.bytes):
                findings.append(finding("is damaged, and may hold a key of", slot, position))
            default:
                continue
            }
        }
        return findings.sorted { $0.position < $1.position }
    }

    private func finding(
        _ what: String, _ slot: UInt64, _ position: LogPosition
    ) -> AuditFinding {
        AuditFinding(
            kind: .erasure, position: position,
            message: "slot \(slot) of the key file \(what) the person erased here")
    }

    /// Slots of the key file, read a block at a time.
    private struct Slots {
        private static let blockSlots: UInt64 = 16_384

        private let vault: ContactVault
        private var (block, blockStart) = ([UInt8](), UInt64(0))

        init(_ vault: ContactVault) { self.vault = vault }

        /// The bytes of a slot; `nil` beyond the end of the file.
        mutating func bytes(of slot: UInt64) throws(EventLogError) -> ArraySlice<UInt8>? {
            if block.isEmpty || !(blockStart..<blockStart + Self.blockSlots).contains(slot) {
                blockStart = slot - slot % Self.blockSlots
                block = try vault.bytes(ofSlotsFrom: blockStart, count: Self.blockSlots)
            }
            let start = Int(slot - blockStart) * ContactSlot.byteCount
            guard start + ContactSlot.byteCount <= block.count else { return nil }
            return block[start..<start + ContactSlot.byteCount]
        }
    }
}
