internal import EventLog
internal import MarketCore

/// The slots of the key file as the log's events name them, looked for from its end: they are named in turn.
struct ContactSlots {
    /// How many events are read at once.
    private static let blockEvents: UInt64 = 16_384

    let log: EventLog

    /// How many slots the events up to `position` name.
    ///
    /// - Parameter isWanted: asked before each block of events; when it is not, looking ends.
    /// - Throws: also ``EventLogError/givenUp(path:)``.
    /// - Complexity: O(events since the last slot was named).
    func count(
        through position: LogPosition, while isWanted: () -> Bool = { true }
    ) throws(EventLogError) -> UInt64 {
        var end = position.next
        while true {
            guard isWanted() else { throw .givenUp(path: log.path) }
            let events = try events(before: end)
            for recorded in events.reversed() {
                if let slot = recorded.event.contactSlot { return slot + 1 }
            }
            guard let first = events.first else { return 0 }
            end = first.position
        }
    }

    /// Whose the slots of a range are that ends with the last one that the log names.
    ///
    /// - Parameters:
    ///   - market: after the log's last event.
    ///   - path: the key file, for errors.
    /// - Throws: ``EventLogError/damagedKeys(path:slot:)`` for one that no event names.
    /// - Complexity: O(events since the range's first slot was named).
    func owners(
        of slots: Range<UInt64>, in market: Market, path: String
    ) throws(EventLogError) -> [Identity] {
        var owners: [Identity?] = Array(repeating: nil, count: slots.count)
        var end = market.head.next
        while let missing = owners.lastIndex(of: nil) {
            let events = try events(before: end)
            guard let first = events.first else {
                throw .damagedKeys(path: path, slot: Int(slots.lowerBound) + missing)
            }
            for recorded in events {
                guard let slot = recorded.event.contactSlot, slots.contains(slot) else { continue }
                owners[Int(slot - slots.lowerBound)] = market.contactOwner(of: recorded.event)
            }
            end = first.position
        }
        return owners.compactMap(\.self)
    }

    /// The events right before a position; none before the first.
    private func events(before end: LogPosition) throws(EventLogError) -> [RecordedEvent] {
        let length = min(end.rawValue - 1, Self.blockEvents)
        var events: [RecordedEvent] = []
        var next = LogPosition(end.rawValue - length)
        while next < end {
            let page = try log.events(
                from: next, maximumRecords: Int(end.rawValue - next.rawValue))
            guard let last = page.last else { break }
            events += page
            next = last.position.next
        }
        return events
    }
}

extension Event {
    /// The slot of the key file that it names.
    fileprivate var contactSlot: UInt64? {
        switch self {
        case .leadAccepted(let lead): lead.contactSlot
        case .leadPosted(let post): post.contactSlot
        default: nil
        }
    }
}
