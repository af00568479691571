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
    private let plainPhones: PlainPhones?

    /// The names of methods.
    let methods = ByteTable(FrequentMethod.allCases.map(\.name))
    /// The names of members that the interface defines.
    let members = MemberNames(FrequentMember.allCases.map(\.name))
    /// The outcomes of a call.
    let callOutcomes = ByteTable(CallOutcome.words)
    /// The names of attributes.
    let attributes: MemberNames
    /// The words of attributes, each attribute's in the domain of its number.
    let words: ByteTable

    /// How the values of each attribute are read, by its number.
    let readings: UnsafeMutablePointer<AttributeReading>
    private let membersByNumber: UnsafeMutablePointer<FrequentMember>
    private let methodsByNumber = FrequentMethod.allCases
    private let membersOfMethods = FrequentMethod.allCases.map { FrequentMembers($0.members) }

    /// How the values of an attribute are read.
    struct AttributeReading {
        enum Kind {
            case flag
            case integer
            case choice
            case region
        }

        var kind: Kind
        /// The bounds of an integer.
        var (minimum, maximum): (Int64, Int64) = (0, 0)
        /// Bit n stands for regions of n characters.
        var lengths: UInt16 = 0

        init(_ kind: AttributeKind) {
            switch kind {
            case .flag:
                self.kind = .flag
            case .integer(_, let minimum, let maximum):
                self.kind = .integer
                (self.minimum, self.maximum) = (minimum, maximum)
            case .choice:
                self.kind = .choice
            case .region(let lengths):
                self.kind = .region
                self.lengths = lengths.reduce(0) { $0 | 1 << UInt16($1) }
            }
        }
    }

    /// Prepares the tables of a market.
    ///
    /// - Complexity: linear in the number of attributes and their words.
    public init(schema: AttributeSchema, phonePattern: PhonePattern) {
        precondition(
            schema.attributes.count <= AttributeSchema.maximumCount, "a schema keeps its limit")
        precondition(FrequentMember.allCases.count <= 32, "each member has a bit of a set")
        self.schema = schema
        self.phonePattern = phonePattern
        plainPhones = PlainPhones(phonePattern)
        unsafe membersByNumber = .allocate(capacity: FrequentMember.allCases.count)
        for member in FrequentMember.allCases {
            unsafe (membersByNumber + member.rawValue).initialize(to: member)
        }
        attributes = MemberNames(schema.attributes.map(\.name.description))
        var words: [ByteTable.Text] = []
        unsafe readings = .allocate(capacity: AttributeSchema.maximumCount)
        for (attribute, definition) in schema.attributes.enumerated() {
            unsafe (readings + attribute).initialize(to: AttributeReading(definition.kind))
            guard case .choice(let choices) = definition.kind else { continue }
            words += choices.enumerated().map {
                ByteTable.Text(text: $0.element, number: $0.offset, domain: attribute)
            }
        }
        self.words = ByteTable(words)
    }

    deinit {
        unsafe readings.deallocate()
        unsafe membersByNumber.deallocate()
    }

    /// The member with this number in ``members``.
    @inline(always)
    func member(_ number: Int) -> FrequentMember { unsafe membersByNumber[number] }

    /// The method with this number in ``methods``.
    @inline(always)
    func method(_ number: Int) -> FrequentMethod { methodsByNumber[number] }

    /// The members that a request for `method` can have.
    @inline(always)
    func members(of method: FrequentMethod) -> FrequentMembers { membersOfMethods[method.rawValue] }

    /// The digits of the phone number that is `text`.
    @unsafe
    @inline(always)
    func phoneDigits(_ text: PlainText) throws(Irregular) -> String {
        let isPlain = unsafe plainPhones?.contains(text.span) ?? phonePattern.isPlain(text.span)
        if isPlain {
            return unsafe String(unsafeUninitializedCapacity: text.count) {
                unsafe $0.initialize(fromContentsOf: text)
            }
        }
        guard (1...Parameters.maximumPhoneBytes).contains(text.count),
            let digits = phonePattern.normalise(try unsafe String(plain: text))
        else { throw Irregular() }
        return digits
    }
}
