/// Where in the parameters a value stands, as errors name it: `filter.region[2]`.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    /// The path as written in `data.field`; empty for the parameters themselves.
    public let description: String

    /// The parameters themselves.
    public static let root = FieldPath("")

    /// The path of the member `name` of the parameters.
    public init(_ name: String) {
        description = name
    }

    /// The path of an element of the array at the start.
    public static func index(_ index: Int) -> FieldPath {
        FieldPath("[\(index)]")
    }

    /// The path of the member `name` of the object at this path.
    public func member(_ name: String) -> FieldPath {
        description.isEmpty ? FieldPath(name) : FieldPath("\(description).\(name)")
    }

    /// The path of an element of the array at this path.
    public func element(_ index: Int) -> FieldPath {
        FieldPath("\(description)[\(index)]")
    }

    /// This path followed by `path`.
    public func appending(_ path: FieldPath) -> FieldPath {
        path.description.hasPrefix("[")
            ? FieldPath(description + path.description) : member(path.description)
    }
}
