extension Parameters {
    /// An object that must be there; call ``finish()`` on it too.
    public mutating func object(_ name: String) throws(RPCError) -> Parameters {
        try present(name, try optionalObject(name))
    }

    /// An object that may be absent; call ``finish()`` on it too.
    public mutating func optionalObject(_ name: String) throws(RPCError) -> Parameters? {
        guard let value = optionalValue(name) else { return nil }
        return try Self.object(value, at: path.member(name))
    }

    /// An array whose elements are yet to be looked at; `nil` when absent.
    ///
    /// - Parameter count: how many elements it may have.
    public mutating func optionalArray(
        _ name: String, count: ClosedRange<Int>
    ) throws(RPCError) -> [JSONValue]? {
        guard let value = optionalValue(name) else { return nil }
        guard case .array(let elements) = value else {
            throw Self.wrongType(path.member(name), "an array", value)
        }
        guard count.contains(elements.count) else {
            throw RPCError.invalidParameter(
                path.member(name),
                "has \(elements.count) elements and must have \(count.lowerBound) to \(count.upperBound)."
            )
        }
        return elements
    }

    /// An array of objects; `nil` when absent. Call ``finish()`` on each.
    public mutating func optionalObjects(
        _ name: String, count: ClosedRange<Int>
    ) throws(RPCError) -> [Parameters]? {
        guard let elements = try optionalArray(name, count: count) else { return nil }
        var objects: [Parameters] = []
        objects.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            objects.append(try Self.object(element, at: path.member(name).element(index)))
        }
        return objects
    }

    /// An array of objects that must be there. Call ``finish()`` on each.
    public mutating func objects(
        _ name: String, count: ClosedRange<Int>
    ) throws(RPCError) -> [Parameters] {
        try present(name, try optionalObjects(name, count: count))
    }

    /// An array of strings; `nil` when absent.
    ///
    /// - Parameter length: bytes of UTF-8 of each.
    public mutating func optionalStrings(
        _ name: String, count: ClosedRange<Int>, length: ClosedRange<Int>
    ) throws(RPCError) -> [String]? {
        guard let elements = try optionalArray(name, count: count) else { return nil }
        var strings: [String] = []
        strings.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            strings.append(
                try Self.string(element, length: length, at: path.member(name).element(index)))
        }
        return strings
    }

    /// An array of strings that must be there.
    ///
    /// - Parameter length: bytes of UTF-8 of each.
    public mutating func strings(
        _ name: String, count: ClosedRange<Int>, length: ClosedRange<Int>
    ) throws(RPCError) -> [String] {
        try present(name, try optionalStrings(name, count: count, length: length))
    }

    /// An array of integers; `nil` when absent.
    public mutating func optionalIntegers(
        _ name: String, count: ClosedRange<Int>, in range: ClosedRange<Int64>
    ) throws(RPCError) -> [Int64]? {
        guard let elements = try optionalArray(name, count: count) else { return nil }
        var integers: [Int64] = []
        integers.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            integers.append(
                try Self.integer(element, in: range, at: path.member(name).element(index)))
        }
        return integers
    }

    /// The object that `value` is.
    static func object(_ value: JSONValue, at path: @autoclosure () -> FieldPath) throws(RPCError)
        -> Parameters
    {
        guard case .object(let object) = value else { throw wrongType(path(), "an object", value) }
        return Parameters(object, path: path())
    }
}
