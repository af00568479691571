internal import MarketCore
internal import MarketRPC

/// Texts of results.
enum JSONText {
    /// The text of an object whose members `body` writes.
    static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(body)
        return writer.bytes
    }
}

extension JSONWriter {
    /// Writes a member that is a list of objects, whose members `body` writes.
    mutating func list<Element>(
        _ name: StaticString, _ elements: some Sequence<Element>,
        _ body: (inout JSONWriter, Element) -> Void
    ) {
        member(name, list: elements) { writer, element in
            writer.object { body(&$0, element) }
        }
    }

    /// Writes what a lead declares, in names and words.
    mutating func member(_ name: StaticString, _ attributes: Attributes, _ schema: AttributeSchema)
    {
        self.name(name)
        self.attributes(attributes, schema: schema)
    }
}
