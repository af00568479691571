public import MarketCore

// A member with its value in one call. Optional values are left out when absent.
extension JSONWriter {
    /// Writes a text member.
    public mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        string(value)
    }

    /// Writes a text member unless it is empty.
    public mutating func memberUnlessEmpty(_ name: StaticString, _ value: String) {
        if !value.isEmpty { member(name, value) }
    }

    /// Writes a member that is true or false.
    public mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    /// Writes an integer member.
    public mutating func member(_ name: StaticString, _ value: Int) {
        self.name(name)
        integer(Int64(value))
    }

    /// Writes an integer member.
    public mutating func member(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        member(name, value)
    }

    /// Writes an integer member.
    public mutating func member(_ name: StaticString, _ value: UInt64) {
        self.name(name)
        unsigned(value)
    }

    /// Writes an amount in fen.
    public mutating func member(_ name: StaticString, _ value: Money) {
        self.name(name)
        integer(value.fen)
    }

    /// Writes an amount in fen.
    public mutating func member(_ name: StaticString, _ value: Money?) {
        guard let value else { return }
        member(name, value)
    }

    /// Writes a time.
    public mutating func member(_ name: StaticString, _ value: Timestamp?) {
        guard let value else { return }
        self.name(name)
        timestamp(microseconds: value.microseconds)
    }

    /// Writes a length of time.
    public mutating func member(_ name: StaticString, _ value: Timespan?) {
        guard let value else { return }
        self.name(name)
        string(DurationText.format(value))
    }

    /// Writes a name.
    public mutating func member(_ name: StaticString, _ value: Name?) {
        guard let value else { return }
        self.name(name)
        string(value.description)
    }

    /// Writes a log position.
    public mutating func member(_ name: StaticString, _ value: LogPosition) {
        member(name, value.rawValue)
    }

    /// Writes the number of a lead, order or assignment.
    @inlinable
    public mutating func member<Entity>(_ name: StaticString, _ value: ID<Entity>?) {
        guard let value else { return }
        member(name, value.rawValue)
    }

    /// Writes a word.
    @inlinable
    public mutating func member<Word: WireWord>(_ name: StaticString, _ value: Word?) {
        guard let value else { return }
        member(name, value.word)
    }

    /// Writes sixteen bytes as hexadecimal digits.
    public mutating func member(_ name: StaticString, _ value: Bytes16?) {
        guard let value else { return }
        member(name, Hexadecimal.text(value))
    }

    /// Writes a list of texts.
    public mutating func member(_ name: StaticString, _ values: [String]) {
        member(name, list: values) { $0.string($1) }
    }

    /// Writes a list of names.
    public mutating func member(_ name: StaticString, _ values: [Name]) {
        member(name, list: values) { $0.string($1.description) }
    }

    /// Writes a list of numbers of leads, orders or assignments.
    public mutating func member<Entity>(_ name: StaticString, _ values: [ID<Entity>]) {
        member(name, list: values) { $0.unsigned($1.rawValue) }
    }

    /// Writes a list, whose elements `element` writes.
    public mutating func member<Element>(
        _ name: StaticString, list: some Sequence<Element>,
        element: (inout JSONWriter, Element) -> Void
    ) {
        self.name(name)
        beginArray()
        for value in list { element(&self, value) }
        endArray()
    }

    /// Writes an object, whose members `members` writes.
    public mutating func member(_ name: StaticString, object members: (inout JSONWriter) -> Void) {
        self.name(name)
        object(members)
    }

    /// Writes an object, whose members `members` writes.
    public mutating func object(_ members: (inout JSONWriter) -> Void) {
        beginObject()
        members(&self)
        endObject()
    }
}
