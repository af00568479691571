@testable import EventLog
@testable import MarketCore
@testable import MarketServer

/// A storage around another one, which does what it does not do otherwise itself.
protocol StorageAround: DurableStorage {
    var disk: any DurableStorage { get }
}

extension StorageAround {
    func spareKeys() throws(EventLogError) -> [ContactKey] { try disk.spareKeys() }

    func assignKeys(_ keys: [(identity: Identity, key: ContactKey)]) throws(EventLogError) {
        try disk.assignKeys(keys)
    }

    func append(_ batch: borrowing RecordBatch) throws(EventLogError) { try disk.append(batch) }

    func checkErasable() throws(EventLogError) { try disk.checkErasable() }

    func eraseKeys(of identities: Set<Identity>) throws(EventLogError) {
        try disk.eraseKeys(of: identities)
    }

    func space() throws(EventLogError) -> LogSpace { try disk.space() }

    func transaction(at position: LogPosition) throws(EventLogError) -> [RecordedEvent] {
        try disk.transaction(at: position)
    }
}
