internal import LMDB
public import MarketCore

/// Reads the views on any thread; every call is one short transaction.
public struct ViewReader: Sendable {
    let environment: Environment
    let tables: ViewTables
    /// What was noted and may not be on disk, oldest first.
    let changes: [ViewChanges]

    /// The position up to which the views show the log.
    public func position() throws(ViewError) -> LogPosition {
        try read { transaction, changes throws(ViewError) in
            if let last = changes.last { return last.end }
            return LogPosition(try Self.number("position", tables, transaction) ?? 0)
        }
    }

    /// Runs `body` with one view of the disk and the changes that it does not show.
    func read<Value>(
        _ body: (borrowing Transaction, [ViewChanges]) throws(ViewError) -> Value
    ) throws(ViewError) -> Value {
        let transaction = try translating { () throws(LMDBError) in try environment.beginRead() }
        let written = try Self.number("position", tables, transaction) ?? 0
        return try body(transaction, changes.filter { $0.end.rawValue > written })
    }

    func number(_ name: String) throws(ViewError) -> UInt64? {
        let transaction = try translating { () throws(LMDBError) in try environment.beginRead() }
        return try Self.number(name, tables, transaction)
    }

    private static func number(
        _ name: String, _ tables: ViewTables, _ transaction: borrowing Transaction
    ) throws(ViewError) -> UInt64? {
        do {
            guard let row = try transaction.value(for: Array(name.utf8), in: tables.checkpoint)
            else { return nil }
            var reader = RowReader(row)
            return try reader.read()
        } catch {
            throw ViewError(error)
        }
    }

    /// Visits the rows of `table` in key order until `visit` says false: those from the row of
    /// `start` on, or else from the last row before it.
    func scan(
        _ table: Table, in transaction: borrowing Transaction, fromRowAt start: [UInt8] = [],
        _ visit: (_ key: RawSpan, _ value: RawSpan) throws(ViewError) -> Bool
    ) throws(ViewError) {
        do {
            var cursor = try transaction.cursor(on: table)
            var found = try cursor.move(toOrAfter: start)
            if !start.isEmpty, !found || !Self.isEqual(cursor.key, start) {
                found = found ? try cursor.moveToPrevious() : try cursor.moveToLast()
                if !found { found = try cursor.moveToFirst() }
            }
            while found {
                guard try visit(cursor.key, cursor.value) else { return }
                found = try cursor.moveToNext()
            }
        } catch {
            throw ViewError(error)
        }
    }

    /// Visits the rows of `table` against key order until `visit` says false: those before `end`,
    /// or all.
    func scan(
        _ table: Table, in transaction: borrowing Transaction, before end: [UInt8]?,
        _ visit: (_ key: RawSpan, _ value: RawSpan) throws(ViewError) -> Bool
    ) throws(ViewError) {
        do {
            var cursor = try transaction.cursor(on: table)
            var found = false
            if let end { found = try cursor.move(toOrAfter: end) }
            found = found ? try cursor.moveToPrevious() : try cursor.moveToLast()
            while found {
                guard try visit(cursor.key, cursor.value) else { return }
                found = try cursor.moveToPrevious()
            }
        } catch {
            throw ViewError(error)
        }
    }

    private static func isEqual(_ key: RawSpan, _ bytes: [UInt8]) -> Bool {
        unsafe key.withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
    }
}
