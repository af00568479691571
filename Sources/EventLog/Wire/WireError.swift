/// Bytes that are not the message they should be.
public enum WireError: Error, Hashable, Sendable {
    /// The bytes end inside a field.
    case truncated
    /// A varint has more than ten bytes, or more than 64 bits.
    case oversizedVarint
    /// A tag has field number 0, one above 2^29 - 1, or a wire type that is not used here.
    case invalidTag
    /// The field's wire type is not the one its meaning asks for.
    case wrongType(field: UInt32)
    /// The field's text is not UTF-8.
    case invalidText(field: UInt32)
    /// The field's value is outside its range, or not one of its choices.
    case invalidValue(field: UInt32)
    /// A field without which the message means nothing is absent.
    case missing(field: UInt32)
    /// No event of this type and version is known.
    case unknownEvent(type: UInt16, version: UInt16)
}

extension WireError: CustomStringConvertible {
    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .truncated: "the message ends inside a field"
        case .oversizedVarint: "a number of the message has more than 64 bits"
        case .invalidTag: "the message has an invalid field tag"
        case .wrongType(let field): "field \(field) has the wrong wire type"
        case .invalidText(let field): "field \(field) is not UTF-8 text"
        case .invalidValue(let field): "field \(field) has a value outside its range"
        case .missing(let field): "field \(field) is absent"
        case .unknownEvent(let type, let version):
            "event type \(type) version \(version) is not known; use a newer leadmarket"
        }
    }
}
