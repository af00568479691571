public import MarketCore

extension Parameters {
    /// What a lead declares, by names and words, as values of `schema`; must be there, and may be empty (R1.3).
    public mutating func attributes(
        _ name: String, schema: AttributeSchema
    ) throws(RPCError) -> Attributes {
        let object = try object(name)
        var attributes = Attributes()
        for member in object.members {
            guard let attributeName = Name(member.name),
                let number = schema.number(of: attributeName)
            else {
                throw RPCError.invalidParameter(
                    object.path.member(member.name.shortened),
                    FilterFault.Reason.unknownAttribute.problem)
            }
            guard let word = AttributeWord(member.value),
                let value = schema.value(word, for: number)
            else {
                throw RPCError.invalidParameter(
                    object.path.member(member.name),
                    "\(member.value.shortText) does not fit; it takes \(schema.taken(by: number)).")
            }
            guard attributes[number] == nil else {
                throw RPCError.invalidParameter(
                    object.path.member(member.name), "occurs twice; send it once.")
            }
            attributes[number] = value
        }
        return attributes
    }

    /// The record of a person's consent; `nil` when absent (R8.2).
    public mutating func optionalConsent(_ name: String) throws(RPCError) -> Consent? {
        guard var object = try optionalObject(name) else { return nil }
        let givenAt = try object.time("givenAt")
        let words = try object.present(
            "agreementSha256", try object.optionalHexadecimal("agreementSha256", bytes: 32))
        let institutions = try object.optionalStrings(
            "institutions", count: 0...Consent.maximumInstitutions, length: institutionBytes)
        try object.finish()
        return Consent(
            givenAt: givenAt,
            agreement: Digest32(
                high: Bytes16(high: words[0], low: words[1]),
                low: Bytes16(high: words[2], low: words[3])),
            institutions: institutions ?? [])
    }
}

/// How long the name of an institution is, in bytes.
let institutionBytes = 1...128

extension AttributeWord {
    /// The value as a word, or `nil` for a kind that no attribute takes.
    init?(_ value: JSONValue) {
        switch value {
        case .bool(let flag): self = .flag(flag)
        case .integer(let number): self = .integer(number)
        case .string(let text): self = .text(text)
        case .null, .unsigned, .double, .array, .object: return nil
        }
    }
}

extension JSONValue {
    /// The value for messages: in full where it is short, else its kind.
    var shortText: String {
        switch self {
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .string(let value): "\"\(value.shortened)\""
        case .null, .double, .array, .object: kindInWords
        }
    }
}
