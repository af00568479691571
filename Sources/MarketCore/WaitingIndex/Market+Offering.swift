/// A walk through the waiting leads that a transaction's events concern, newest first (R6.4).
///
/// Offering makes no order and no lead eligible that was not before, so what a woken order cannot
/// have when it is asked it cannot have later in the walk.
///
/// The walk finds the leads that woken orders may have in one of two ways: it asks the index of
/// waiting leads for each order, or, where few leads wait, the order index for each lead.
struct OfferWalk {
    /// How many leads are matched in the time that one order takes to be asked for its newest lead.
    fileprivate static let leadsPerSeeker = 4

    /// A woken order that is live, and how far it was asked.
    fileprivate struct Seeker {
        let slot: Int
        let probe: FilterProbe
        let regions: [RegionPrefix]?
        /// The newest lead that the order was eligible for when it was last asked; before it is asked,
        /// any. 0 for none, which stays so: what happens in a walk makes nothing eligible.
        var newest = UInt64.max
    }

    /// The slots of the woken orders that are live, by id.
    fileprivate let wokenSlots: [Int]
    fileprivate let wokenOrders: Set<OrderID>
    fileprivate let wokenLeads: Set<LeadID>
    /// The leads that are still to come, oldest first: where the leads are matched all that wait,
    /// else the woken ones.
    fileprivate var leads: [LeadID]
    /// The live ones of the woken orders, where they are asked.
    fileprivate var seekers: [Seeker] = []
    /// The last lead the walk came by.
    fileprivate var last = UInt64.max
}

extension Market {
    /// Begins a walk for these orders and leads.
    ///
    /// - Complexity: O(woken orders + woken leads + leads that are to be matched).
    mutating func beginOffering(
        to orderIDs: Set<OrderID>, of leads: Set<LeadID>, at time: Timestamp
    ) -> OfferWalk {
        placeUnplacedLead()
        unbindWaitingLeads(by: time)
        return offerWalk(to: orderIDs, of: leads, at: time)
    }

    /// Apart from what changes the market: where both are one, closures copy it.
    private func offerWalk(
        to orderIDs: Set<OrderID>, of leads: Set<LeadID>, at time: Timestamp
    ) -> OfferWalk {
        let slots = orderIDs.sorted().compactMap { orderSlots[$0] }
            .filter { unliveness(ofOrderAt: $0, at: time).isEmpty }
        let woken = leads.filter(waiting.contains)
        let others = waiting.count - woken.count
        let isByLead = others <= slots.count * OfferWalk.leadsPerSeeker
        var walk = OfferWalk(
            wokenSlots: slots, wokenOrders: orderIDs, wokenLeads: woken,
            leads: isByLead && others > 0 ? Array(waiting) : woken.sorted())
        if !isByLead { walk.seekers = slots.map { seeker(ofOrderAt: $0) } }
        return walk
    }

    /// The next lead to match again: the newest one, of those the walk has not passed, that was woken
    /// itself or that a woken order is eligible for.
    ///
    /// - Complexity: O(seekers), and a search of the index for each whose lead the walk has passed, or
    ///   that cannot have it any more; or a match for each lead that is passed.
    mutating func nextOffer(_ walk: inout OfferWalk, at time: Timestamp) -> LeadID? {
        while let lead = walk.leads.last, !isConcerned(lead, by: walk, at: time) {
            walk.leads.removeLast()
        }
        var next = walk.leads.last?.rawValue ?? 0
        for index in walk.seekers.indices where walk.seekers[index].newest > next {
            let seeker = walk.seekers[index]
            let stillFits =
                seeker.newest < walk.last
                && openLeads[LeadID(seeker.newest)].map {
                    ineligibility(ofOrderAt: seeker.slot, for: $0, at: time) == nil
                } ?? false
            if !stillFits {
                walk.seekers[index].newest =
                    newestFit(
                        of: seeker, below: min(seeker.newest, walk.last - 1) + 1, at: time,
                        except: walk.wokenLeads) ?? 0
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
        of walk: OfferWalk, at time: Timestamp
    ) -> (orders: [OrderID], leads: [LeadID]) {
        let leads = walk.leads.filter { id in
            openLeads[id].flatMap { bestOrder(for: $0, at: time) } != nil
        }
        // Without seekers `leads` are all that any order is eligible for.
        guard !leads.isEmpty || !walk.seekers.isEmpty else { return ([], []) }
        let seekers =
            walk.seekers.isEmpty
            ? walk.wokenSlots.map { seeker(ofOrderAt: $0) } : walk.seekers
        let unserved = seekers.filter { newestFit(of: $0, below: walk.last, at: time) != nil }
        return (unserved.map { orders[$0.slot].id }, leads.filter(walk.wokenLeads.contains))
    }

    /// Whether a lead was woken itself or a woken order is eligible for it.
    private mutating func isConcerned(
        _ id: LeadID, by walk: OfferWalk, at time: Timestamp
    ) -> Bool {
        if walk.wokenLeads.contains(id) { return true }
        guard let lead = openLeads[id], let best = match(lead, at: time) else { return false }
        return walk.wokenOrders.contains(orders[best].id)
            || walk.wokenSlots.contains { ineligibility(ofOrderAt: $0, for: lead, at: time) == nil }
    }

    private func seeker(ofOrderAt slot: Int) -> OfferWalk.Seeker {
        guard let layout = waitingIndex?.layout else {
            preconditionFailure("a market made with `decides: false` does not offer leads")
        }
        let order = orders[slot]
        return OfferWalk.Seeker(
            slot: slot, probe: FilterProbe(order.terms.filter, of: order.category, layout),
            regions: regions(of: order))
    }

    /// The newest waiting lead before `end` that a woken order is eligible for, but for those passed
    /// over.
    private func newestFit(
        of seeker: OfferWalk.Seeker, below end: UInt64, at time: Timestamp,
        except passed: Set<LeadID> = []
    ) -> UInt64? {
        guard unliveness(ofOrderAt: seeker.slot, at: time).isEmpty,
            let ages = affordableAges(ofOrderAt: seeker.slot, at: time)
        else { return nil }
        var touched = 0
        let window = WaitingList.Window(
            below: end, above: 0, earliest: time.microseconds - ages.oldest.microseconds,
            latest: ages.olderThan.map { time.microseconds - $0.microseconds - 1 } ?? .max)
        return waitingIndex?.newest(
            seeker.probe, in: window, regions: seeker.regions,
            advisor: orders[seeker.slot].advisor, touched: &touched
        ) { id in
            !passed.contains(LeadID(id))
                && openLeads[LeadID(id)].map {
                    ineligibility(ofOrderAt: seeker.slot, for: $0, at: time) == nil
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
