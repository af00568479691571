internal import EventLog
internal import MarketCore

/// The slots of the key file as the log's events name them: they are named in turn.
struct ContactSlots {
    /// How many events are read at once.
    private static let blockEvents: UInt64 = 16_384
    /// How many are, where one of a few is looked for.
    private static let probedEvents = 64

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

    /// Whose the slots of a range are.
    ///
    /// - Parameter path: the key file, for errors.
    /// - Throws: ``EventLogError/damagedKeys(path:slot:)`` for one that no event names.
    /// - Complexity: reads O(log events) times some events, and then those from the range's first slot to its
    ///   last; where long stretches name no slot, these besides.
    func owners(of slots: Range<UInt64>, path: String) throws(EventLogError) -> [Identity] {
        var owners: [Identity] = []
        var next = try start(of: slots.lowerBound)
        while owners.count < slots.count {
            let events = try log.events(from: next)
            for recorded in events where owners.count < slots.count {
                guard recorded.event.contactSlot == slots.lowerBound + UInt64(owners.count),
                    let owner = try owner(of: recorded.event)
                else { continue }
                owners.append(owner)
            }
            guard let last = events.last else {
                throw .damagedKeys(path: path, slot: Int(slots.lowerBound) + owners.count)
            }
            next = last.position.next
        }
        return owners
    }

    /// Whose contact came with an event.
    private func owner(of event: Event) throws(EventLogError) -> Identity? {
        switch event {
        case .leadAccepted(let lead):
            return lead.identity
        case .leadPosted(let post):
            guard case .leadPinged(let ping) = try log.event(at: post.lead.position).event else {
                return nil
            }
            return ping.identity
        default:
            return nil
        }
    }

    /// A position before which no event names `slot` or a later one, and after which few name earlier ones.
    private func start(of slot: UInt64) throws(EventLogError) -> LogPosition {
        var (low, high) = (LogPosition(1), try log.head())
        while low < high {
            let middle = LogPosition(low.rawValue + (high.rawValue - low.rawValue) / 2)
            if let first = try firstNamed(from: middle, before: high), first.slot < slot {
                low = first.position.next
            } else {
                high = middle
            }
        }
        return low
    }

    /// The first slot that an event of some names, if one does.
    private func firstNamed(
        from start: LogPosition, before end: LogPosition
    ) throws(EventLogError) -> (slot: UInt64, position: LogPosition)? {
        var next = start
        while next < end {
            let events = try log.events(from: next, maximumRecords: Self.probedEvents)
            for recorded in events {
                if let slot = recorded.event.contactSlot { return (slot, recorded.position) }
            }
            guard let last = events.last else { return nil }
            next = last.position.next
        }
        return nil
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
