internal import Dispatch

/// Work that is divided among all cores, while somebody waits for it.
public enum AllCores {
    /// Does `count` pieces of work that do not depend on one another, and comes back when all are done.
    public static func work(_ count: Int, _ piece: @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: count, execute: piece)
    }
}
