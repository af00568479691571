/// What a market takes for a phone number (R4.1), to try a list before it is sent.
///
/// The market itself decides; this follows `market.info` so that a dry run need not ask for each number.
struct PhoneForm {
    private let pattern: Regex<AnyRegexOutput>

    /// Reads a pattern as the settings have it; `nil` when it is none.
    init?(_ text: String) {
        guard let pattern = try? Regex(text) else { return nil }
        self.pattern = pattern
    }

    private static let separators: Set<Character> = [
        " ", "\t", "-", ".", "/", "(", ")", "\u{A0}",
    ]

    /// Whether `text` has nothing but digits, separators and a plus sign in front.
    static func isPlausible(_ text: String) -> Bool {
        let rest = text.filter { !separators.contains($0) }
        let digits = rest.hasPrefix("+") ? rest.dropFirst() : rest[...]
        return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The digits of a phone number without separators and country code; `nil` when they do not match.
    func digits(of text: String) -> String? {
        var digits = text.filter { !Self.separators.contains($0) }[...]
        if digits.hasPrefix("+86") {
            digits = digits.dropFirst(3)
        } else if digits.hasPrefix("0086") {
            digits = digits.dropFirst(4)
        } else if digits.count == 13, digits.hasPrefix("86") {
            digits = digits.dropFirst(2)
        }
        return (try? pattern.wholeMatch(in: digits)) == nil ? nil : String(digits)
    }
}
