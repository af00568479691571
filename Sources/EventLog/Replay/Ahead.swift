internal import Glibc

/// Values that a thread of its own makes, in order, a few ahead of the one that takes them.
///
/// The thread ends with the last value, or when this goes.
@safe
final class Ahead<Value: Sendable> {
    private let line: WaitingLine<Value>
    private let thread: JoinedThread

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
        thread = JoinedThread {
            var state = state
            while let value = make(&state), line.append(value) {}
            line.end()
        }
    }

    deinit {
        line.stop()
        thread.join()
    }

    /// Takes the next value, waiting for it; `nil` after the last.
    func next() -> Value? { line.next() }
}

/// A thread that runs one closure, and is waited for once.
private struct JoinedThread {
    private let handle: pthread_t

    /// Starts it.
    init(_ body: @escaping @Sendable () -> Void) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        precondition(code == 0, "the machine has no room for a thread")
        self.handle = handle
    }

    /// Waits until it has ended.
    func join() { _ = pthread_join(handle, nil) }

    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}

/// A few values on their way from one thread to another.
///
/// The values are only touched under the mutex, which makes sharing them safe.
@safe
private final class WaitingLine<Value: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private let limit: Int
    private var values: [Value] = []
    /// No more values come.
    private var isEnded = false
    /// No more values are wanted.
    private var isStopped = false

    init(limit: Int) {
        self.limit = limit
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe changed = .allocate(capacity: 1)
        unsafe changed.initialize(to: pthread_cond_t())
        unsafe pthread_cond_init(changed, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Adds a value once there is room; false when no more are wanted.
    func append(_ value: Value) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while values.count >= limit, !isStopped { unsafe pthread_cond_wait(changed, mutex) }
        values.append(value)
        unsafe pthread_cond_broadcast(changed)
        return !isStopped
    }

    /// Takes out the next value once there is one; `nil` when no more come.
    func next() -> Value? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while values.isEmpty, !isEnded { unsafe pthread_cond_wait(changed, mutex) }
        if values.isEmpty { return nil }
        unsafe pthread_cond_broadcast(changed)
        return values.removeFirst()
    }

    func end() {
        unsafe pthread_mutex_lock(mutex)
        isEnded = true
        unsafe pthread_cond_broadcast(changed)
        unsafe pthread_mutex_unlock(mutex)
    }

    func stop() {
        unsafe pthread_mutex_lock(mutex)
        isStopped = true
        unsafe pthread_cond_broadcast(changed)
        unsafe pthread_mutex_unlock(mutex)
    }
}
