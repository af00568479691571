import Foundation
import MarketCore

/// Sees each step of rebuilding a past state, and holds it up while closed.
///
/// The state is only touched under the condition's lock, which makes sharing it safe.
final class StepGate: @unchecked Sendable {
    private let condition = NSCondition()
    private var positions: [LogPosition] = []
    private var isClosed = false
    private var isReached = false

    /// Called by the thread that rebuilds.
    func pass(_ position: LogPosition) {
        condition.withLock {
            positions.append(position)
            isReached = isClosed
            condition.broadcast()
            while isClosed { condition.wait() }
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            isReached = false
        }
    }

    func open() {
        condition.withLock {
            isClosed = false
            condition.broadcast()
        }
    }

    /// Waits until somebody stands before the closed gate, and blocks no thread meanwhile: whoever
    /// is to get there may need it.
    func reached() async {
        while !condition.withLock({ isReached }) { try? await Task.sleep(for: .milliseconds(1)) }
    }

    func forget() { condition.withLock { positions = [] } }

    /// The steps seen, by how far each was.
    var seen: [LogPosition] { condition.withLock { positions } }
}
