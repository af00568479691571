/// The names that the members of an object can have, by their numbers.
///
/// Never changes after its making, which makes sharing it safe.
@safe
final class MemberNames: @unchecked Sendable {
    /// The most names.
    static let maximumCount = 64
    /// The number that stands for no name.
    static let none = maximumCount

    /// The names, to be looked up.
    let table: ByteTable
    /// How each name is spelt in a frame; the places of numbers that no name has hold what no frame can.
    private let spellings: UnsafeMutablePointer<NameSpelling>

    /// Numbers `names` as they come.
    init(_ names: [String]) {
        precondition(names.count <= Self.maximumCount, "each name has a number")
        table = ByteTable(names)
        unsafe spellings = .allocate(capacity: Self.maximumCount + 1)
        unsafe spellings.initialize(repeating: NameSpelling(), count: Self.maximumCount + 1)
        for (number, name) in names.enumerated() {
            unsafe spellings[number] = NameSpelling(name)
        }
    }

    deinit {
        unsafe spellings.deallocate()
    }

    /// How the name with `number`, or ``none``, is spelt.
    @inline(always)
    subscript(number: Int) -> NameSpelling { unsafe spellings[number] }
}
