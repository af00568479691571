/// A name given by people to an advisor, a category, a channel, a payee or an attribute.
///
/// 1 to 64 bytes out of letters, digits, `.`, `_` and `-`, case-sensitive, so that it can stand in
/// a URL, a file name, a metric or a command line unquoted.
public struct Name: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name as text.
    public let description: String

    /// Takes `text` as a name, or returns `nil` when it is empty, too long or has other characters.
    public init?(_ text: String) {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(Self.allows) else {
            return nil
        }
        description = text
    }

    /// Orders names by their bytes.
    public static func < (left: Name, right: Name) -> Bool { left.description < right.description }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default:
            false
        }
    }
}
