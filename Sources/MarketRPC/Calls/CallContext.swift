public import MarketCore

/// What reading a call depends on besides its parameters: who calls, and what the market declares.
public struct CallContext: Sendable {
    /// The connection's role.
    public var role: Role
    /// A supplier's own channel.
    public var channel: Name?
    /// The market's attributes.
    public var schema: AttributeSchema
    /// What the market takes for a phone number.
    public var phonePattern: PhonePattern

    /// Describes a connection to a market.
    public init(
        role: Role, channel: Name? = nil, schema: AttributeSchema,
        phonePattern: PhonePattern = .chineseMobile
    ) {
        self.role = role
        self.channel = channel
        self.schema = schema
        self.phonePattern = phonePattern
    }
}
