import MarketCore

extension Catalogue {
    /// The methods about people who do not want to be contacted.
    static let contact: [Method] = [
        Method(
            "contact.suppress", .mutation, roles: .trade,
            "Puts a person on the do-not-contact list (R4.3).",
            parameters: person + [.reason], result: [.position], errors: [.alreadySuppressed],
            example: ["phone": "13800138000", "reason": "asked by phone"]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(
                .suppressPerson(try parameters.person(context), reason: try parameters.reason()))
        },
        Method(
            "contact.unsuppress", .mutation, roles: .operators,
            "Takes a person off the do-not-contact list; never an erased one.", parameters: person,
            result: [.position], errors: [.notSuppressed, .personErased],
            example: ["identity": "00112233445566778899aabbccddeeff"]
        ) { (parameters: inout Parameters, context: CallContext) throws(RPCError) in
            .mutation(.unsuppressPerson(try parameters.person(context)))
        },
    ]

    private static let person: [Member] = [
        .optional("phone", .phone, "the person's phone number; this or identity"),
        .optional(
            "identity", .hexadecimal(bytes: 16), "the person as events show them; this or phone"),
    ]
}

extension Parameters {
    fileprivate mutating func person(_ context: CallContext) throws(RPCError) -> PersonReference {
        let digits = try optionalPhoneDigits("phone", pattern: context.phonePattern)
        let identity = try optionalHexadecimal("identity", bytes: 16)
        switch (digits, identity) {
        case (let digits?, nil): return .phone(digits: digits)
        case (nil, let words?): return .identity(Identity(high: words[0], low: words[1]))
        case (nil, nil):
            throw .invalidParameter(
                path.member("phone"), "is missing, and so is identity; give one of them.")
        case (_?, _?):
            throw .invalidParameter(
                path.member("identity"), "cannot go with phone; give one of them.")
        }
    }
}
