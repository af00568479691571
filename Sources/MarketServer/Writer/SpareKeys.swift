internal import EventLog
internal import Logging

/// Has keys ready whose slots are on disk, so that no commit waits for that.
///
/// While the writer uses up one lot, which is no smaller than a batch, a thread prepares the next.
final class SpareKeys: Sendable {
    private typealias Lot = Result<[ContactKey], EventLogError>

    private let prepare: @Sendable () throws(EventLogError) -> [ContactKey]
    private let worker: Worker<Void>
    private let next: Monitor<Lot?>

    /// Starts the thread, which does nothing before keys are taken.
    ///
    /// - Parameter prepare: puts the slots of a lot on disk and returns their keys; called once at a time.
    init(
        logger: Logger,
        preparing prepare: @escaping @Sendable () throws(EventLogError) -> [ContactKey]
    ) {
        let next = Monitor<Lot?>(nil)
        self.prepare = prepare
        self.next = next
        worker = Worker("keys") { _ in
            let lot = Lot(catching: prepare)
            if case .failure(let error) = lot {
                logger.error("keys cannot be prepared", metadata: ["problem": "\(error)"])
            }
            next.withLock { $0 = lot }
        }
    }

    /// The keys of the next slots, in their order; waits for them where they are not ready. What could not be
    /// written, as on a full disk, is tried once more.
    ///
    /// - Throws: what preparing them fails with, or failed with where it was the sync: what was given to the
    ///   disk before may be lost then, and nothing is to be built on it.
    func take() throws(EventLogError) -> [ContactKey] {
        worker.wait()
        let keys: [ContactKey]
        switch next.withLock({ $0.take() }) {
        case .success(let ready)?:
            keys = ready
        case .failure(let error)? where !error.isOfWrite:
            throw error
        case .failure?, nil:
            keys = try prepare()
        }
        worker.start(())
        return keys
    }

    /// Waits for what is under way, and ends the thread.
    func stop(until deadline: Instant) { worker.stop(until: deadline) }
}

extension EventLogError {
    fileprivate var isOfWrite: Bool {
        if case .file(call: "pwrite", path: _, code: _) = self { true } else { false }
    }
}
