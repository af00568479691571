internal import LMDB
internal import MarketCore

extension EventLog {
    /// Appends the records of `batch` in one commit; when it returns they are on disk.
    ///
    /// - Throws: ``EventLogError/notNext(expected:given:)`` when the batch does not continue the
    ///   log, and then nothing was written. After any other error whether the batch is on disk is
    ///   unknown: do not retry, end the process and recover from the log.
    /// - Precondition: the batch holds whole transactions.
    public func append(_ batch: borrowing RecordBatch) throws(EventLogError) {
        precondition(batch.endsWhole, "a batch holds whole transactions")
        if environment.isReadOnly { throw .readOnly(path: path) }
        if batch.isEmpty { return }
        let head = try appendRecords(of: batch)
        if let head { throw .notNext(expected: head.next, given: batch.firstPosition) }
    }

    /// Returns the head when the batch does not continue it, else `nil`, and has committed.
    private func appendRecords(
        of batch: borrowing RecordBatch
    ) throws(EventLogError) -> LogPosition? {
        do {
            var transaction = try environment.beginWrite()
            let head = try Self.lastKey(of: events, in: transaction)
            guard batch.firstPosition == head.next else { return head }
            for index in 0..<batch.count {
                try transaction.append(
                    batch.record(at: index),
                    for: batch.firstPosition.rawValue + UInt64(index), in: events)
            }
            try transaction.commit()
            return nil
        } catch {
            throw EventLogError(error)
        }
    }
}
