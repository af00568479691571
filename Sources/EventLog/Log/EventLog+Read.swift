internal import LMDB
public import MarketCore

extension EventLog {
    /// Reads records from `position` on, in one short read transaction; read on from
    /// ``RecordPage/nextPosition``. Empty when `position` is after the head.
    ///
    /// - Parameters:
    ///   - maximumRecords: the most records to read, at least 1.
    ///   - maximumBytes: stop after the record that reaches this many bytes.
    /// - Throws: ``EventLogError/damaged(path:position:damage:)`` for the first record that is not
    ///   whole, missing, or does not follow the one before.
    public func read(
        from position: LogPosition, maximumRecords: Int = 4_096, maximumBytes: Int = 1 << 20
    ) throws(EventLogError) -> RecordPage {
        precondition(position > .start, "positions start at 1")
        precondition(maximumRecords >= 1, "read one record at least")
        var copy = RecordCopy()
        do {
            try copy.fill(
                from: position, maximumRecords: maximumRecords, maximumBytes: maximumBytes,
                environment: environment, table: events)
        } catch {
            guard error.isCorruption else { throw EventLogError(error) }
            throw .damaged(
                path: path, position: position.advanced(by: copy.ends.count),
                damage: .page(code: error.code))
        }
        let head = try checkedHead(copy.records, copy.head)
        return try page(of: copy, from: position, head: head)
    }

    /// Returns the record at `position`.
    public func record(at position: LogPosition) throws(EventLogError) -> EventRecord {
        let page = try read(from: position, maximumRecords: 1)
        guard let record = page.first else {
            throw .noRecord(position: position, head: page.head)
        }
        return record
    }

    /// Checks the copied records, after the read transaction has ended.
    private func page(
        of copy: RecordCopy, from position: LogPosition, head: LogPosition
    ) throws(EventLogError) -> RecordPage {
        var sequence = RecordSequence(from: position)
        var start = 0
        let bytes = unsafe copy.bytes.span.bytes
        for end in copy.ends {
            let expected = sequence.nextPosition
            do throws(RecordDamage) {
                let header = try RecordHeader.validated(bytes.extracting(start..<end), at: expected)
                try sequence.check(position: expected, header: header)
            } catch {
                throw damaged(expected, error)
            }
            start = end
        }
        if let other = copy.otherKey {
            throw damaged(sequence.nextPosition, .missing(found: other))
        }
        if copy.endedEarly, sequence.nextPosition <= head {
            throw damaged(sequence.nextPosition, .missing(found: nil))
        }
        return RecordPage(
            bytes: copy.bytes, ends: copy.ends, firstPosition: position, head: head)
    }

    private func damaged(_ position: LogPosition, _ damage: RecordDamage) -> EventLogError {
        if case .unknownFormat(let format) = damage {
            return .newerFormat(
                path: path, found: Int(format), known: Int(RecordHeader.currentFormat))
        }
        return .damaged(path: path, position: position, damage: damage)
    }
}

/// Records as they lie in the map, copied out before anything is believed about them.
private struct RecordCopy {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    var records = 0
    var head = LogPosition.start
    /// The key that was found where the next position's should be.
    var otherKey: LogPosition?
    /// Whether there was no next record before either limit was reached.
    var endedEarly = false

    mutating func fill(
        from position: LogPosition, maximumRecords: Int, maximumBytes: Int,
        environment: Environment,
        table: Table
    ) throws(LMDBError) {
        let transaction = try environment.beginRead()
        records = try transaction.count(of: table)
        head = try EventLog.lastKey(of: table, in: transaction)
        if head >= position {
            let room = Int(clamping: min(head.rawValue - position.rawValue, 4_095)) + 1
            ends.reserveCapacity(min(maximumRecords, room))
            bytes.reserveCapacity(min(maximumBytes, min(maximumRecords, room) * 160))
        }
        var cursor = try transaction.cursor(on: table)
        var isThere = try cursor.move(toOrAfter: position.rawValue)
        while isThere {
            let key = LogPosition(cursor.integerKey ?? 0)
            guard key == position.advanced(by: ends.count) else {
                otherKey = key
                return
            }
            copy(cursor.value)
            if ends.count >= maximumRecords || bytes.count >= maximumBytes { return }
            isThere = try cursor.moveToNext()
        }
        endedEarly = true
    }

    private mutating func copy(_ record: RawSpan) {
        unsafe record.withUnsafeBytes { record in
            unsafe bytes.append(contentsOf: record.assumingMemoryBound(to: UInt8.self))
        }
        ends.append(bytes.count)
    }
}
