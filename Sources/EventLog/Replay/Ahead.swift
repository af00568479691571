internal import Dispatch
internal import Synchronization

/// Values that a thread of its own makes, in order, a few ahead of the one that takes them.
///
/// The thread ends with the last value, or when this goes.
final class Ahead<Value: Sendable>: Sendable {
    private let line: WaitingLine<Value>
    private let maker = DispatchGroup()

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - limit: how many values wait at the most, at least 1.
    ///   - state: what the values are made of.
    ///   - make: makes the next value, and `nil` after the last.
    init<State: Sendable>(
        by limit: Int, from state: State, make: @escaping @Sendable (inout State) -> Value?
    ) {
        let line = WaitingLine<Value>(limit: limit)
        self.line = line
        DispatchQueue(label: "ahead").async(group: maker) {
            var state = state
            while line.waitForRoom(), let value = make(&state) { line.append(value) }
            line.end()
        }
    }

    deinit {
        line.stop()
        maker.wait()
    }

    /// Takes the next value, waiting for it; `nil` after the last.
    func next() -> Value? { line.next() }
}

/// A few values on their way from one thread to another.
final class WaitingLine<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    private let isStopped = Atomic(false)
    /// Signalled for each value that there is room for.
    private let room = DispatchSemaphore(value: 0)
    /// Signalled for each value that waits, and after the last one.
    private let ready = DispatchSemaphore(value: 0)

    init(limit: Int) {
        // A semaphore that begins with room may not go while there is less.
        for _ in 0..<limit { room.signal() }
    }

    /// Waits until there is room for a value; false when no more are wanted.
    func waitForRoom() -> Bool {
        room.wait()
        return !isStopped.load(ordering: .acquiring)
    }

    /// Adds a value for which there is room.
    func append(_ value: Value) {
        values.withLock { $0.append(value) }
        ready.signal()
    }

    /// Takes out the next value once there is one; `nil` when no more come.
    func next() -> Value? {
        ready.wait()
        let value = values.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if value == nil { ready.signal() } else { room.signal() }
        return value
    }

    /// Says that no more values come.
    func end() { ready.signal() }

    /// Says that no more values are wanted.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        room.signal()
    }
}
