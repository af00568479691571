internal import EventLog

/// Has keys ready whose slots are on disk, so that no commit waits for that.
///
/// While the writer uses up one lot, which is no smaller than a batch, a thread prepares the next.
final class SpareKeys: Sendable {
    private let worker: Worker<Void>
    private let next: Monitor<Result<[ContactKey], EventLogError>?>

    /// Starts the thread, which does nothing before keys are taken.
    init(of vault: ContactVault) {
        let next = Monitor<Result<[ContactKey], EventLogError>?>(nil)
        self.next = next
        worker = Worker("keys") { _ in
            let prepared = Result { () throws(EventLogError) in
                try vault.prepare(ContactVault.preparedAtOnce)
            }
            next.withLock { $0 = prepared }
        }
    }

    /// The keys of the next slots, in their order; waits for them where they are not ready.
    ///
    /// - Throws: what preparing them failed with.
    func take() throws(EventLogError) -> [ContactKey] {
        worker.wait()
        var prepared = next.withLock { $0.take() }
        if prepared == nil {
            worker.start(())
            worker.wait()
            prepared = next.withLock { $0.take() }
        }
        guard let prepared else { preconditionFailure("keys are prepared or not") }
        let keys = try prepared.get()
        worker.start(())
        return keys
    }

    /// Waits for what is under way, and ends the thread.
    func stop() { worker.stop() }
}
