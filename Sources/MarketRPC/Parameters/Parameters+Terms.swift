public import MarketCore

extension Parameters {
    /// A new order's terms (R5.2); the defaults are those of ``OrderTerms``.
    public mutating func orderTerms(_ context: CallContext) throws(RPCError) -> OrderTerms {
        let filter = try optionalFilter("filter", schema: context.schema)
        let quantity = try integer("quantity", in: 1...Int64(OrderTerms.maximumQuantity))
        let premium = try optionalMoney("premiumFen", from: 0)
        let priority = try optionalPriority(context)
        return OrderTerms(
            filter: filter ?? .everything, quantity: Int(quantity), premium: premium ?? .zero,
            priority: priority ?? OrderTerms.defaultPriority,
            maximumAge: try optionalTimespan("maxAge"), startsAt: try optionalTime("startsAt"),
            expiresAt: try optionalTime("expiresAt"),
            schedule: try optionalSchedule("windows") ?? .always,
            hourCap: try optionalCap("hourCap"), dayCap: try optionalCap("dayCap"),
            daySpend: try optionalMoney("daySpendFen", from: 0),
            renews: try optionalBool("renews") ?? false)
    }

    /// A change of an order's terms: what is absent stays; `null` gives a part its default back.
    public mutating func orderAmendment(_ context: CallContext) throws(RPCError) -> OrderAmendment {
        var amendment = OrderAmendment()
        if let filter = try optionalFilter("filter", schema: context.schema) {
            amendment.filter = .set(filter)
        }
        if let quantity = try optionalInteger("quantity", in: 1...Int64(OrderTerms.maximumQuantity))
        {
            amendment.quantity = .set(Int(quantity))
        }
        if let premium = try optionalMoney("premiumFen", from: 0) {
            amendment.premium = .set(premium)
        }
        if let priority = try optionalPriority(context) {
            amendment.priority = .set(priority)
        }
        amendment.maximumAge = try timespanAmendment("maxAge")
        amendment.startsAt = try timeAmendment("startsAt")
        amendment.expiresAt = try timeAmendment("expiresAt")
        amendment.schedule = try scheduleAmendment("windows")
        amendment.hourCap = try capAmendment("hourCap")
        amendment.dayCap = try capAmendment("dayCap")
        amendment.daySpend = try moneyAmendment("daySpendFen")
        if let renews = try optionalBool("renews") { amendment.renews = .set(renews) }
        return amendment
    }

    /// A priority, which operators alone may set.
    private mutating func optionalPriority(_ context: CallContext) throws(RPCError) -> Int? {
        guard let priority = try optionalInteger("priority", in: 0...9) else { return nil }
        try context.requireOperator(path.member("priority"))
        return Int(priority)
    }
}

extension CallContext {
    /// Refuses a member that operators alone may send.
    func requireOperator(_ path: FieldPath) throws(RPCError) {
        guard role == .operator else {
            throw RPCError(
                .forbidden, "\(path): only operators set this; leave it out.",
                field: path.description)
        }
    }
}
