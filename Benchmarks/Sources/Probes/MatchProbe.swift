public import EventLog
public import MarketCore
public import MarketWorkload

/// A market with the orders of a workload, and its leads as they stand before they are matched.
public struct MatchProbe {
    /// The workload.
    public let workload: Workload
    /// The market.
    public var market: Market
    /// The leads, each with its tier and its categories.
    public let leads: [Lead]
    /// What tells whether two markets are in the same state.
    public var digest: MarketDigest { MarketDigest(of: market) }

    /// Builds the market.
    public init(
        _ kind: WorkloadKind, orders: Int, advisors: Int = 1_000, leads: Int = Workload.usualLeads
    ) {
        workload = Workload(kind, orders: orders, advisors: advisors, leads: leads)
        (market, _) = workload.market()
        self.leads = [Lead](supposedIn: market, of: workload)
    }

    /// Asks for the best order for each of `range` of the leads, and adds up the answers.
    @inline(never)
    public mutating func match(_ range: Range<Int>) -> UInt64 {
        var sum: UInt64 = 0
        for index in range {
            sum &+= market.buyer(of: leads[index], at: Workload.beginning)?.rawValue ?? 0
        }
        return sum
    }

    /// How long each match of `range` took, in nanoseconds, and who was found.
    public mutating func times(_ range: Range<Int>) -> (times: [Int64], buyers: [OrderID?]) {
        var (times, buyers): ([Int64], [OrderID?]) = ([], [])
        for index in range {
            let start = Stopwatch.now()
            let buyer = market.buyer(of: leads[index], at: Workload.beginning)
            times.append(Stopwatch.now() - start)
            buyers.append(buyer)
        }
        return (times, buyers)
    }

    /// Who is to be found for each of `range`, by a plain book.
    public func plainBuyers(of range: Range<Int>) -> [OrderID?] {
        var answers = PlainAnswers(market, leads: leads)
        return range.map { answers.best(forLeadAt: $0, in: market, at: Workload.beginning) }
    }

    /// The same for the first leads while each is sold in between, so that turns and balances change; and who
    /// was found.
    public mutating func timesWhileSelling(
        _ count: Int
    ) -> (times: [Int64], buyers: [OrderID?]) {
        var (times, buyers): ([Int64], [OrderID?]) = ([], [])
        for index in 0..<count {
            let time = market.stamp(at: Workload.beginning)
            let lead = market.supposed(leads[index], at: time)
            let start = Stopwatch.now()
            let buyer = market.buyer(of: lead, at: time)
            times.append(Stopwatch.now() - start)
            buyers.append(buyer)
            _ = market.give(.submitLead(workload.submission(index)))
        }
        return (times, buyers)
    }

    /// Sells the first leads as ``timesWhileSelling(_:)`` does, in a market that is still as it was then.
    ///
    /// - Precondition: `buyers` are those that a plain book finds in the market of that moment.
    public mutating func sell(checking buyers: [OrderID?]) {
        var answers = PlainAnswers(market, leads: leads)
        for (index, buyer) in buyers.enumerated() {
            let time = market.stamp(at: Workload.beginning)
            let lead = market.supposed(leads[index], at: time)
            let expected = answers.best(forLeadAt: index, as: lead, in: market, at: time)
            confirm(buyer == expected, "lead \(index) is not for the order that ranks first")
            let sold = answers.submit(workload.submission(index), to: &market)
            confirm(sold == expected, "lead \(index) did not go to its buyer")
        }
    }
}

extension [Lead] {
    /// The leads of a workload as `market` would take them.
    init(supposedIn market: Market, of workload: Workload) {
        let tierRules = market.settings.tierRules
        self = workload.leads.indices.map { index in
            let submission = workload.submission(index)
            var attributes = submission.attributes
            if let tierRules, let attribute = market.settings.tierAttribute {
                attributes[attribute] = Int64(tierRules.tier(of: attributes))
            }
            guard let channel = market.channel(named: submission.channel) else {
                preconditionFailure("the workload's channels are the market's")
            }
            return market.hypotheticalLead(
                LeadID(market.head.next), channel: channel, identity: submission.identity,
                attributes: attributes, consentInstitutions: [],
                preferredAdvisor: submission.preferredAdvisor.flatMap {
                    market.advisor(named: $0)
                }, at: Workload.beginning)
        }
    }
}

extension Market {
    /// A lead as it would be if it came now.
    func supposed(_ lead: Lead, of identity: Identity? = nil, at time: Timestamp) -> Lead {
        hypotheticalLead(
            LeadID(head.next), channel: lead.channel, identity: identity ?? lead.identity,
            attributes: lead.attributes, consentInstitutions: [],
            preferredAdvisor: lead.preferredAdvisor, at: time)
    }

    /// Gives a command at the next moment after the workload's beginning.
    ///
    /// - Returns: The events.
    mutating func give(_ command: Command) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        give(command, appendingTo: &events)
        return events
    }

    /// Gives a command at the next moment after the workload's beginning, and puts its events behind
    /// those in `events`.
    mutating func give(_ command: Command, appendingTo events: inout [RecordedEvent]) {
        do throws(Rejection) {
            try execute(
                command, at: stamp(at: Workload.beginning),
                input: InputContext(role: .operator, principal: 1_000), appendingTo: &events)
        } catch {
            preconditionFailure("a probe's command is refused: \(error)")
        }
    }
}
