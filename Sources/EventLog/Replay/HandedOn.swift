/// What one thread made and handed on to another through an ``Ahead``, kept until that one is done
/// with it.
///
/// Who lets go of a value last frees what it holds. Where that is the thread that allocated it, freeing
/// costs a fraction of what it costs elsewhere, and the thread that takes the values is spared it.
struct HandedOn<Value: Sendable>: Sendable {
    private let length: Int
    private var values: [Value] = []
    private var oldest = 0

    /// Keeps values of which at most `limit` wait: when one more is made, the one `limit` before it was
    /// taken, so all before that are done with.
    init(by limit: Int) { length = limit + 1 }

    /// Keeps a value that is handed on now, in the place of one that is done with.
    mutating func keep(_ value: Value) {
        if values.count < length { return values.append(value) }
        values[oldest] = value
        oldest = (oldest + 1) % length
    }
}
