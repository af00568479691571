public import MarketCore

/// What every changing method takes besides its own parameters.
public struct MutationOptions: Hashable, Sendable {
    /// Makes repeating the request harmless; 1...64 bytes.
    public var idempotencyKey: String?
    /// When the change happens; required on a supplied clock, refused on a real one.
    public var at: Timestamp?

    /// The longest key, in bytes of UTF-8.
    public static let maximumKeyBytes = 64

    /// Makes options.
    public init(idempotencyKey: String? = nil, at: Timestamp? = nil) {
        self.idempotencyKey = idempotencyKey
        self.at = at
    }

    /// Checks `at` against the market's clock.
    ///
    /// - Throws: `wrongClock`, whose message says whether to add `at` or to leave it out.
    public func check(clock: ClockKind) throws(RPCError) {
        switch (clock, at) {
        case (.real, .some):
            throw RPCError(
                .wrongClock, "at: this market runs on the real clock; leave the member out.",
                field: "at")
        case (.supplied, .none):
            throw RPCError(
                .wrongClock,
                "at: this market runs on supplied time; say when the change happens.", field: "at")
        case (.supplied, .some(let at)):
            guard at <= .latestSupplied else {
                throw .invalidParameter(
                    FieldPath("at"), "is out of range; the latest time is the end of 9998.")
            }
        case (.real, .none):
            break
        }
    }
}

extension Request {
    /// What an idempotency key stands for: the method and its parameters without the key, the same however they are
    /// ordered and spelt.
    public var idempotentContent: [UInt8] {
        var content = parameters
        content["idempotencyKey"] = nil
        return Array(method.utf8) + [UInt8(ascii: "\n")] + JSONValue.object(content).canonical
    }
}
