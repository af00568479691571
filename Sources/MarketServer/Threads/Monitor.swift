internal import Glibc

/// A value that several threads share, and a way to wait until it is as one of them needs it.
///
/// The state is only touched under the mutex, which makes sharing it safe.
@safe
final class Monitor<State>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    init(_ state: State) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        // A wall clock that is set must not lengthen a wait.
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Looks at or changes the state.
    func withLock<Result>(_ body: (inout State) -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Changes the state, and wakes who waits for it when `body` returns `true`.
    func change(_ body: (inout State) -> Bool) {
        unsafe pthread_mutex_lock(mutex)
        let isChanged = body(&state)
        unsafe pthread_mutex_unlock(mutex)
        if isChanged { unsafe pthread_cond_broadcast(condition) }
    }

    /// Wakes who waits for the state, which ``withLock(_:)`` has changed.
    func wake() {
        unsafe pthread_cond_broadcast(condition)
    }

    /// Waits until `body` returns a value, and returns it; `nil` when `deadline` comes first.
    ///
    /// `body` is asked at once, and again after each change.
    func wait<Result>(until deadline: Instant?, _ body: (inout State) -> Result?) -> Result? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            guard let deadline else {
                unsafe pthread_cond_wait(condition, mutex)
                continue
            }
            var time = deadline.timespec
            if unsafe pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT {
                return body(&state)
            }
        }
    }
}
