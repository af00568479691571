public import MarketCore

extension RecordBatch {
    /// Adds an event as the record of its position.
    ///
    /// - Parameter isLast: whether the event ends its transaction.
    /// - Precondition: the event stands at ``nextPosition``, and carries an input context exactly
    ///   when it is the first of its transaction.
    public mutating func append(_ recorded: RecordedEvent, isLast: Bool) {
        precondition(recorded.position == nextPosition, "an event goes to its own position")
        precondition(
            (recorded.input != nil) == (recorded.position == recorded.transaction),
            "the first event of a transaction, and no other, says who caused it")
        let type = EventType(recorded.event)
        append(
            eventType: type.rawValue, eventVersion: type.currentVersion, time: recorded.time,
            transaction: recorded.transaction, isLast: isLast
        ) { writer in
            EventCodec.encode(recorded.event, input: recorded.input, to: &writer)
        }
    }

    /// Adds the events of one transaction, in order.
    public mutating func append(transaction events: [RecordedEvent]) {
        for (index, event) in events.enumerated() {
            append(event, isLast: index == events.count - 1)
        }
    }
}

extension EventRecord {
    /// Returns the event of the record.
    public func event() throws(WireError) -> RecordedEvent {
        let (event, input) = try EventCodec.decode(
            type: header.eventType, version: header.eventVersion,
            payload: unsafe payload.span.bytes)
        guard (input != nil) == header.flags.contains(.first) else {
            throw .missing(field: EventCodec.inputField)
        }
        return RecordedEvent(
            position: position, transaction: header.transaction, time: header.time, input: input,
            event: event)
    }
}

extension EventLog {
    /// Reads events from `position` on: the records of one ``read(from:maximumRecords:maximumBytes:)``.
    /// Read on after the last one's position; empty when `position` is after the head.
    ///
    /// - Throws: also ``EventLogError/newerEvent(path:position:type:version:)`` for an event that
    ///   only a newer program knows.
    public func events(
        from position: LogPosition, maximumRecords: Int = 4_096, maximumBytes: Int = 1 << 20
    ) throws(EventLogError) -> [RecordedEvent] {
        let page = try read(
            from: position, maximumRecords: maximumRecords, maximumBytes: maximumBytes)
        var events: [RecordedEvent] = []
        events.reserveCapacity(page.count)
        for record in page { events.append(try event(of: record)) }
        return events
    }

    /// Returns the event at `position`.
    public func event(at position: LogPosition) throws(EventLogError) -> RecordedEvent {
        try event(of: try record(at: position))
    }

    /// Returns the event of a record of this log.
    public func event(of record: EventRecord) throws(EventLogError) -> RecordedEvent {
        do {
            return try record.event()
        } catch .unknownEvent(let type, let version) {
            throw .newerEvent(
                path: path, position: record.position, type: type, version: version)
        } catch {
            throw .damaged(path: path, position: record.position, damage: .payload(error))
        }
    }
}
