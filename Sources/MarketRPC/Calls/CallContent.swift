public import MarketCore

/// What a request asks for, checked as far as that goes without looking at the market's state.
public enum CallContent: Sendable {
    /// A change, decided by the writer.
    case mutation(Mutation, MutationOptions)
    /// A look at a state that has applied `atLeast`, if given.
    case query(Query, atLeast: LogPosition?)
    /// Something about the daemon or the connection.
    case control(Control)
}

/// A change that a request asks for; one word, since it is large and handed on several times.
public indirect enum Mutation: Sendable {
    /// One that is a command as it stands.
    case command(Command)
    /// `lead.submit`: the person's identity and the sealed contact are still to be made.
    case submitLead(LeadSubmissionRequest)
    /// `lead.ping`: the person's identity is still to be made.
    case pingLead(LeadPingRequest)
    /// `lead.post`: the person's identity and the sealed contact are still to be made, and the
    /// channel may be to be filled in.
    case postLead(LeadPostRequest)
    /// `advisor.register`: the phone's identity is still to be made.
    case registerAdvisor(AdvisorRegistration)
    /// `advisor.update`: what it leaves out is still to be filled in from the present profile.
    case updateAdvisor(AdvisorRevision)
    /// `lead.erase`.
    case erasePerson(PersonReference)
    /// `contact.suppress`.
    case suppressPerson(PersonReference, reason: String)
    /// `contact.unsuppress`.
    case unsuppressPerson(PersonReference)
    /// `market.apply`; a dry run decides and changes nothing.
    case applyConfiguration(MarketConfiguration, dryRun: Bool)

    /// Whether it hands in a lead that the market does not know yet, rather than finishing or changing what it has.
    public var isNewLead: Bool {
        switch self {
        case .submitLead, .pingLead: true
        default: false
        }
    }
}

/// A look that a request asks for.
public enum Query: Hashable, Sendable {
    /// `market.info`; for a supplier what concerns its channel only.
    case marketInfo(onlyOf: Name?)
    /// `market.depth`, of one category or all.
    case marketDepth(category: Name?)
    /// `advisor.get`.
    case advisor(Name)
    /// `advisor.list`.
    case advisors(Page)
    /// `account.get`: an advisor's account, or without one the whole ledger.
    case account(Name?)
    /// `account.statement`.
    case statement(Name, Page)
    /// `order.get`.
    case order(OrderID)
    /// `order.list`.
    case orders(OrderSelection, Page)
    /// `lead.get`; for a supplier of one channel's leads only.
    case lead(LeadID, onlyOf: Name?)
    /// `lead.list`.
    case leads(LeadSelection, Page)
    /// `lead.trace`.
    case leadTrace(LeadID)
    /// `lead.explain`.
    case leadExplanation(LeadID, Page)
    /// `assignment.get`.
    case assignment(AssignmentID)
    /// `assignment.list`.
    case assignments(AssignmentSelection, Page)
    /// `channel.get`.
    case channel(Name)
    /// `channel.list`; for a supplier of its own channel only.
    case channels(onlyOf: Name?)
    /// `stats.connectionRate`.
    case connectionRate(RateSelection)
    /// `stats.leads`.
    case leadStatistics(LeadGrouping)
    /// `stats.matching`.
    case matchingStatistics
    /// `stats.returns`.
    case returnStatistics
    /// `events.read`: at most `limit` events from a position on.
    case events(from: LogPosition, limit: Int)
}

/// Something about the daemon or the connection that a request asks for.
public enum Control: Hashable, Sendable {
    /// `rpc.discover`.
    case discover
    /// `market.health`.
    case health
    /// `market.digest`.
    case digest
    /// `market.advance`, on a supplied clock only.
    case advance(to: Timestamp)
    /// `market.backup` into an absolute path.
    case backup(directory: String)
    /// `assignment.subscribe`, to all or those of one advisor or institution; without `from`, from now
    /// on and everything unacknowledged.
    case subscribeAssignments(from: LogPosition?, advisor: Name?, institution: String?)
    /// `assignment.unsubscribe`.
    case unsubscribeAssignments(Int64)
    /// `events.subscribe`; without `from`, from now on.
    case subscribeEvents(from: LogPosition?)
    /// `events.unsubscribe`.
    case unsubscribeEvents(Int64)
    /// `alerts.subscribe`; without `from`, from now on and every delivery that is overdue.
    case subscribeAlerts(from: LogPosition?)
    /// `alerts.unsubscribe`.
    case unsubscribeAlerts(Int64)
}
