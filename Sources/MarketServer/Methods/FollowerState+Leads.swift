internal import EventLog
internal import MarketCore
internal import MarketRPC
internal import Projections

extension FollowerState {
    /// What is told about one lead.
    private struct LeadFacts {
        let id: LeadID
        let status: MarketRPC.LeadStatus
        var rejection: LeadRejection?
        var tested: TestedLead.Outcome?
        let channel: ChannelNumber
        let arrivedAt: Timestamp
        let attributes: Attributes
        let categories: [CategoryNumber]
        var sale: Sale?
    }

    /// The result of `lead.get`; a supplier's other channels' leads do not exist for it.
    func lead(_ id: LeadID, onlyOf channel: Name?) throws(RPCError) -> [UInt8] {
        let own = try channel.map { name throws(RPCError) in try number(ofChannel: name) }
        guard let facts = try facts(of: id, summary: nil), own == nil || facts.channel == own
        else { throw RPCError(.unknownLead, field: "lead") }
        return JSONText.object { json in
            self.members(of: facts, isForSupplier: own != nil, &json)
            json.member("position", market.head)
        }
    }

    /// Leads looked at in one round of a list.
    private static let examinedLeads = 20_000

    /// The result of `lead.list`, newest first; the cursor is a lead's id, and older ones follow.
    func leads(_ selection: LeadSelection, _ page: Page) throws(RPCError) -> [UInt8] {
        let category = try selection.category.map { name throws(RPCError) in
            try number(ofCategory: name)
        }
        var before = LeadID(market.head.next)
        if let number = try page.number() { before = LeadID(UInt64(number)) }
        let wanted = selection.status.map(Projections.LeadStatus.init)
        var found: [LeadFacts] = []
        var isMore = true
        var rounds = 0
        while isMore, found.count < page.limit, rounds < 8 {
            rounds += 1
            let limit = page.limit - found.count
            var examined = 0
            let summaries = try looking { views throws(ViewError) in
                try views.leads(before: before, limit: limit, examined: Self.examinedLeads) {
                    before = $0.id
                    examined += 1
                    return wanted == nil || $0.status == wanted
                }
            }
            isMore = summaries.count == limit || examined == Self.examinedLeads
            for summary in summaries {
                guard let facts = try facts(of: summary.id, summary: summary) else { continue }
                if let category, !facts.categories.contains(category) { continue }
                found.append(facts)
            }
        }
        return JSONText.object { json in
            json.list("items", found) { json, facts in
                self.members(of: facts, isForSupplier: false, &json)
            }
            if isMore { json.member("cursor", "\(before.rawValue)") }
            json.member("position", market.head)
        }
    }

    private func facts(
        of id: LeadID, summary known: LeadSummary?
    ) throws(RPCError) -> LeadFacts? {
        guard id.position > .start, id.position <= market.head else { return nil }
        let recorded = try reading { () throws(EventLogError) in try event(at: id.position) }
        guard let recorded else { return nil }
        switch recorded.event {
        case .leadAccepted(let lead):
            return try facts(of: id, recorded.time, lead.channel, lead.attributes, known)
        case .leadPinged(let lead):
            return try facts(of: id, recorded.time, lead.channel, lead.attributes, known)
        case .leadRejected(let lead):
            return LeadFacts(
                id: id, status: .rejected, rejection: lead.reason, channel: lead.channel,
                arrivedAt: recorded.time, attributes: lead.attributes,
                categories: categories(of: lead.attributes))
        case .leadTested(let lead):
            var facts = LeadFacts(
                id: id, status: .tested, tested: lead.outcome, channel: lead.channel,
                arrivedAt: recorded.time, attributes: lead.attributes,
                categories: categories(of: lead.attributes), sale: market.sale(of: lead))
            if case .rejected(let reason) = lead.outcome { facts.rejection = reason }
            return facts
        default:
            return nil
        }
    }

    /// What is told about a lead that was opened.
    private func facts(
        of id: LeadID, _ arrivedAt: Timestamp, _ channel: ChannelNumber, _ attributes: Attributes,
        _ known: LeadSummary?
    ) throws(RPCError) -> LeadFacts {
        var summary = known
        if summary == nil {
            summary = try looking { views throws(ViewError) in try views.lead(id) }
        }
        let open = market.openLead(id)
        var sale: Sale?
        if let assignment = market.assignment(of: id), assignment.voided == nil {
            sale = market.sale(assignment.id, awaits: assignment.gates)
        }
        return LeadFacts(
            id: id, status: summary.map { MarketRPC.LeadStatus($0.status) } ?? .waiting,
            channel: channel, arrivedAt: arrivedAt, attributes: attributes,
            categories: open?.categories ?? categories(of: attributes), sale: sale)
    }

    /// The categories that a lead with `attributes` belongs to today.
    private func categories(of attributes: Attributes) -> [CategoryNumber] {
        market.triedCategories.filter {
            let definition = market.categories[$0.index].definition
            return !definition.retired && definition.qualification.accepts(attributes)
        }
    }

    private func members(
        of facts: LeadFacts, isForSupplier: Bool, _ json: inout JSONWriter
    ) {
        json.member("lead", facts.id)
        json.member("status", facts.status)
        json.member("reason", facts.rejection)
        json.member("outcome", facts.tested.map(TestOutcomeWord.init))
        json.member("channel", name(of: facts.channel))
        json.member("arrivedAt", facts.arrivedAt)
        json.member("attributes", facts.attributes, market.schema)
        json.member("categories", facts.categories.map { name(of: $0) })
        if let sale = facts.sale { json.members(of: sale, isForSupplier: isForSupplier) }
    }
}

extension Projections.LeadStatus {
    fileprivate init(_ status: MarketRPC.LeadStatus) {
        switch status {
        case .waiting: self = .waiting
        case .released: self = .released
        case .expired: self = .expired
        case .withdrawn: self = .withdrawn
        case .suppressed: self = .suppressed
        case .erased: self = .erased
        case .rejected: self = .rejected
        case .reserved: self = .reserved
        case .tested: self = .tested
        case .consentTimedOut: self = .consentTimedOut
        case .pingUnmatched: self = .pingUnmatched
        case .pingExpired: self = .pingExpired
        case .postRejected: self = .postRejected
        }
    }
}

extension MarketRPC.LeadStatus {
    /// The status that the views know.
    init(_ status: Projections.LeadStatus) {
        switch status {
        case .waiting: self = .waiting
        case .released: self = .released
        case .expired: self = .expired
        case .withdrawn: self = .withdrawn
        case .suppressed: self = .suppressed
        case .erased: self = .erased
        case .rejected: self = .rejected
        case .reserved: self = .reserved
        case .tested: self = .tested
        case .consentTimedOut: self = .consentTimedOut
        case .pingUnmatched: self = .pingUnmatched
        case .pingExpired: self = .pingExpired
        case .postRejected: self = .postRejected
        }
    }
}
