import MarketTestSupport

@testable import MarketCore

/// Why an order did not get a lead (R6.5), as market and model see it.
extension Simulation {
    /// Asks both about a lead that is about to be handed in, now and then, and about a waiting one.
    mutating func checkVerdicts(on command: Command, at stamp: Timestamp) throws(Divergence) {
        guard generator.random.chance(25) else { return }
        if case .submitLead(let submission) = command,
            let channel = market.channel(named: submission.channel),
            let consent = submission.consent
        {
            let preferred = submission.preferredAdvisor.flatMap { market.advisor(named: $0) }
            let attributes = model.withTier(submission.attributes)
            let lead = Model.Lead(
                id: LeadID(model.head.next), arrivedAt: stamp, channel: channel,
                identity: submission.identity, attributes: attributes,
                institutions: consent.institutions, preferredAdvisor: preferred,
                categories: model.categoriesTaking(attributes))
            let other = market.hypotheticalLead(
                lead.id, channel: channel, identity: lead.identity, attributes: attributes,
                consentInstitutions: lead.institutions, preferredAdvisor: preferred, at: stamp)
            try compare(lead, other, at: stamp)
        } else {
            let waiting = model.leads.filter { $0.state == .waiting }
            guard let lead = generator.random.pickAny(waiting),
                let other = market.openLead(lead.id)
            else { return }
            try compare(lead, other, at: stamp)
        }
    }

    private mutating func compare(
        _ lead: Model.Lead, _ other: Lead, at stamp: Timestamp
    ) throws(Divergence) {
        let expected = model.verdicts(on: lead, at: stamp)
        let found = market.verdicts(on: other, at: stamp)
        for verdict in expected { tally.count(verdict.verdict) }
        guard found.map(\.order) == expected.map(\.order),
            found.map(\.verdict) == expected.map(\.verdict)
        else {
            throw divergence(
                "verdicts on lead \(lead.id.rawValue) at \(stamp.microseconds): \(found), "
                    + "model's \(expected)")
        }
    }
}
