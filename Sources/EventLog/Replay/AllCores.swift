internal import Dispatch
internal import Synchronization

/// Work that is divided among all cores, while somebody waits for it.
public enum AllCores {
    /// Does `count` pieces of work that do not depend on one another, and comes back when all are done.
    public static func work(_ count: Int, _ piece: @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: count, execute: piece)
    }

    /// What `count` pieces of such work come to, in their order.
    public static func map<Value: Sendable>(
        _ count: Int, _ piece: @Sendable (Int) -> Value
    ) -> [Value] {
        let values = Mutex([Value?](repeating: nil, count: count))
        work(count) { number in
            let value = piece(number)
            values.withLock { $0[number] = value }
        }
        return values.withLock { $0 }.map { value in
            guard let value else { preconditionFailure("every piece of work is done") }
            return value
        }
    }
}
