internal import EventLog
internal import MarketCore

extension Market {
    /// Whose lead a post completed that was taken.
    func personPosted(by post: PostedLead) -> Identity {
        // The ping's reservation is next to it, and outlives the lead.
        guard let ping = assignment(AssignmentID(post.lead.position.next)) else {
            preconditionFailure("a posted lead was reserved")
        }
        return ping.identity
    }
}

/// Tells by the log whose the slots of the key file are.
struct ContactOwners {
    let log: EventLog
    /// The market after the log's last event.
    let market: Market
    /// The key file.
    let path: String

    /// Whose the slots of a range are that ends with the last one that the log names.
    ///
    /// - Throws: ``EventLogError/damagedKeys(path:slot:)`` for one that no event names.
    /// - Complexity: O(events since the range's first slot was named).
    func owners(of slots: Range<UInt64>) throws(EventLogError) -> [Identity] {
        var owners: [Identity?] = Array(repeating: nil, count: slots.count)
        var (end, length) = (market.head.next, UInt64(slots.count) * 4)
        while let missing = owners.lastIndex(of: nil) {
            let start = LogPosition(end.rawValue - min(end.rawValue - 1, length))
            guard start < end else {
                throw .damagedKeys(path: path, slot: Int(slots.lowerBound) + missing)
            }
            try visit(start..<end) { slot, owner in
                if slots.contains(slot) { owners[Int(slot - slots.lowerBound)] = owner }
            }
            (end, length) = (start, length * 2)
        }
        return owners.compactMap(\.self)
    }

    /// Hands the slots that the events of a range name, and whose they are, to `body`.
    private func visit(
        _ range: Range<LogPosition>, _ body: (UInt64, Identity) -> Void
    ) throws(EventLogError) {
        var next = range.lowerBound
        while next < range.upperBound {
            let events = try log.events(
                from: next, maximumRecords: Int(range.upperBound.rawValue - next.rawValue))
            guard let last = events.last else { return }
            for recorded in events {
                switch recorded.event {
                case .leadAccepted(let lead):
                    if let slot = lead.contactSlot { body(slot, lead.identity) }
                case .leadPosted(let post):
                    if let slot = post.contactSlot { body(slot, market.personPosted(by: post)) }
                default:
                    continue
                }
            }
            next = last.position.next
        }
    }
}
