internal import LMDB
public import MarketCore

/// All read models of one data directory, in the LMDB environment `views/`.
///
/// One thread, the follower's, notes and commits; any thread reads, in short transactions. Readers
/// see what was committed: everything up to ``position``.
public final class Views {
    /// Raised when any projection's rows change; views of another format are emptied and rebuilt.
    static let format: UInt64 = 2

    /// What readers use, on any thread.
    public let reader: ViewReader
    private let environment: Environment
    private let tables: ViewTables
    private var noted: LogPosition
    private var streams = StreamIndex()
    private var leads = LeadSummaries()
    private var counts = LeadCounts()
    private var calls = ConnectionRates()
    private var statements = AccountStatements()
    private var delays = ReleaseDelays()
    private var returns = ReturnCounts()

    /// Opens or creates the views in `directory`.
    ///
    /// - Throws: ``ViewError`` when the directory cannot be used.
    public init(directory: String, mapSizeBytes: Int = 64 << 30) throws(ViewError) {
        let environment = try translating { () throws(LMDBError) in
            try Environment(
                path: directory,
                options: EnvironmentOptions(mapSizeBytes: mapSizeBytes, createsDirectory: true))
        }
        let tables = try translating { () throws(LMDBError) in try ViewTables(environment) }
        self.environment = environment
        self.tables = tables
        reader = ViewReader(environment: environment, tables: tables)
        noted = .start
        if try storedNumber("format") != Self.format { try reset() }
        noted = try reader.position()
    }

    /// The last event that was noted, committed or not.
    public var position: LogPosition { noted }

    /// Forgets everything, so that the views are rebuilt from the first event.
    public func reset() throws(ViewError) {
        do {
            var transaction = try environment.beginWrite()
            for table in tables.all { try transaction.deleteAll(in: table) }
            try transaction.put(number: Self.format, for: "format", in: tables.checkpoint)
            try transaction.commit()
        } catch {
            throw ViewError(error)
        }
        noted = .start
    }

    /// Takes in the event after ``position``, before `market` evolves by it.
    public func note(_ recorded: RecordedEvent, before market: Market) {
        precondition(recorded.position == noted.next, "events are noted in log order")
        noted = recorded.position
        streams.note(recorded, before: market)
        leads.note(recorded, before: market)
        counts.note(recorded, before: market)
        calls.note(recorded, before: market)
        statements.note(recorded, before: market)
        delays.note(recorded, before: market)
        returns.note(recorded, before: market)
    }

    /// Makes everything noted readable, in one transaction with the checkpoint.
    ///
    /// - Throws: ``ViewError``; then the follower has to stop, for what was noted is lost.
    public func commit() throws(ViewError) {
        do {
            var transaction = try environment.beginWrite()
            try streams.write(to: tables.streams, in: &transaction)
            try leads.write(to: tables.leads, in: &transaction)
            try counts.write(to: tables.counts, in: &transaction)
            try calls.write(to: tables.calls, in: &transaction)
            try statements.write(to: tables.statements, in: &transaction)
            try delays.write(to: tables.delays, in: &transaction)
            try returns.write(to: tables.returns, in: &transaction)
            try transaction.put(number: noted.rawValue, for: "position", in: tables.checkpoint)
            try transaction.commit()
        } catch {
            throw ViewError(error)
        }
    }

    private func storedNumber(_ name: String) throws(ViewError) -> UInt64? {
        try reader.number(name)
    }
}

/// The tables of the views, each named once.
struct ViewTables: Sendable {
    let checkpoint: Table
    let streams: Table
    let leads: Table
    let counts: Table
    let calls: Table
    let statements: Table
    let delays: Table
    let returns: Table

    init(_ environment: Environment) throws(LMDBError) {
        checkpoint = try environment.openTable("checkpoint", keys: .bytes, create: true)
        streams = try environment.openTable(StreamIndex.tableName, keys: .bytes, create: true)
        leads = try environment.openTable(LeadSummaries.tableName, keys: .bytes, create: true)
        counts = try environment.openTable(LeadCounts.tableName, keys: .bytes, create: true)
        calls = try environment.openTable(ConnectionRates.tableName, keys: .bytes, create: true)
        statements = try environment.openTable(
            AccountStatements.tableName, keys: .bytes, create: true)
        delays = try environment.openTable(ReleaseDelays.tableName, keys: .bytes, create: true)
        returns = try environment.openTable(ReturnCounts.tableName, keys: .bytes, create: true)
    }

    var all: [Table] {
        [checkpoint, streams, leads, counts, calls, statements, delays, returns]
    }
}

/// Reads the views on any thread; every call is one short transaction.
public struct ViewReader: Sendable {
    let environment: Environment
    let tables: ViewTables

    /// The position up to which the views show the log.
    public func position() throws(ViewError) -> LogPosition {
        LogPosition(try number("position") ?? 0)
    }

    func number(_ name: String) throws(ViewError) -> UInt64? {
        let transaction = try translating { () throws(LMDBError) in try environment.beginRead() }
        do {
            guard let row = try transaction.value(for: Array(name.utf8), in: tables.checkpoint)
            else { return nil }
            var reader = RowReader(row)
            return try reader.read()
        } catch {
            throw ViewError(error)
        }
    }

    /// Visits the rows of `table` from `start` on, in key order or against it, until `visit` says
    /// false. Against it, rows under `start` are visited.
    func scan(
        _ table: Table, from start: [UInt8], backwards: Bool = false,
        _ visit: (_ key: RawSpan, _ value: RawSpan) throws(ViewError) -> Bool
    ) throws(ViewError) {
        do {
            let transaction = try environment.beginRead()
            var cursor = try transaction.cursor(on: table)
            var found = try cursor.move(toOrAfter: start)
            if backwards { found = found ? try cursor.moveToPrevious() : try cursor.moveToLast() }
            while found {
                guard try visit(cursor.key, cursor.value) else { return }
                found = backwards ? try cursor.moveToPrevious() : try cursor.moveToNext()
            }
        } catch {
            throw ViewError(error)
        }
    }
}

extension Transaction {
    mutating func put(number: UInt64, for name: String, in table: Table) throws(LMDBError) {
        var row = RowWriter()
        row.write(number)
        unsafe try put(row.bytes.span.bytes, for: Array(name.utf8), in: table)
    }

    mutating func put(_ row: RowWriter, for key: RowWriter, in table: Table) throws(LMDBError) {
        unsafe try put(row.bytes.span.bytes, for: key.bytes, in: table)
    }
}
