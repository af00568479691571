extension JSONValue {
    /// The path of the first member whose name an earlier member of its object has, or `nil` when all are unique.
    ///
    /// Names are compared byte by byte. Called only once the parser has noticed a duplicate.
    /// - Complexity: linear in the size of the document.
    public func firstDuplicate() -> FieldPath? {
        switch self {
        case .null, .bool, .integer, .unsigned, .double, .string: return nil
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if let path = element.firstDuplicate() {
                    return FieldPath.index(index).appending(path)
                }
            }
            return nil
        case .object(let object): return object.firstDuplicate()
        }
    }
}

extension JSONObject {
    /// The path of the first member whose name an earlier member has, here or further in, or `nil`.
    public func firstDuplicate() -> FieldPath? {
        var names = Set<[UInt8]>()
        for member in members {
            guard names.insert(Array(member.name.utf8)).inserted else {
                return FieldPath(member.name)
            }
            if let path = member.value.firstDuplicate() {
                return FieldPath(member.name).appending(path)
            }
        }
        return nil
    }
}
