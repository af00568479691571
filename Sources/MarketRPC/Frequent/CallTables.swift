public import MarketCore

/// What reading calls depends on of a market: its attributes and phone numbers, with everything looked up by name
/// prepared for looking up by bytes.
///
/// Made once for each schema and shared by all sessions; never changes, which makes sharing it safe.
@safe
public final class CallTables: @unchecked Sendable {
    /// The market's attributes.
    public let schema: AttributeSchema
    /// What the market takes for a phone number.
    public let phonePattern: PhonePattern

    /// The texts a frame is compared with.
    let texts: ByteTable
    private let readings: UnsafeMutableBufferPointer<AttributeReading>

    /// How the values of an attribute are read.
    enum AttributeReading {
        case flag
        case integer(minimum: Int64, maximum: Int64)
        case choice
        /// Bit n stands for codes of n characters.
        case region(lengths: UInt16)
    }

    /// What a text is looked up as.
    enum Domain {
        /// A method's name.
        static let methods = 0
        /// The name of a member that the interface defines.
        static let members = 1
        /// The outcome of a call.
        static let callOutcomes = 2
        /// An attribute's name.
        static let attributes = 3

        /// A word of the attribute with a number.
        static func words(ofAttribute number: Int) -> Int { 4 + number }
    }

    /// Prepares the tables of a market.
    ///
    /// - Complexity: linear in the number of attributes and their words.
    public init(schema: AttributeSchema, phonePattern: PhonePattern) {
        self.schema = schema
        self.phonePattern = phonePattern
        var texts: [ByteTable.Text] = []
        func add(_ words: [String], _ domain: Int) {
            for (number, word) in words.enumerated() {
                texts.append(ByteTable.Text(domain: domain, text: word, number: number))
            }
        }
        add(FrequentMethod.allCases.map(\.name), Domain.methods)
        add(FrequentMember.allCases.map(\.name), Domain.members)
        add(CallOutcome.words, Domain.callOutcomes)
        add(schema.attributes.map(\.name.description), Domain.attributes)
        for (number, attribute) in schema.attributes.enumerated() {
            if case .choice(let words) = attribute.kind {
                add(words, Domain.words(ofAttribute: number))
            }
        }
        self.texts = ByteTable(texts)
        unsafe readings = .allocate(capacity: max(1, schema.attributes.count))
        _ = unsafe readings.initialize(from: schema.attributes.map { Self.reading($0.kind) })
    }

    deinit {
        unsafe readings.deallocate()
    }

    /// How the values of the attribute with this number are read.
    func reading(ofAttribute number: Int) -> AttributeReading { unsafe readings[number] }

    private static func reading(_ kind: AttributeKind) -> AttributeReading {
        switch kind {
        case .flag: .flag
        case .integer(_, let minimum, let maximum): .integer(minimum: minimum, maximum: maximum)
        case .choice: .choice
        case .region(let lengths): .region(lengths: lengths.reduce(0) { $0 | 1 << UInt16($1) })
        }
    }
}
