public import MarketCore

extension TestMarket {
    /// A market whose category `homeOwner` is changed before anything happens.
    public static func with(
        _ change: (inout MarketConfiguration.Category) -> Void
    ) throws(Rejection) -> TestMarket {
        var market = try TestMarket()
        try market.redefine(change)
        return market
    }

    /// Redefines the category `homeOwner`.
    public mutating func redefine(
        _ change: (inout MarketConfiguration.Category) -> Void
    ) throws(Rejection) {
        var category = SmallWorld.homeOwner
        change(&category)
        var configuration = MarketConfiguration()
        configuration.categories = [category]
        try give(.applyConfiguration(configuration))
    }

    /// Redefines the channel `search`.
    public mutating func redefineChannel(
        _ change: (inout ChannelDefinition) -> Void
    ) throws(Rejection) {
        var definition = ChannelDefinition(title: "Search", payout: .fixed(Money(fen: 900)))
        change(&definition)
        var configuration = MarketConfiguration()
        configuration.channels = [("search", definition)]
        try give(.applyConfiguration(configuration))
    }

    /// Changes settings.
    public mutating func set(
        _ change: (inout MarketConfiguration.Settings) -> Void
    ) throws(Rejection) {
        var configuration = MarketConfiguration()
        change(&configuration.settings)
        try give(.applyConfiguration(configuration))
    }

    /// Pings a lead of a house owner and returns its id.
    public mutating func ping(
        _ person: UInt64, change: (inout LeadPing) -> Void = { _ in }
    ) throws(Rejection) -> LeadID {
        let id = LeadID(nextPosition)
        var ping = LeadPing(
            channel: "search", identity: .person(person), attributes: Self.houseOwner)
        change(&ping)
        try give(.pingLead(ping))
        return id
    }

    /// Posts a pinged lead.
    @discardableResult
    public mutating func post(
        _ lead: LeadID, of person: UInt64, change: (inout LeadPost) -> Void = { _ in }
    ) throws(Rejection) -> [Event] {
        var post = LeadPost(
            lead: lead, channel: "search", identity: .person(person),
            consent: .given(at: SmallWorld.beginning), contact: [1, 2, 3])
        change(&post)
        return try give(.postLead(post))
    }

    /// The assignment of a lead, reserved or released.
    public func assignment(of lead: LeadID) -> Assignment? { market.assignment(of: lead) }

    /// Why an order is not live at the next command's time.
    public func reasons(_ order: OrderID) -> Unliveness? {
        market.order(order).map { market.unliveness(of: $0, at: now) }
    }

    /// What the market's invariants say; `nil` when all hold.
    public var violation: InvariantViolation? {
        do {
            try market.checkInvariants()
            return nil
        } catch {
            return error
        }
    }
}
