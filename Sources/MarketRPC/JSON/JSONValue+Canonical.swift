extension JSONValue {
    /// The JSON text without spaces, as it is ordered.
    public var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// The JSON text without spaces and with each object's members sorted by the bytes of their names.
    ///
    /// Two parameter objects that differ only in the order of members, in white space or in the spelling of escapes
    /// have the same canonical text; the tag that guards an idempotency key is computed from it.
    public var canonical: [UInt8] {
        var writer = JSONWriter()
        writer.canonical(self)
        return writer.bytes
    }
}

extension JSONWriter {
    /// Writes a value in its canonical form, see ``JSONValue/canonical``.
    public mutating func canonical(_ value: JSONValue) {
        switch value {
        case .null, .bool, .integer, .unsigned, .double, .string: self.value(value)
        case .array(let elements):
            beginArray()
            for element in elements { canonical(element) }
            endArray()
        case .object(let object):
            beginObject()
            let sorted = object.members.sorted {
                $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
            }
            for member in sorted {
                name(text: member.name)
                canonical(member.value)
            }
            endObject()
        }
    }
}
