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
/// Key: advisor, position.
struct AccountStatements: Projection {
    static let tableName = "statements"

    private var pending: [(advisor: AdvisorNumber, line: StatementLine)] = []

    mutating func note(_ recorded: RecordedEvent, before market: Market) {
        func add(
            _ advisor: AdvisorNumber, _ kind: StatementLine.Kind, _ amount: Money,
            _ available: Money, _ assignment: AssignmentID? = nil, _ reference: String = ""
        ) {
            pending.append(
                (
                    advisor,
                    StatementLine(
                        position: recorded.position, time: recorded.time, kind: kind,
                        amount: amount, available: available, assignment: assignment,
                        reference: reference)
                ))
        }
        switch recorded.event {
        case .deposited(let advisor, let amount, let reference):
            let available = market.ledger[.available(advisor)] + amount
            add(advisor, .deposit, amount, available, nil, reference)
        case .withdrawn(let advisor, let amount, let reference):
            let available = market.ledger[.available(advisor)] - amount
            add(advisor, .withdrawal, -amount, available, nil, reference)
        case .leadReleased(let release):
            guard let assignment = market.assignment(release.assignment) else { return }
            add(
                assignment.advisor, .charge, -assignment.charge,
                market.ledger[.available(assignment.advisor)], assignment.id)
        case .returnDecided(let id, let decision):
            guard decision.isApproved, let assignment = market.assignment(id) else { return }
            let available = market.ledger[.available(assignment.advisor)] + assignment.charge
            add(assignment.advisor, .refund, assignment.charge, available, id)
        default:
            break
        }
    }

    mutating func write(to table: Table, in transaction: inout Transaction) throws(ViewError) {
        pending.sort { ($0.advisor, $0.line.position) < ($1.advisor, $1.line.position) }
        for (advisor, line) in pending {
            var row = RowWriter()
            row.write(line.time.microseconds)
            row.write(line.kind.rawValue)
            row.write(line.amount.fen)
            row.write(line.available.fen)
            row.write(line.assignment?.rawValue ?? 0)
            row.write(line.reference)
            let key = Self.key(advisor, line.position)
            try translating { () throws(LMDBError) in
                try transaction.put(row, for: key, in: table)
            }
        }
        pending.removeAll(keepingCapacity: true)
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
    /// - Complexity: O(log rows + limit).
    public func statement(
        of advisor: AdvisorNumber, from start: LogPosition = .start, limit: Int
    ) throws(ViewError) -> [StatementLine] {
        var lines: [StatementLine] = []
        guard limit > 0 else { return lines }
        try scan(tables.statements, from: AccountStatements.key(advisor, start).bytes) {
            key, row throws(ViewError) in
            var keyReader = RowReader(key)
            guard try keyReader.read(UInt32.self) == advisor.rawValue else { return false }
            let position = LogPosition(try keyReader.read(UInt64.self))
            var reader = RowReader(row)
            let time = Timestamp(microseconds: try reader.read())
            guard let kind = StatementLine.Kind(rawValue: try reader.read()) else {
                throw .damagedRow
            }
            let amount = Money(fen: try reader.read())
            let available = Money(fen: try reader.read())
            let assignment: UInt64 = try reader.read()
            lines.append(
                StatementLine(
                    position: position, time: time, kind: kind, amount: amount,
                    available: available,
                    assignment: assignment == 0 ? nil : AssignmentID(assignment),
                    reference: try reader.rest()))
            return lines.count < limit
        }
        return lines
    }
}
