/// A value in a box of its own: what holds it stays small, and a copy of that shares it.
final class Boxed<Value: Hashable & Sendable>: Hashable, Sendable, CustomStringConvertible {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }

    var description: String { "\(value)" }

    static func == (left: Boxed, right: Boxed) -> Bool {
        left === right || left.value == right.value
    }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
