internal import EventLog
internal import MarketCore

/// The disk itself.
struct MarketFiles: DurableStorage {
    let log: EventLog
    let vault: ContactVault

    func appendKeys(_ keys: [(identity: Identity, key: ContactKey)]) throws(EventLogError) {
        try vault.append(keys)
    }

    func append(_ batch: borrowing RecordBatch) throws(EventLogError) {
        try log.append(batch)
    }

    func eraseKeys(of identities: Set<Identity>) throws(EventLogError) {
        try vault.erase(identities)
    }

    func space() throws(EventLogError) -> LogSpace {
        try log.space()
    }

    func transaction(at position: LogPosition) throws(EventLogError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        var next = position
        while true {
            let page = try log.events(from: next, maximumRecords: 64)
            for recorded in page {
                guard recorded.transaction == position else { return events }
                events.append(recorded)
            }
            guard let last = page.last else { return events }
            next = last.position.next
        }
    }
}
