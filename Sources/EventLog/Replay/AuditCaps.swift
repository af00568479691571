internal import MarketCore

/// How much of what orders and advisors may take is taken, counted from the events alone (R5.4).
struct AuditCaps {
    struct OrderCount {
        let advisor: AdvisorNumber
        var terms: OrderTerms
        var reserved = 0
        var releasedInRound = 0
        var hour = Int.min
        var hourCount = 0
        var day = Int.min
        var dayCount = 0
        var daySpent: Int64 = 0
    }

    struct AdvisorCount {
        var cap: Int?
        var day = Int.min
        var dayCount = 0
    }

    private struct Taken {
        let order: OrderID
        let charge: Money
        let hour: Int
        let day: Int
    }

    var calendar = MarketCalendar(utcOffsetMinutes: 0)
    var orders: [OrderID: OrderCount] = [:]
    var advisors: [AdvisorCount] = []
    private var open: [AssignmentID: Taken] = [:]

    mutating func update(_ advisor: AdvisorNumber, _ profile: AdvisorProfile) {
        if advisors.indices.contains(advisor.index) {
            advisors[advisor.index].cap = profile.dailyCap
        }
    }

    /// Counts a reservation; returns the caps it passes, in words.
    mutating func reserve(
        _ reservation: Reservation, as id: AssignmentID, at time: Timestamp
    ) -> [String] {
        guard var order = orders[reservation.order] else { return [] }
        let hour = calendar.hour(of: time)
        let day = calendar.day(of: time)
        open[id] = Taken(order: reservation.order, charge: reservation.charge, hour: hour, day: day)
        order.reserved += 1
        order.hourCount = (order.hour == hour ? order.hourCount : 0) + 1
        order.hour = hour
        if order.day != day {
            order.day = day
            order.dayCount = 0
            order.daySpent = 0
        }
        order.dayCount += 1
        let spent = order.daySpent.addingReportingOverflow(reservation.charge.fen)
        order.daySpent = spent.overflow ? .max : spent.partialValue
        orders[reservation.order] = order

        var faults: [String] = []
        func check(_ count: Int64, _ limit: Int64?, _ rule: String) {
            guard let limit, count > limit else { return }
            faults.append(
                "R5.4: assignment \(id.rawValue) takes order \(reservation.order.rawValue) to"
                    + " \(count) of \(limit) of its \(rule)")
        }
        check(
            Int64(order.reserved + order.releasedInRound), Int64(order.terms.quantity), "quantity")
        check(Int64(order.hourCount), order.terms.hourCap.map { Int64($0) }, "hour cap")
        check(Int64(order.dayCount), order.terms.dayCap.map { Int64($0) }, "day cap")
        check(order.daySpent, order.terms.daySpend?.fen, "spend a day, in fen")
        check(
            Int64(reserve(for: order.advisor, day)), cap(of: order.advisor),
            "advisor's leads a day")
        return faults
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
    mutating func void(_ id: AssignmentID) {
        guard let taken = open.removeValue(forKey: id), var order = orders[taken.order] else {
            return
        }
        order.reserved -= 1
        if order.hour == taken.hour { order.hourCount -= 1 }
        if order.day == taken.day {
            order.dayCount -= 1
            order.daySpent -= taken.charge.fen
        }
        orders[taken.order] = order
        let advisor = order.advisor.index
        if advisors.indices.contains(advisor), advisors[advisor].day == taken.day {
            advisors[advisor].dayCount -= 1
        }
    }

    mutating func release(_ id: AssignmentID) {
        guard let taken = open.removeValue(forKey: id) else { return }
        orders[taken.order]?.reserved -= 1
        orders[taken.order]?.releasedInRound += 1
    }

    /// Begins an order's next round; returns what is wrong with that, in words (R5.2).
    mutating func renew(_ id: OrderID) -> String? {
        guard let order = orders[id] else { return "R5.2: order \(id.rawValue) was never placed" }
        orders[id]?.releasedInRound = 0
        guard order.terms.renews, order.releasedInRound == order.terms.quantity else {
            return "R5.2: order \(id.rawValue) is renewed and was not filled, or does not renew"
        }
        return nil
    }
}
