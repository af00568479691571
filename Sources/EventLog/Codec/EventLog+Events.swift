public import MarketCore

extension RecordBatch {
    /// Adds an event as the record of its position.
    ///
    /// - Parameter isLast: whether the event ends its transaction.
    /// - Precondition: the event stands at ``nextPosition``, and carries an input context exactly
    ///   when it is the first of its transaction.
    @inline(__always)
    public mutating func append(_ recorded: borrowing RecordedEvent, isLast: Bool) {
        precondition(recorded.position == nextPosition, "an event goes to its own position")
        precondition(
            (recorded.input != nil) == (recorded.position == recorded.transaction),
            "the first event of a transaction, and no other, says who caused it")
        let type = recorded.event.type
        append(
            eventType: type.rawValue, eventVersion: type.currentVersion, time: recorded.time,
            transaction: recorded.transaction, isLast: isLast
        ) { writer in
            EventCodec.encode(recorded.event, input: recorded.input, to: &writer)
        }
    }

    /// Adds the events of one transaction, in order.
    public mutating func append(transaction events: [RecordedEvent]) {
        append(transaction: events[...])
    }

    /// Adds the events of one transaction, in order.
    public mutating func append(transaction events: ArraySlice<RecordedEvent>) {
        let events = events.span
        for index in events.indices {
            events.lend(index) { append($0, isLast: index == events.count - 1) }
        }
    }
}

extension EventRecord {
    /// Returns the event of the record.
    public func event() throws(WireError) -> RecordedEvent {
        try RecordedEvent(at: position, header, payload: unsafe payload.span.bytes)
    }
}

extension RecordedEvent {
    /// Decodes the event of a record that was found whole.
    init(
        at position: LogPosition, _ header: RecordHeader, payload: RawSpan
    ) throws(WireError) {
        let (event, input) = try EventCodec.decode(
            type: header.eventType, version: header.eventVersion, payload: payload)
        guard (input != nil) == header.flags.contains(.first) else {
            throw .missing(field: EventCodec.inputField)
        }
        self.init(
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
        for index in page.indices { events.append(try event(of: page, at: index)) }
        return events
    }

    /// Returns the event of the record at `index` of a page of this log: what is read event by
    /// event needs no array of them.
    ///
    /// - Throws: as ``events(from:maximumRecords:maximumBytes:)``.
    public func event(of page: RecordPage, at index: Int) throws(EventLogError) -> RecordedEvent {
        do {
            return try page.event(at: index)
        } catch {
            throw payloadError(error, page.firstPosition.advanced(by: index))
        }
    }

    private func payloadError(
        _ error: WireError, _ position: LogPosition
    ) -> EventLogError {
        if case .unknownEvent(let type, let version) = error {
            return .newerEvent(path: path, position: position, type: type, version: version)
        }
        return .damaged(path: path, position: position, damage: .payload(error))
    }

    /// Returns the event at `position`.
    public func event(at position: LogPosition) throws(EventLogError) -> RecordedEvent {
        try event(of: try record(at: position))
    }

    /// Returns the event of a record of this log.
    public func event(of record: EventRecord) throws(EventLogError) -> RecordedEvent {
        do {
            return try record.event()
        } catch {
            throw payloadError(error, record.position)
        }
    }
}
