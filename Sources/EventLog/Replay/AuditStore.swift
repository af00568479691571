/// Values that come and go: the place of one that went is given to the next that comes.
struct AuditStore<Value: Sendable>: Sendable {
    private var values: [Value] = []
    private var free: [Int] = []

    /// The value at a place that is taken.
    subscript(place: Int) -> Value {
        _read { yield values[place] }
        _modify { yield &values[place] }
    }

    /// Adds a value; where it stands.
    ///
    /// - Complexity: O(1) amortised.
    mutating func add(_ value: Value) -> Int {
        if let place = free.popLast() {
            values[place] = value
            return place
        }
        values.append(value)
        return values.count - 1
    }

    /// Takes the value at a place that is taken.
    mutating func remove(at place: Int) -> Value {
        free.append(place)
        return values[place]
    }
}
