/// Reads the members of a parameter object one by one, by name and type.
///
/// Each reading function throws -32602 with the path of the member at fault; ``finish()`` then refuses members that
/// nobody read, so a misspelt optional parameter never goes unnoticed. `null` never stands for an absent member, except
/// where ``Change`` gives it a meaning.
///
/// ```swift
/// var parameters = Parameters(request.parameters)
/// let lead = try parameters.identifier("lead")
/// let attempts = try parameters.optionalInteger("attempts", in: 1...100)
/// try parameters.finish()
/// ```
public struct Parameters: Sendable {
    /// Where this object stands; the root for the parameters of a request.
    public let path: FieldPath

    let members: [JSONMember]
    private var isRead: [Bool]
    private var next = 0

    /// Makes a reader.
    public init(_ object: JSONObject, path: FieldPath = .root) {
        self.path = path
        members = object.members
        isRead = Array(repeating: false, count: object.members.count)
    }

    /// The names of the members that have not been read, in order; for objects whose names are data.
    public var unreadNames: [String] {
        zip(members, isRead).filter { !$0.1 }.map(\.0.name)
    }

    /// Whether the object has the member `name`, read or not.
    public func contains(_ name: String) -> Bool {
        members.contains { $0.name == name }
    }

    /// Refuses members that were not read.
    ///
    /// - Throws: -32602 naming the first of them.
    public func finish() throws(RPCError) {
        guard let index = isRead.firstIndex(of: false) else { return }
        let name = members[index].name
        let isRepeated = members[..<index].contains { $0.name == name }
        throw RPCError.invalidParameter(
            path.member(name.shortened),
            isRepeated
                ? "occurs twice; send it once."
                : "is not a parameter here; leave it out or check its spelling.")
    }

    /// The value of a member that may be absent.
    ///
    /// - Complexity: constant when members are read in the order sent, else linear in their number.
    public mutating func optionalValue(_ name: String) -> JSONValue? {
        if next < members.count, !isRead[next], members[next].name == name {
            isRead[next] = true
            next += 1
            return members[next - 1].value
        }
        for index in members.indices where !isRead[index] && members[index].name == name {
            isRead[index] = true
            next = index + 1
            return members[index].value
        }
        return nil
    }

    /// The value of a member that must be there.
    ///
    /// - Throws: -32602 when it is missing.
    public mutating func value(_ name: String) throws(RPCError) -> JSONValue {
        try present(name, optionalValue(name))
    }

    /// The member's value, or the error that it is missing.
    func present<Value>(_ name: String, _ value: Value?) throws(RPCError) -> Value {
        guard let value else {
            throw RPCError.invalidParameter(path.member(name), "is missing; it is required.")
        }
        return value
    }

    /// The error that a member has the wrong type.
    static func wrongType(_ path: FieldPath, _ expected: String, _ value: JSONValue) -> RPCError {
        let hint = value == .null ? "; leave it out instead." : "."
        return .invalidParameter(path, "must be \(expected), not \(value.kindInWords)\(hint)")
    }
}
