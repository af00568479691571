public import MarketCore

// The events that hold a lead, as `events.read` gives them.
extension JSONWriter {
    mutating func accepted(
        _ lead: AcceptedLead, at position: LogPosition, in market: Market, contact: ContactDetails?
    ) {
        declared(position, lead.channel, lead.identity, lead.attributes, market)
        name("consent")
        consent(lead.consent)
        member("preferredAdvisor", lead.preferredAdvisor.map { market.advisors[$0.index].name })
        self.contact(contact, isKept: lead.contactSlot != nil)
    }

    mutating func rejected(_ lead: RejectedLead, at position: LogPosition, in market: Market) {
        declared(position, lead.channel, lead.identity, lead.attributes, market)
        optionalConsent(lead.consent)
        member("preferredAdvisor", lead.preferredAdvisor.map { market.advisors[$0.index].name })
        if lead.isPing { member("ping", true) }
        member("reason", lead.reason)
    }

    mutating func pinged(_ lead: PingedLead, at position: LogPosition, in market: Market) {
        declared(position, lead.channel, lead.identity, lead.attributes, market)
        member("preferredAdvisor", lead.preferredAdvisor.map { market.advisors[$0.index].name })
    }

    mutating func posted(_ post: PostedLead, contact: ContactDetails?) {
        member("lead", post.lead)
        optionalConsent(post.consent)
        self.contact(contact, isKept: post.contactSlot != nil)
        member("rejection", post.rejection)
        awaits(post.gates)
    }

    mutating func tested(_ lead: TestedLead, at position: LogPosition, in market: Market) {
        declared(position, lead.channel, lead.identity, lead.attributes, market)
        optionalConsent(lead.consent)
        member("preferredAdvisor", lead.preferredAdvisor.map { market.advisors[$0.index].name })
        if lead.isPing { member("ping", true) }
        member("outcome", TestOutcomeWord(lead.outcome))
        switch lead.outcome {
        case .rejected(let reason):
            member("reason", reason)
        case .unmatched:
            break
        case .matched(let order, let charge):
            member("order", order)
            member("chargeFen", charge)
        }
    }

    /// Writes what a reservation still waits for; nothing when it waits for nothing.
    public mutating func awaits(_ gates: PendingGates) {
        guard !gates.isEmpty else { return }
        member(
            "awaits",
            object: {
                $0.member("post", gates.post)
                $0.member("consent", gates.consent)
                $0.member("acceptance", gates.acceptance)
            })
    }

    private mutating func declared(
        _ position: LogPosition, _ channel: ChannelNumber, _ identity: Identity,
        _ attributes: Attributes, _ market: Market
    ) {
        member("lead", position)
        member("channel", market.channels[channel.index].name)
        member("identity", identity)
        name("attributes")
        self.attributes(attributes, schema: market.schema)
    }

    private mutating func optionalConsent(_ consent: Consent?) {
        guard let consent else { return }
        name("consent")
        self.consent(consent)
    }

    private mutating func contact(_ contact: ContactDetails?, isKept: Bool) {
        member("hasContact", isKept)
        guard let contact else { return }
        name("contact")
        self.contact(contact)
    }
}
