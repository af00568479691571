internal import MarketCore
internal import MarketRPC

extension FollowerState {
    /// The result of `order.get`.
    func order(_ id: OrderID) throws(RPCError) -> [UInt8] {
        guard let order = market.order(id) else { throw RPCError(.unknownOrder, field: "order") }
        return JSONText.object { json in
            self.members(of: order, &json)
            json.member("position", market.head)
        }
    }

    /// Orders looked at for one part of a list.
    private static let examinedOrders = 100_000

    /// The result of `order.list`, in order of placement; the cursor is the next order's place. A
    /// part may hold fewer than asked for and still not be the last.
    ///
    /// - Complexity: O(orders), at most ``examinedOrders``.
    func orders(_ selection: OrderSelection, _ page: Page) throws(RPCError) -> [UInt8] {
        let advisor = try selection.advisor.map { name throws(RPCError) in
            try number(ofAdvisor: name)
        }
        let category = try selection.category.map { name throws(RPCError) in
            try number(ofCategory: name)
        }
        let now = now
        let ofAdvisor = advisor.map { market.orders(of: $0) }
        let count = ofAdvisor?.count ?? market.orders.count
        var index = try page.number() ?? 0
        var found: [Order] = []
        let end = min(count, index + min(count, Self.examinedOrders))
        while index < end, found.count < page.limit {
            let order = ofAdvisor?[index] ?? market.orders[index]
            index += 1
            if let category, order.category != category { continue }
            if selection.state != nil || selection.reason != nil {
                let reasons = market.unliveness(of: order, at: now)
                if let state = selection.state, reasons.isEmpty != (state == .live) { continue }
                if let reason = selection.reason, !reasons.contains(reason) { continue }
            }
            found.append(order)
        }
        return JSONText.object { json in
            json.list("items", found) { json, order in self.members(of: order, &json) }
            if index < count { json.member("cursor", "\(index)") }
            json.member("position", market.head)
        }
    }

    private func members(of order: Order, _ json: inout JSONWriter) {
        json.member("order", order.id)
        json.member("advisor", name(of: order.advisor))
        json.member("category", name(of: order.category))
        json.orderTerms(order.terms, schema: market.schema)
        let now = now
        json.member("round", order.round)
        json.member("reserved", order.reserved)
        json.member("released", order.released)
        json.member("releasedBefore", order.releasedBefore)
        json.member("remaining", order.remaining)
        json.member(
            "usage",
            object: { json in
                json.member("hour", order.usage.hourCount(at: now, in: market.calendar))
                json.member("day", order.usage.dayCount(at: now, in: market.calendar))
                json.member("spentFen", order.usage.spent(at: now, in: market.calendar))
            })
        json.state(market.unliveness(of: order, at: now))
    }
}
