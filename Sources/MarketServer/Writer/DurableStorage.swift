internal import EventLog
internal import MarketCore

/// The disk as the writer sees it. A second one in the tests fails on purpose.
///
/// But for the first of erasing, a call that throws leaves it unknown what is on disk: the writer ends the process then.
protocol DurableStorage: Sendable {
    /// The keys of the next slots of the key file, which are on disk and nobody's.
    func spareKeys() throws(EventLogError) -> [ContactKey]
    /// Writes whose the next slots are, with the keys that these have.
    func assignKeys(_ keys: [(identity: Identity, key: ContactKey)]) throws(EventLogError)
    /// Appends records in one commit; when it returns they are on disk.
    func append(_ batch: borrowing RecordBatch) throws(EventLogError)
    /// Makes sure that the keys of whoever is to be erased will all be found. It only reads: when it throws, the
    /// disk is as it was.
    func checkErasable() throws(EventLogError)
    /// Overwrites the contact keys of erased persons.
    func eraseKeys(of identities: Set<Identity>) throws(EventLogError)
    /// What is left of disk and map.
    func space() throws(EventLogError) -> LogSpace
    /// The events of the transaction that begins at `position`.
    func transaction(at position: LogPosition) throws(EventLogError) -> [RecordedEvent]
}
