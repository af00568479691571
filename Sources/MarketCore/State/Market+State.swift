extension Market {
    /// The number of the form that ``encodeState()`` writes; raised with every change of it.
    public static let stateFormat: UInt64 = 2

    /// The canonical form of the whole logical state, whatever the layout of indexes in memory: two
    /// markets with the same bytes behave alike for ever. Its SHA-256 is the market's digest, and
    /// snapshots hold it.
    ///
    /// - Complexity: O(state log state).
    public func encodeState() -> [UInt8] {
        var state: [UInt8] = []
        encodeState { piece in
            unsafe piece.withUnsafeBytes { unsafe state.append(contentsOf: $0) }
        }
        return state
    }

    /// Hands the same bytes to `take` in pieces of about a mebibyte, each lent for the call.
    ///
    /// - Returns: Places from where stretches of it can be read at once.
    /// - Throws: what `take` throws; then it is not called again.
    @discardableResult
    public func encodeState<Failure: Error>(
        _ take: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> [StateMark] {
        try encodeState(stretch: Self.markedStretch, take)
    }

    /// How many leads or assignments are read as one piece of work: some milliseconds' worth. An audit
    /// compares the marks of a snapshot, so that another number needs another format of these.
    private static let markedStretch = 1 << 15

    /// The same with `stretch` leads or assignments between two marks; what is not a multiple of a chunk's
    /// is not read again by its marks.
    func encodeState<Failure: Error>(
        stretch: Int, _ take: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> [StateMark] {
        let pieceBytes = 1 << 20
        var marks: [StateMark] = []
        var writer = StateWriter()
        writer.write(Self.stateFormat)
        writer.write(head)
        writer.write(time)
        writer.write(suppliedTime)
        writer.write(rulesInForce)
        writer.write(foundation) { $0.write($1) }
        writer.write(schema.attributes) { $0.write($1) }
        writer.write(settings)
        writer.write(categories) { writer, category in
            writer.write(category.name)
            writer.write(category.versions) { $0.write($1) }
        }
        writer.write(zip(channels, ledger.channelPayable).map(\.self)) { writer, pair in
            writer.write(pair.0)
            writer.write(pair.1)
        }
        writer.write(zip(payees, ledger.payeePayable).map(\.self)) { writer, pair in
            writer.write(pair.0.name)
            writer.write(pair.0.title)
            writer.write(pair.1)
        }
        writer.write(advisors.indices) { writer, index in
            writer.write(advisors[index])
            writer.write(ledger.available[index])
            writer.write(ledger.held[index])
        }
        writer.write(ledger.cash)
        writer.write(ledger.revenue)
        writer.write(orders.count)
        for order in orders {
            writer.write(order)
            try writer.handOver(from: pieceBytes, take)
        }
        let openSlots = openLeads.slotsInOrder
        writer.write(openSlots.count)
        for (place, slot) in openSlots.enumerated() {
            if place % stretch == 0 {
                marks.append(
                    StateMark(list: .openLeads, entriesBefore: place, offset: writer.offset))
            }
            writer.write(openLeads[slot])
            try writer.handOver(from: pieceBytes, take)
        }
        writer.write(assignments.count)
        for place in assignments.indices {
            if place % stretch == 0 {
                marks.append(
                    StateMark(list: .assignments, entriesBefore: place, offset: writer.offset))
            }
            writer.write(assignments[place])
            try writer.handOver(from: pieceBytes, take)
        }
        writer.write(people.count)
        var persons = 0
        for part in 0..<People.partCount {
            let slots = people.slotsInOrder(ofPart: part)
            if !slots.isEmpty {
                marks.append(
                    StateMark(list: .persons, entriesBefore: persons, offset: writer.offset))
            }
            persons += slots.count
            write(slots, to: &writer)
            try writer.handOver(from: pieceBytes, take)
        }
        let entries = idempotency.entries
        writer.write(entries.count)
        for entry in entries {
            writer.write(entry.mark.key)
            writer.write(entry.mark.content)
            writer.write(entry.transaction)
            writer.write(entry.time)
            try writer.handOver(from: pieceBytes, take)
        }
        writer.write(contactCount)
        try writer.handOver(from: 0, take)
        return marks
    }

    /// Rebuilds a market out of what ``encodeState()`` wrote.
    ///
    /// - Parameter decides: as in ``init(decides:)``.
    /// - Throws: ``StateError``; it never traps on bytes whose digest was checked, and on others
    ///   only where they are well-formed but contradict themselves.
    public init(state: [UInt8], decides: Bool = true) throws(StateError) {
        try unsafe self.init(state: state.span.bytes, decides: decides)
    }

    /// The same, of bytes that stand anywhere.
    ///
    /// - Parameters:
    ///   - marks: what ``encodeState(_:)`` returned; without it there is nothing to do at once.
    ///   - work: does pieces of the work, one after the other or at once.
    /// - Throws: ``StateError``, also for marks that are not this state's.
    /// - Complexity: O(state log state).
    public init(
        state: RawSpan, marks: [StateMark] = [], decides: Bool = true,
        work: @escaping Work = { count, piece in for number in 0..<count { piece(number) } }
    ) throws(StateError) {
        self = try unsafe state.withUnsafeBytes { bytes throws(StateError) in
            var reader = unsafe StateReader(bytes)
            return try Market(&reader, marks: marks, decides: decides, work: work)
        }
    }

    /// The same market for one that only follows, as `init(decides:)` with false makes it.
    ///
    /// - Complexity: O(1); the two share what neither has changed since.
    public func following() -> Market {
        var market = self
        market.decides = false
        market.book = OrderIndex()
        market.waitingIndex = nil
        return market
    }

    private init(
        _ reader: inout StateReader, marks: [StateMark], decides: Bool, work: @escaping Work
    ) throws(StateError) {
        self.init(decides: decides)
        guard try reader.uint64() == Self.stateFormat else { throw .unknownFormat }
        head = try reader.position()
        time = try reader.timestamp()
        suppliedTime = try reader.timestamp()
        rulesInForce = try reader.int()
        foundation = try reader.optional { reader throws(StateError) in try reader.foundation() }
        for attribute in try reader.array({ reader throws(StateError) in try reader.attribute() }) {
            guard schema.check(attribute) == nil else { throw .invalidValue }
            schema.define(attribute)
        }
        settings = try reader.settings()
        categories = try reader.array { reader throws(StateError) in
            let category = Category(
                name: try reader.name(),
                versions: try reader.array { reader throws(StateError) in
                    try reader.categoryDefinition()
                })
            guard let category else { throw .invalidValue }
            return category
        }
        try readParties(&reader)
        ledger.cash = try reader.money()
        ledger.revenue = try reader.money()
        for _ in 0..<(try reader.count()) { orders.append(try reader.order()) }
        try readOpenLeads(&reader, marks: marks, work: work)
        let reserved = try readAssignments(&reader, marks: marks, work: work)
        try readPeople(&reader, marks: marks, work: work)
        let entries = try reader.array { reader throws(StateError) in
            (
                mark: IdempotencyMark(key: try reader.bytes16(), content: try reader.bytes16()),
                transaction: try reader.position(), time: try reader.timestamp()
            )
        }
        for entry in entries {
            idempotency.note(entry.mark, transaction: entry.transaction, time: entry.time)
        }
        contactCount = try reader.uint64()
        guard reader.isAtEnd else { throw .trailingBytes }
        rebuildIndexes(reserved: reserved)
    }

    private mutating func readOpenLeads(
        _ reader: inout StateReader, marks: [StateMark], work: @escaping Work
    ) throws(StateError) {
        let count = try reader.count()
        let runs = try reader.stretches(
            .openLeads, count: count, marks: marks, unit: ChunkedArray<Lead>.chunkLength, work: work
        ) { reader, count throws(StateError) in
            var leads: [Lead] = []
            for _ in 0..<count { leads.append(try reader.lead()) }
            return leads
        }
        var newest = LeadID(.start)
        for lead in runs.joined() {
            guard lead.id > newest else { throw .invalidValue }
            newest = lead.id
            _ = openLeads.open(lead)
        }
    }

    private mutating func readParties(_ reader: inout StateReader) throws(StateError) {
        channels = try reader.array { reader throws(StateError) in
            try reader.channel()
        } payable: { payable in
            ledger.channelPayable.append(payable)
        }
        payees = try reader.array { reader throws(StateError) in
            Payee(name: try reader.name(), title: try reader.string())
        } payable: { payable in
            ledger.payeePayable.append(payable)
        }
        for _ in 0..<(try reader.int()) {
            advisors.append(try reader.advisor())
            ledger.available.append(try reader.money())
            ledger.held.append(try reader.money())
        }
    }
}

extension StateReader {
    /// Reads a list of parties, each followed by what it is owed.
    fileprivate mutating func array<Value>(
        _ read: (inout StateReader) throws(StateError) -> Value, payable: (Money) -> Void
    ) throws(StateError) -> [Value] {
        var values: [Value] = []
        for _ in 0..<max(0, try int()) {
            values.append(try read(&self))
            payable(try money())
        }
        return values
    }
}
