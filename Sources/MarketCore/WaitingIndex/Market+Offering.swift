/// A walk through the waiting leads that a transaction's events concern, newest first (R6.4).
///
/// Offering makes no order and no lead eligible that was not before, so what a woken order cannot
/// have when it is asked it cannot have later in the walk.
struct OfferWalk {
    /// A woken order that is live, and how far it was asked.
    fileprivate struct Seeker {
        let slot: Int
        let probe: FilterProbe
        let regions: [RegionPrefix]?
        /// The newest lead that the order was eligible for when it was last asked; before it is asked,
        /// any. 0 for none, which stays so: what happens in a walk makes nothing eligible.
        var newest: UInt64
    }

    /// The live ones of the woken orders, by id.
    fileprivate var seekers: [Seeker]
    /// The woken leads that are still to come, oldest first.
    fileprivate var leads: [LeadID]
    /// The last lead the walk came by.
    fileprivate var last = UInt64.max
    /// How many blocks of the index were asked.
    fileprivate(set) var blocksTouched = 0

    fileprivate init(_ seekers: [Seeker], _ leads: [LeadID]) {
        self.seekers = seekers
        self.leads = leads
    }
}

extension Market {
    /// Begins a walk for these orders and leads.
    mutating func beginOffering(
        to orderIDs: Set<OrderID>, of leads: Set<LeadID>, at time: Timestamp
    ) -> OfferWalk {
        placeUnplacedLead()
        unbindWaitingLeads(by: time)
        guard let layout = waitingIndex?.layout else {
            preconditionFailure("a market made with `decides: false` does not offer leads")
        }
        let seekers = orderIDs.sorted().compactMap { id -> OfferWalk.Seeker? in
            guard let slot = orderSlots[id] else { return nil }
            let order = orders[slot]
            guard unliveness(ofOrderAt: slot, at: time).isEmpty else { return nil }
            return OfferWalk.Seeker(
                slot: slot, probe: FilterProbe(order.terms.filter, of: order.category, layout),
                regions: regions(of: order), newest: .max)
        }
        return OfferWalk(seekers, leads.filter(waiting.contains).sorted())
    }

    /// The next lead to match again: the newest one, of those the walk has not passed, that was woken
    /// itself or that a woken order is eligible for.
    ///
    /// - Complexity: O(seekers), and a search of the index for each whose lead the walk has passed, or
    ///   that cannot have it any more.
    func nextOffer(_ walk: inout OfferWalk, at time: Timestamp) -> LeadID? {
        var next = walk.leads.last?.rawValue ?? 0
        for index in walk.seekers.indices where walk.seekers[index].newest > next {
            let seeker = walk.seekers[index]
            let stillFits =
                seeker.newest < walk.last
                && openLeads[LeadID(seeker.newest)].map {
                    ineligibility(ofOrderAt: seeker.slot, for: $0, at: time) == nil
                } ?? false
            if !stillFits {
                walk.seekers[index].newest = newestFit(of: index, in: &walk, at: time) ?? 0
            }
            next = max(next, walk.seekers[index].newest)
        }
        guard next > 0 else { return nil }
        if walk.leads.last?.rawValue == next { walk.leads.removeLast() }
        walk.last = next
        return LeadID(next)
    }

    /// What of a walk that ends here would have gone on: the woken orders that are eligible for a
    /// lead further on, and the woken leads further on that an order is eligible for.
    func remainder(
        of walk: inout OfferWalk, at time: Timestamp
    ) -> (orders: [OrderID], leads: [LeadID]) {
        let unserved = walk.seekers.indices.filter { index in
            newestFit(of: index, in: &walk, at: time) != nil
        }
        let leads = walk.leads.filter { id in
            openLeads[id].flatMap { bestOrder(for: $0, at: time) } != nil
        }
        return (unserved.map { orders[walk.seekers[$0].slot].id }, leads)
    }

    /// The newest lead, of those the walk has not passed, that a woken order is eligible for.
    private func newestFit(
        of index: Int, in walk: inout OfferWalk, at time: Timestamp
    ) -> UInt64? {
        let seeker = walk.seekers[index]
        guard unliveness(ofOrderAt: seeker.slot, at: time).isEmpty,
            let ages = affordableAges(ofOrderAt: seeker.slot, at: time)
        else { return nil }
        let below = seeker.newest < walk.last ? seeker.newest + 1 : walk.last
        let window = WaitingList.Window(
            below: below, above: 0, earliest: time.microseconds - ages.oldest.microseconds,
            latest: ages.olderThan.map { time.microseconds - $0.microseconds - 1 } ?? .max)
        return waitingIndex?.newest(
            seeker.probe, in: window, regions: seeker.regions,
            advisor: orders[seeker.slot].advisor, touched: &walk.blocksTouched, asking: self
        ) { market, id in
            market.openLeads[LeadID(id)].map {
                market.ineligibility(ofOrderAt: seeker.slot, for: $0, at: time) == nil
            } ?? false
        }
    }

    /// Between which ages the order in a slot can have leads and pay for them; `nil` where it cannot
    /// pay at all.
    ///
    /// Of ages in between it may not be able to pay for some, where a later rung is dearer.
    private func affordableAges(
        ofOrderAt slot: Int, at time: Timestamp
    ) -> (olderThan: Timespan?, oldest: Timespan)? {
        let order = orders[slot]
        let maximumAge = maximumAge(ofOrderAt: slot)
        let available = ledger.available[order.advisor.index]
        let spent = order.usage.spent(at: time, in: calendar)
        var previous: Timespan?
        var ages: (olderThan: Timespan?, oldest: Timespan)?
        for rung in categories[order.category.index].definition.ladder.rungs {
            if let previous, previous >= maximumAge { break }
            let charge = rung.price + order.terms.premium
            if charge <= available, order.terms.daySpend.map({ spent + charge <= $0 }) ?? true {
                ages = (ages.map(\.olderThan) ?? previous, min(rung.maximumAge, maximumAge))
            }
            previous = rung.maximumAge
        }
        return ages
    }

    /// The codes one of which a lead must lie under for `order`; `nil` for leads of anywhere.
    private func regions(of order: Order) -> [RegionPrefix]? {
        guard let attribute = waitingIndex?.layout.regionAttribute else { return nil }
        for predicate in order.terms.filter.predicates where predicate.attribute == attribute {
            if case .regions(let regions) = predicate.test { return regions }
        }
        return nil
    }
}
