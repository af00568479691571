internal import Synchronization

/// Carries one value from the thread that made it to the one that will own it.
final class Handover<Value>: Sendable {
    private let value: Mutex<Value?>

    init(_ value: sending Value) {
        self.value = Mutex(value)
    }

    /// Takes the value, once.
    func take() -> sending Value {
        let taken = value.withLock { value -> sending Value? in
            let taken = value
            value = nil
            return taken
        }
        guard let taken else { preconditionFailure("a value is taken once") }
        return taken
    }
}
