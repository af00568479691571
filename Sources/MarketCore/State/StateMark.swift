/// A place in a state from where it can be read without what stands before, so that several stretches
/// of it may be read at once.
public struct StateMark: Hashable, Sendable {
    /// The lists that are long enough to be marked; the numbers are for files.
    public enum List: UInt64, Sendable {
        case openLeads = 1
        case assignments = 2
        case persons = 3
    }

    /// The list it is in.
    public let list: List
    /// How many entries of the list stand before it.
    public let entriesBefore: Int
    /// Where the next entry begins, in bytes from the beginning of the state.
    public let offset: Int

    /// Marks a place.
    public init(list: List, entriesBefore: Int, offset: Int) {
        self.list = list
        self.entriesBefore = entriesBefore
        self.offset = offset
    }
}

extension Market {
    /// Does pieces of work that do not depend on one another, in any order or at once, and comes back
    /// when all of them are done.
    public typealias Work = (_ count: Int, _ piece: @Sendable (Int) -> Void) -> Void
}

extension StateReader {
    /// Reads a list of `count` entries by its stretches, which begin where `marks` tell; where they tell
    /// nothing of the list, as one.
    ///
    /// - Parameters:
    ///   - unit: how many entries a stretch has a multiple of, unless it is the last.
    ///   - read: reads so many entries.
    /// - Returns: What `read` made of the stretches, in their order.
    /// - Throws: ``StateError``, also where a mark is not at the end of the stretch before it.
    /// - Complexity: that of `read` for all entries; a stretch is lent no byte behind its end.
    mutating func stretches<Value: Sendable>(
        _ list: StateMark.List, count: Int, marks: [StateMark], unit: Int,
        work: @escaping Market.Work,
        _ read: @Sendable (inout StateReader, _ count: Int) throws(StateError) -> Value
    ) throws(StateError) -> [Value] {
        let starts = marks.filter { $0.list == list }
        if starts.isEmpty { return [try read(&self, count)] }
        guard starts[0].entriesBefore == 0, starts[0].offset == offset,
            starts.allSatisfy({ $0.entriesBefore.isMultiple(of: unit) }),
            zip(starts, starts.dropFirst()).allSatisfy({
                $0.entriesBefore < $1.entriesBefore && $0.offset < $1.offset
            }),
            starts[starts.count - 1].entriesBefore < count
        else { throw .invalidValue }
        let begin = self
        let results = PieceResults<Result<(value: Value, end: Int), StateError>>(starts.count)
        work(starts.count) { piece in
            let isLast = piece == starts.count - 1
            let next = isLast ? count : starts[piece + 1].entriesBefore
            let result: Result<(value: Value, end: Int), StateError>
            do throws(StateError) {
                var reader = try begin.reader(
                    from: starts[piece].offset, to: isLast ? nil : starts[piece + 1].offset)
                let value = try read(&reader, next - starts[piece].entriesBefore)
                result = .success((value, reader.offset))
            } catch {
                result = .failure(error)
            }
            results.set(result, at: piece)
        }
        var values: [Value] = []
        for piece in starts.indices {
            guard offset == starts[piece].offset else { throw .invalidValue }
            let (value, end) = try results.take(at: piece).get()
            values.append(value)
            self = try begin.reader(from: end, to: nil)
        }
        return values
    }
}

/// What pieces of work come to, each in a place of its own.
///
/// Sendable because no two pieces write the same place, and places are read once all of them are done.
@safe
private final class PieceResults<Value: Sendable>: @unchecked Sendable {
    private let results: UnsafeMutableBufferPointer<Value?>

    init(_ count: Int) {
        unsafe results = .allocate(capacity: count)
        unsafe results.initialize(repeating: nil)
    }

    deinit {
        unsafe results.deinitialize()
        unsafe results.deallocate()
    }

    func set(_ value: Value, at piece: Int) {
        precondition(unsafe results[piece] == nil, "a piece of work is done once")
        unsafe results[piece] = value
    }

    func take(at piece: Int) -> Value {
        guard let value = unsafe results[piece].take() else {
            preconditionFailure("every piece of work is done")
        }
        return value
    }
}
