internal import EventLog
internal import Logging

/// Has keys ready whose slots are on disk, so that no commit waits for that.
///
/// While the writer uses up one lot, which is no smaller than a batch, a thread prepares the next.
final class SpareKeys: Sendable {
    private let prepare: @Sendable () throws(EventLogError) -> [ContactKey]
    private let worker: Worker<Void>
    /// The lot that is ready; `nil` where preparing it failed or nothing was taken yet.
    private let next: Monitor<[ContactKey]?>

    /// Starts the thread, which does nothing before keys are taken.
    ///
    /// - Parameter prepare: puts the slots of a lot on disk and returns their keys; called once at a time.
    init(
        logger: Logger,
        preparing prepare: @escaping @Sendable () throws(EventLogError) -> [ContactKey]
    ) {
        let next = Monitor<[ContactKey]?>(nil)
        self.prepare = prepare
        self.next = next
        worker = Worker("keys") { _ in
            do throws(EventLogError) {
                let lot = try prepare()
                next.withLock { $0 = lot }
            } catch {
                logger.error("keys cannot be prepared", metadata: ["problem": "\(error)"])
            }
        }
    }

    /// The keys of the next slots, in their order; waits for them where they are not ready. What could not be
    /// prepared, as on a full disk, is tried once more.
    ///
    /// - Throws: what preparing them fails with.
    func take() throws(EventLogError) -> [ContactKey] {
        worker.wait()
        let ready = next.withLock { $0.take() }
        let keys = if let ready { ready } else { try prepare() }
        worker.start(())
        return keys
    }

    /// Waits for what is under way, and ends the thread.
    func stop(until deadline: Instant) { worker.stop(until: deadline) }
}
