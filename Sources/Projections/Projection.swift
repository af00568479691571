internal import LMDB
internal import MarketCore

/// A read model: what it keeps follows from the log alone, so it can be deleted and comes back.
///
/// Events are noted in log order, each *before* the follower's market evolves by it, so that an
/// event's lead, order and assignment can still be looked up there. Noting is cheap and touches no
/// disk: what was noted gathers in memory, as of ``ViewChanges``, until it is written as a whole.
protocol Projection: Sendable {
    /// The table it is kept in.
    static var tableName: String { get }

    /// Takes in one event.
    ///
    /// - Parameter assignment: the one that the event names by its id, if it does.
    /// - Complexity: O(1), amortised, for the events of a lead that is sold at once.
    mutating func note(
        _ recorded: RecordedEvent, of assignment: Assignment?, before market: Market)

    /// Writes what was noted, in key order.
    func write(to table: Table, in transaction: inout Transaction) throws(ViewError)
}

/// Why a view cannot be read or written.
public enum ViewError: Error, Hashable, Sendable {
    /// The store refused.
    case storage(String)
    /// The disk is full: nothing was written, and the same may be written once there is room.
    case diskFull(String)
    /// A row is malformed: delete `views/` and start again, it is rebuilt from the log.
    case damagedRow
}

extension ViewError {
    /// Takes an error of the store, or one that is a view's already, as a view's.
    init(_ error: any Error) {
        let isFull = (error as? LMDBError)?.foundDiskFull() == true
        let problem = String(describing: error)
        self = (error as? ViewError) ?? (isFull ? .diskFull(problem) : .storage(problem))
    }
}

/// Runs `body`, turning the store's errors into ``ViewError``.
func translating<Value: ~Copyable>(
    _ body: () throws(LMDBError) -> Value
) throws(ViewError) -> Value {
    do {
        return try body()
    } catch {
        throw ViewError(error)
    }
}
