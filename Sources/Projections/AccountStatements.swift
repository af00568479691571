internal import LMDB
public import MarketCore

/// One line of an advisor's account statement (R13.1).
public struct StatementLine: Hashable, Sendable {
    /// What moved the balance.
    public enum Kind: UInt8, Hashable, Sendable {
        /// Money received.
        case deposit = 1
        /// Money paid back.
        case withdrawal = 2
        /// A lead sold: its charge, which a reservation may have held some time before.
        case charge = 3
        /// A sale taken back: its charge, returned (R10.3).
        case refund = 4
    }

    /// The event it comes from.
    public var position: LogPosition
    /// When that was.
    public var time: Timestamp
    /// What moved the balance.
    public var kind: Kind
    /// What the advisor has more by; negative for less.
    public var amount: Money
    /// The available balance after it.
    public var available: Money
    /// The assignment charged for, or taken back.
    public var assignment: AssignmentID?
    /// The reference of a deposit or withdrawal; empty otherwise.
    public var reference: String
}

/// What moved each advisor's money, with the balance after each line.
///
/// Key: advisor, position of the first line in the row. Row: successive lines of the advisor, each
/// with position, time, kind, amount, balance, assignment (0 for none) and reference.
struct AccountStatements: Projection {
    static let tableName = "statements"
    /// The bytes of a row after which the next line begins another: LMDB gives larger ones whole
    /// pages.
    private static let rowBytes = 1_800

    /// A line, and where the advisor's next one is.
    private struct Entry: Sendable {
        let position: LogPosition
        let time: Timestamp
        let amount: Money
        let available: Money
        let assignment: AssignmentID?
        var next: UInt32 = .max
        /// Where in ``references`` its reference is; `.max` for none.
        let reference: UInt32
        let kind: StatementLine.Kind
    }

    private var entries: [Entry] = []
    private var references: [String] = []
    /// The first and the last entry of each advisor, by number; `.max` for none.
    private var ends: [(first: UInt32, last: UInt32)] = []

    mutating func note(
        _ recorded: RecordedEvent, of assignment: Assignment?, before market: Market
    ) {
        switch recorded.event {
        case .deposited(let advisor, let amount, let reference):
            add(recorded, to: advisor, .deposit, amount, market, nil, reference)
        case .withdrawn(let advisor, let amount, let reference):
            add(recorded, to: advisor, .withdrawal, -amount, market, nil, reference)
        case .leadReleased:
            guard let assignment else { return }
            add(recorded, to: assignment.advisor, .charge, -assignment.charge, market, assignment)
        case .returnDecided(_, let decision):
            guard decision.isApproved, let assignment else { return }
            add(recorded, to: assignment.advisor, .refund, assignment.charge, market, assignment)
        default:
            break
        }
    }

    private mutating func add(
        _ recorded: RecordedEvent, to advisor: AdvisorNumber, _ kind: StatementLine.Kind,
        _ amount: Money, _ market: Market, _ assignment: Assignment?, _ reference: String = ""
    ) {
        // A charge was held already, so that it leaves what is available as it was.
        var available = market.ledger.available[advisor.index]
        if kind != .charge { available += amount }
        var place = UInt32.max
        if !reference.isEmpty {
            place = UInt32(references.count)
            references.append(reference)
        }
        let number = UInt32(entries.count)
        entries.append(
            Entry(
                position: recorded.position, time: recorded.time, amount: amount,
                available: available, assignment: assignment?.id, reference: place, kind: kind))
        while ends.count <= advisor.index { ends.append((.max, .max)) }
        let last = ends[advisor.index].last
        if last == .max {
            ends[advisor.index].first = number
        } else {
            entries[Int(last)].next = number
        }
        ends[advisor.index].last = number
    }

    private func line(_ number: UInt32) -> StatementLine {
        let entry = entries[Int(number)]
        return StatementLine(
            position: entry.position, time: entry.time, kind: entry.kind, amount: entry.amount,
            available: entry.available, assignment: entry.assignment,
            reference: entry.reference == .max ? "" : references[Int(entry.reference)])
    }

    /// Visits the lines of an advisor, oldest first, until `visit` says false.
    func visit(_ advisor: AdvisorNumber, _ visit: (StatementLine) -> Bool) {
        var next = advisor.index < ends.count ? ends[advisor.index].first : .max
        while next != .max, visit(line(next)) { next = entries[Int(next)].next }
    }

    func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        var row = RowWriter()
        for index in ends.indices {
            var next = ends[index].first
            while next != .max {
                let key = Self.key(AdvisorNumber(index: index), entries[Int(next)].position)
                row.reset()
                while next != .max, row.bytes.count < Self.rowBytes {
                    Self.write(line(next), to: &row)
                    next = entries[Int(next)].next
                }
                try translating { () throws(LMDBError) in
                    try transaction.put(row, for: key, in: table)
                }
            }
        }
    }

    private static func write(_ line: StatementLine, to row: inout RowWriter) {
        row.write(line.position.rawValue)
        row.write(line.time.microseconds)
        row.write(line.kind.rawValue)
        row.write(line.amount.fen)
        row.write(line.available.fen)
        row.write(line.assignment?.rawValue ?? 0)
        row.write(line.reference)
    }

    /// Reads the next line of a row.
    static func line(_ reader: inout RowReader) throws(ViewError) -> StatementLine {
        let position = LogPosition(try reader.read(UInt64.self))
        let time = Timestamp(microseconds: try reader.read())
        guard let kind = StatementLine.Kind(rawValue: try reader.read()) else {
            throw .damagedRow
        }
        let amount = Money(fen: try reader.read())
        let available = Money(fen: try reader.read())
        let assignment: UInt64 = try reader.read()
        return StatementLine(
            position: position, time: time, kind: kind, amount: amount, available: available,
            assignment: assignment == 0 ? nil : AssignmentID(assignment),
            reference: try reader.text())
    }

    static func key(_ advisor: AdvisorNumber, _ position: LogPosition) -> RowWriter {
        var key = RowWriter()
        key.write(advisor.rawValue)
        key.write(position.rawValue)
        return key
    }
}

extension ViewReader {
    /// The lines of an advisor's statement from `start` on, oldest first.
    ///
    /// - Complexity: O(log rows + limit), and O(lines of the advisor not on disk yet).
    public func statement(
        of advisor: AdvisorNumber, from start: LogPosition = .start, limit: Int
    ) throws(ViewError) -> [StatementLine] {
        var lines: [StatementLine] = []
        guard limit > 0 else { return lines }
        /// Takes a line in; whether there is room for more.
        func take(_ line: StatementLine) -> Bool {
            if line.position >= start { lines.append(line) }
            return lines.count < limit
        }
        try read { transaction, changes throws(ViewError) in
            let key = AccountStatements.key(advisor, start).bytes
            try scan(tables.statements, in: transaction, fromRowAt: key) {
                key, row throws(ViewError) in
                var keyReader = RowReader(key)
                let number = try keyReader.read(UInt32.self)
                if number != advisor.rawValue { return number < advisor.rawValue }
                var reader = RowReader(row)
                while !reader.isAtEnd {
                    guard take(try AccountStatements.line(&reader)) else { return false }
                }
                return true
            }
            for change in changes where lines.count < limit {
                change.statements.visit(advisor, take)
            }
        }
        return lines
    }
}
