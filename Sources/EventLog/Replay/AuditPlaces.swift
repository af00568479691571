internal import MarketCore

/// Where the audit keeps what began with an event: open leads, assignments and orders are known by
/// the position of theirs.
///
/// Four bytes for each position of the log up to the latest that something began at.
struct AuditPlaces: Sendable {
    /// What is kept.
    enum Kind: UInt32 { case openLead, reserved, sale, order }

    /// By position: 0, or the kind in the high two bits and the place plus one below.
    private var entries: [UInt32] = []

    /// Where the one of a kind stands that began at `position`; `nil` when there is none.
    ///
    /// - Complexity: O(1).
    func place(_ kind: Kind, at position: LogPosition) -> Int? {
        guard let index = Int(exactly: position.rawValue), index < entries.count else { return nil }
        let entry = entries[index]
        guard entry != 0, entry >> 30 == kind.rawValue else { return nil }
        return Int(entry & Self.mask) - 1
    }

    /// Notes where the one stands that began at `position`, in the place of what was noted there.
    ///
    /// - Precondition: an event of the log has the position.
    /// - Complexity: O(1) amortised.
    mutating func put(_ kind: Kind, at position: LogPosition, place: Int) {
        precondition(place < Int(Self.mask), "a store holds at most 1,073,741,823 entries")
        let index = Int(position.rawValue)
        while entries.count <= index { entries.append(0) }
        entries[index] = kind.rawValue << 30 | UInt32(place + 1)
    }

    /// Forgets the one of a kind that began at `position`; where it stood, if there was one.
    mutating func remove(_ kind: Kind, at position: LogPosition) -> Int? {
        guard let place = place(kind, at: position) else { return nil }
        entries[Int(position.rawValue)] = 0
        return place
    }

    private static let mask: UInt32 = 1 << 30 - 1
}
