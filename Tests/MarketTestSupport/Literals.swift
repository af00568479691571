public import MarketCore

/// Names as literals, for tests alone: a malformed one stops the test.
extension Name: ExpressibleByStringLiteral {
    /// Takes a literal that is a well-formed name.
    public init(stringLiteral text: String) {
        guard let name = Name(text) else { preconditionFailure("'\(text)' is no name") }
        self = name
    }
}

extension PriceLadder {
    /// A ladder out of (minutes, fen) pairs that are well-formed.
    public init(minutes rungs: [(age: Int64, fen: Int64)]) {
        let rungs = rungs.map { Rung(maximumAge: .minutes($0.age), price: Money(fen: $0.fen)) }
        guard let ladder = PriceLadder(rungs) else {
            preconditionFailure("a ladder of the tests is malformed")
        }
        self = ladder
    }
}

extension RegionCode {
    /// A code that is well-formed.
    public init(known text: String) {
        guard let code = RegionCode(text) else { preconditionFailure("'\(text)' is no region") }
        self = code
    }
}

extension Identity {
    /// The person with a number of a test: spread as identities are, but that eight at a time share their
    /// first half, so that they get into each other's way.
    public static func person(_ number: UInt64) -> Identity {
        Identity(high: (number / 8) &* 0x9E37_79B9_7F4A_7C15, low: number)
    }
}

extension Consent {
    /// A consent to some agreement, naming `institutions`.
    public static func given(
        at time: Timestamp = .epoch, to institutions: [String] = []
    ) -> Consent {
        let half = Bytes16(high: 1, low: 2)
        return Consent(
            givenAt: time, agreement: Digest32(high: half, low: half), institutions: institutions)
    }
}
