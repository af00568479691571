internal import EventLog
internal import Logging
internal import MarketCore

/// The disk itself.
struct MarketFiles: DurableStorage {
    let log: EventLog
    let vault: ContactVault
    private let spare: SpareKeys
    let logger: Logger

    /// Takes files that are open; starts a thread, until ``stop(until:)``.
    init(log: EventLog, vault: ContactVault, logger: Logger) {
        self.log = log
        self.vault = vault
        spare = SpareKeys(logger: logger) { () throws(EventLogError) in
            try vault.prepare(ContactVault.preparedAtOnce)
        }
        self.logger = logger
    }

    /// Ends the thread, once the writer has ended.
    func stop(until deadline: Instant) { spare.stop(until: deadline) }

    func spareKeys() throws(EventLogError) -> [ContactKey] { try spare.take() }

    func assignKeys(_ keys: [(identity: Identity, key: ContactKey)]) throws(EventLogError) {
        try vault.assign(keys)
    }

    func append(_ batch: borrowing RecordBatch) throws(EventLogError) {
        try log.append(batch)
    }

    func checkErasable() throws(EventLogError) {
        do throws(EventLogError) {
            try vault.checkOwners(owners)
        } catch {
            logger.error("a person cannot be erased", metadata: ["problem": "\(error)"])
            throw error
        }
    }

    func eraseKeys(of identities: Set<Identity>) throws(EventLogError) {
        try vault.erase(identities, owners: owners).report(to: logger)
    }

    private func owners(of slots: Range<UInt64>) throws(EventLogError) -> [Identity] {
        try ContactSlots(log: log).owners(of: slots, path: vault.path)
    }

    /// Of the disks of the log and of the keys, the fuller one counts.
    func space() throws(EventLogError) -> LogSpace {
        var space = try log.space()
        space.freeDiskBytes = min(space.freeDiskBytes, try vault.freeDiskBytes())
        return space
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

extension ContactVault.Erasure {
    /// Says which slots are damaged, if any.
    func report(to logger: Logger) {
        guard let first = damagedSlots.first else { return }
        logger.error(
            "the key file is damaged; restore it from a backup",
            metadata: ["slots": "\(damagedSlots.count)", "first": "\(first)"])
    }
}
