import MarketCore

/// What the log's events alone tell of caps, quantities, balances and exclusivity.
///
/// It knows nothing of market and model: it follows the events one by one and says which promise
/// one of them breaks (R5.4: overshoot is zero).
struct History {
    /// An order by its events.
    private struct Order {
        let advisor: Int
        var terms: OrderTerms
        var reserved = 0
        var released = 0
    }

    /// A reservation by its events.
    private struct Sale {
        let lead: LeadID
        let order: OrderID
        let identity: Identity
        let charge: Money
        let time: Timestamp
    }

    private var offset: Int64 = 0
    private var orders: [OrderID: Order] = [:]
    private var sales: [AssignmentID: Sale] = [:]
    private var openSales: [LeadID: AssignmentID] = [:]
    private var dailyCaps: [Int?] = []
    private var available: [Money] = []
    /// How much each order or advisor took in a local hour or day, by a key that names both.
    private var counts: [String: Int] = [:]
    private var spent: [String: Money] = [:]
    private var people: [LeadID: Identity] = [:]
    private var soldLeads: Set<LeadID> = []
    private var bindings: [Identity: (advisor: Int, until: Timestamp?)] = [:]

    /// Takes an event in and says what it breaks, or `nil`.
    mutating func follow(_ recorded: RecordedEvent) -> String? {
        switch recorded.event {
        case .marketCreated(let foundation):
            offset = Int64(foundation.utcOffsetMinutes) * 60_000_000
        case .advisorRegistered(_, let profile):
            dailyCaps.append(profile.dailyCap)
            available.append(.zero)
        case .advisorUpdated(let advisor, let profile):
            dailyCaps[advisor.index] = profile.dailyCap
        case .deposited(let advisor, let amount, _):
            available[advisor.index] += amount
        case .withdrawn(let advisor, let amount, _):
            return pay(amount, by: advisor.index)
        case .orderPlaced(let advisor, _, let terms):
            orders[OrderID(recorded.position)] = Order(advisor: advisor.index, terms: terms)
        case .orderAmended(let id, let terms):
            orders[id]?.terms = terms
            return quantityFault(id)
        case .orderRenewed(let id):
            orders[id]?.released = 0
        case .leadAccepted(let lead):
            people[LeadID(recorded.position)] = lead.identity
        case .leadPinged(let lead):
            people[LeadID(recorded.position)] = lead.identity
        case .leadReserved(let reservation):
            return reserve(reservation, recorded)
        case .leadVoided(let id, _):
            void(id)
        case .leadReleased(let release):
            return self.release(release, at: recorded.time)
        case .returnDecided(let id, let decision):
            guard decision.isApproved, let sale = sales[id], let order = orders[sale.order]
            else { return nil }
            available[order.advisor] += sale.charge
        default:
            break
        }
        return nil
    }

    private mutating func pay(_ amount: Money, by advisor: Int) -> String? {
        available[advisor] -= amount
        return available[advisor] < .zero ? "R5.4: advisor \(advisor) overdrew" : nil
    }

    private func quantityFault(_ id: OrderID) -> String? {
        guard let order = orders[id] else { return "an unknown order \(id.rawValue)" }
        return order.reserved + order.released > order.terms.quantity
            ? "R5.4: order \(id.rawValue) took more than its quantity" : nil
    }

    /// The names of an hour and a day of something.
    private func keys(_ what: String, _ time: Timestamp) -> (hour: String, day: String) {
        let local = time.microseconds + offset
        return ("\(what) hour \(local / 3_600_000_000)", "\(what) day \(local / 86_400_000_000)")
    }

    private mutating func reserve(
        _ reservation: Reservation, _ recorded: RecordedEvent
    ) -> String? {
        guard let order = orders[reservation.order], let identity = people[reservation.lead] else {
            return "a reservation of nothing"
        }
        if soldLeads.contains(reservation.lead) || openSales[reservation.lead] != nil {
            return "R4.5: lead \(reservation.lead.rawValue) was given away twice"
        }
        let id = AssignmentID(recorded.position)
        openSales[reservation.lead] = id
        sales[id] = Sale(
            lead: reservation.lead, order: reservation.order, identity: identity,
            charge: reservation.charge, time: recorded.time)
        orders[reservation.order]?.reserved += 1
        let own = keys("order \(reservation.order.rawValue)", recorded.time)
        let buyer = keys("advisor \(order.advisor)", recorded.time)
        for key in [own.hour, own.day, buyer.day] { counts[key, default: 0] += 1 }
        spent[own.day, default: .zero] += reservation.charge
        if let cap = order.terms.hourCap, counts[own.hour, default: 0] > cap {
            return "R5.4: over the cap of \(own.hour)"
        }
        if let cap = order.terms.dayCap, counts[own.day, default: 0] > cap {
            return "R5.4: over the cap of \(own.day)"
        }
        if let limit = order.terms.daySpend, spent[own.day, default: .zero] > limit {
            return "R5.4: over the spend of \(own.day)"
        }
        if let cap = dailyCaps[order.advisor], counts[buyer.day, default: 0] > cap {
            return "R5.4: over the cap of \(buyer.day)"
        }
        return pay(reservation.charge, by: order.advisor) ?? quantityFault(reservation.order)
    }

    private mutating func void(_ id: AssignmentID) {
        guard let sale = sales[id], let order = orders[sale.order] else { return }
        openSales[sale.lead] = nil
        orders[sale.order]?.reserved -= 1
        available[order.advisor] += sale.charge
        let own = keys("order \(sale.order.rawValue)", sale.time)
        let buyer = keys("advisor \(order.advisor)", sale.time)
        for key in [own.hour, own.day, buyer.day] { counts[key, default: 0] -= 1 }
        spent[own.day, default: .zero] -= sale.charge
    }

    private mutating func release(_ release: Release, at time: Timestamp) -> String? {
        guard let sale = sales[release.assignment], let order = orders[sale.order],
            openSales[sale.lead] == release.assignment
        else { return "R8.1: assignment \(release.assignment.rawValue) was not reserved" }
        openSales[sale.lead] = nil
        soldLeads.insert(sale.lead)
        orders[sale.order]?.reserved -= 1
        orders[sale.order]?.released += 1
        if let bound = bindings[sale.identity], bound.advisor != order.advisor,
            bound.until.map({ time <= $0 }) ?? true
        {
            return "R4.5: a person bound to advisor \(bound.advisor) was sold to another"
        }
        bindings[sale.identity] = (order.advisor, release.boundUntil)
        return quantityFault(sale.order)
    }
}
