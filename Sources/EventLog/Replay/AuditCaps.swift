internal import MarketCore

/// How much of what orders and advisors may take is taken, counted from the events alone (R5.4).
struct AuditCaps {
    struct OrderCount {
        let advisor: AdvisorNumber
        var limits: Limits
        var reserved = 0
        var releasedInRound = 0
        var hour = Int.min
        var hourCount = 0
        var day = Int.min
        var dayCount = 0
        /// In fen; of a width that no number of charges fills.
        var daySpent: Int128 = 0
    }

    /// What an order's terms allow.
    struct Limits {
        let quantity: Int
        let hourCap: Int?
        let dayCap: Int?
        let daySpend: Int64?
        let renews: Bool

        init(_ terms: OrderTerms) {
            quantity = terms.quantity
            hourCap = terms.hourCap
            dayCap = terms.dayCap
            daySpend = terms.daySpend?.fen
            renews = terms.renews
        }
    }

    struct AdvisorCount {
        var cap: Int?
        var day = Int.min
        var dayCount = 0
    }

    /// What a reservation took, to be given back when it is voided.
    struct Taken {
        fileprivate let place: Int
        fileprivate let charge: Money
        fileprivate let hour: Int
        fileprivate let day: Int
    }

    var calendar = MarketCalendar(utcOffsetMinutes: 0)
    private var orders: [OrderCount] = []
    var advisors: [AdvisorCount] = []

    mutating func update(_ advisor: AdvisorNumber, _ profile: AdvisorProfile) {
        if advisors.indices.contains(advisor.index) {
            advisors[advisor.index].cap = profile.dailyCap
        }
    }

    /// Begins to count for an order; where its count stands.
    mutating func place(for advisor: AdvisorNumber, _ terms: OrderTerms) -> Int {
        orders.append(OrderCount(advisor: advisor, limits: Limits(terms)))
        return orders.count - 1
    }

    mutating func amend(at place: Int, _ terms: OrderTerms) {
        orders[place].limits = Limits(terms)
    }

    /// Whose order it is.
    func advisor(ofOrderAt place: Int) -> AdvisorNumber { orders[place].advisor }

    /// Counts a reservation for the order at `place`; returns what it took and the caps it passes, in
    /// words.
    mutating func reserve(
        _ reservation: Reservation, ofOrderAt place: Int, as id: AssignmentID, at time: Timestamp
    ) -> (taken: Taken, faults: [String]) {
        var order = orders[place]
        let hour = calendar.hour(of: time)
        let day = calendar.day(of: time)
        let taken = Taken(place: place, charge: reservation.charge, hour: hour, day: day)
        order.reserved += 1
        order.hourCount = (order.hour == hour ? order.hourCount : 0) + 1
        order.hour = hour
        if order.day != day {
            order.day = day
            order.dayCount = 0
            order.daySpent = 0
        }
        order.dayCount += 1
        order.daySpent += Int128(reservation.charge.fen)
        orders[place] = order

        var faults: [String] = []
        func check(_ count: some BinaryInteger, _ limit: Int64?, _ rule: String) {
            guard let limit, count > limit else { return }
            faults.append(
                "R5.4: assignment \(id.rawValue) takes order \(reservation.order.rawValue) to"
                    + " \(count) of \(limit) of its \(rule)")
        }
        check(
            order.reserved + order.releasedInRound, Int64(order.limits.quantity), "quantity")
        check(order.hourCount, order.limits.hourCap.map { Int64($0) }, "hour cap")
        check(order.dayCount, order.limits.dayCap.map { Int64($0) }, "day cap")
        check(order.daySpent, order.limits.daySpend, "spend a day, in fen")
        check(
            reserve(for: order.advisor, day), cap(of: order.advisor), "advisor's leads a day")
        return (taken, faults)
    }

    private mutating func reserve(for advisor: AdvisorNumber, _ day: Int) -> Int {
        guard advisors.indices.contains(advisor.index) else { return 0 }
        if advisors[advisor.index].day != day {
            advisors[advisor.index].day = day
            advisors[advisor.index].dayCount = 0
        }
        advisors[advisor.index].dayCount += 1
        return advisors[advisor.index].dayCount
    }

    private func cap(of advisor: AdvisorNumber) -> Int64? {
        guard advisors.indices.contains(advisor.index) else { return nil }
        return advisors[advisor.index].cap.map { Int64($0) }
    }

    /// Gives a reservation back to the hour and day it was made in (R8.1).
    mutating func void(_ taken: Taken) {
        var order = orders[taken.place]
        order.reserved -= 1
        if order.hour == taken.hour { order.hourCount -= 1 }
        if order.day == taken.day {
            order.dayCount -= 1
            order.daySpent -= Int128(taken.charge.fen)
        }
        orders[taken.place] = order
        let advisor = order.advisor.index
        if advisors.indices.contains(advisor), advisors[advisor].day == taken.day {
            advisors[advisor].dayCount -= 1
        }
    }

    mutating func release(_ taken: Taken) {
        orders[taken.place].reserved -= 1
        orders[taken.place].releasedInRound += 1
    }

    /// Begins an order's next round; false when it was not filled or does not renew (R5.2).
    mutating func renew(at place: Int) -> Bool {
        let order = orders[place]
        orders[place].releasedInRound = 0
        return order.limits.renews && order.releasedInRound == order.limits.quantity
    }
}
