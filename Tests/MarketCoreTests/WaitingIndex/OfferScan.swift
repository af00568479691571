import MarketTestSupport

@testable import MarketCore

/// The plain rule of R6.4 that the index has to agree with: every transaction walks all waiting
/// leads, newest first, and asks each woken order about each.
struct OfferScan {
    private var market: Market
    private let stamp: Timestamp
    private var events: [Event] = []
    private var awakened = Awakened()

    /// What `command` leads to in `market`, but for channels that pause themselves and grades.
    static func events(
        of command: Command, in market: Market, at stamp: Timestamp
    ) throws(Rejection) -> [Event] {
        let decided = try market.decide(command, at: stamp)
        var scan = OfferScan(market: market, stamp: stamp)
        for event in decided { scan.record(event) }
        if let lead = scan.awakened.arrival {
            if !scan.sell(lead), scan.market.openLead(lead)?.isPing == true {
                scan.record(.leadClosed(lead, .pingUnmatched))
            }
        } else if !decided.isEmpty {
            scan.offer(scan.awakened)
        }
        return scan.events
    }

    private mutating func record(_ event: Event) {
        awakened.add(market.whatAwakens(event, at: market.head.next))
        market.evolve(
            RecordedEvent(
                position: market.head.next, transaction: market.head.next, time: stamp,
                input: nil, event: event))
        events.append(event)
    }

    private mutating func offer(_ awakened: Awakened) {
        let woken = Set(awakened.orders).sorted().filter { isLive($0) }
        var candidates =
            woken.isEmpty
            ? Set(awakened.leads).sorted().filter { market.waitingLeads.contains($0) }
            : Array(market.waitingLeads)
        var sold = 0
        while sold < Market.offerLimit, let id = candidates.popLast() {
            let isConcerned = awakened.leads.contains(id) || woken.contains { wants($0, id) }
            if isConcerned, sell(id) { sold += 1 }
        }
        guard sold == Market.offerLimit else { return }
        let orders = Set(awakened.orders).sorted().filter { order in
            candidates.contains { wants(order, $0) }
        }
        let leads = candidates.filter { id in
            awakened.leads.contains(id)
                && market.openLead(id).flatMap { market.bestOrder(for: $0, at: stamp) } != nil
        }
        guard !leads.isEmpty || !orders.isEmpty else { return }
        record(.offersDeferred(orders: orders, leads: leads))
    }

    private func isLive(_ id: OrderID) -> Bool {
        market.order(id).map { market.unliveness(of: $0, at: stamp).isEmpty } ?? false
    }

    private func wants(_ id: OrderID, _ lead: LeadID) -> Bool {
        guard let order = market.order(id), let lead = market.openLead(lead) else { return false }
        return market.ineligibility(of: order, for: lead, at: stamp) == nil
    }

    private mutating func sell(_ id: LeadID) -> Bool {
        guard let lead = market.openLead(id), let order = market.bestOrder(for: lead, at: stamp)
        else { return false }
        let category = market.categories[order.category.index]
        guard let rung = category.definition.ladder.rung(atAge: stamp - lead.arrivedAt) else {
            return false
        }
        let payout = market.channels[lead.channel.index].definition.payout
        let gates =
            lead.isPing
            ? PendingGates(post: stamp + market.settings.pingTimeout)
            : market.gates(
                of: category.definition.gates, for: lead.consentInstitutions, from: stamp)
        let assignment = AssignmentID(market.head.next)
        record(
            .leadReserved(
                Reservation(
                    lead: id, order: order.id, categoryVersion: category.version,
                    price: rung.price, premium: order.terms.premium,
                    channelPayout: payout.amount(of: rung.price + order.terms.premium),
                    gates: gates)))
        guard let reserved = market.assignment(assignment), reserved.gates.isEmpty else {
            return true
        }
        for event in market.release(of: reserved, at: stamp) { record(event) }
        return true
    }
}
