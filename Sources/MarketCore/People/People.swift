/// Everybody the market knows, by identity (R4).
///
/// A person becomes known by a lead, taken or turned away, or by a suppression, and is never
/// forgotten: being bound and being suppressed last.
public struct People: Hashable, Sendable {
    private var persons: [Identity: Person] = [:]

    /// How many are known.
    public var count: Int { persons.count }

    /// What is known of the person with `identity`, if anything.
    ///
    /// - Complexity: O(1).
    public subscript(identity: Identity) -> Person? { persons[identity] }

    /// All identities in ascending order.
    ///
    /// - Complexity: O(n log n).
    public var identities: [Identity] { persons.keys.sorted() }

    /// Changes what is known of a person, who becomes known by it.
    mutating func update(_ identity: Identity, _ change: (inout Person) -> Void) {
        change(&persons[identity, default: Person()])
    }
}
