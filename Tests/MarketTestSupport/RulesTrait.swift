public import Testing

/// Says which rules of the market, as `docs/RULES.md` numbers them, a test or a suite shows.
///
/// The table at the end of that document is made from these traits, so they are written out as
/// literals: `@Test(.rules("R5.2", "R5.4"))`.
public struct RulesTrait: TestTrait, SuiteTrait {
    /// The numbers, such as `R5.2`.
    public let numbers: [String]

    /// Fails the test when a number is not that of a rule.
    ///
    /// - Throws: ``UnknownRule`` for the first such number.
    public func prepare(for test: Test) async throws {
        for number in numbers where !Self.known.contains(number) {
            throw UnknownRule(number: number)
        }
    }

    /// A number that no rule has.
    public struct UnknownRule: Error, CustomStringConvertible {
        /// What was cited.
        public let number: String

        /// Names the number and where the right ones stand.
        public var description: String { "there is no rule '\(number)' in docs/RULES.md" }
    }

    /// The rules of which each must have a test, in the document's order: R1.1 to R10.3.
    public static let required: [String] = numbers(upTo: [5, 3, 2, 6, 5, 5, 2, 7, 4, 3], from: 1)

    /// Every rule a test may cite: ``required`` and what exists of the later chapters.
    public static let known: Set<String> = Set(required + numbers(upTo: [3], from: 12))

    private static func numbers(upTo counts: [Int], from chapter: Int) -> [String] {
        counts.enumerated().flatMap { index, count in
            (1...count).map { "R\(chapter + index).\($0)" }
        }
    }
}

extension Trait where Self == RulesTrait {
    /// The rules that the test shows, by number.
    public static func rules(_ numbers: String...) -> Self {
        RulesTrait(numbers: numbers)
    }
}
