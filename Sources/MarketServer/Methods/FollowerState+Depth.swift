internal import MarketCore
internal import MarketRPC

extension FollowerState {
    /// What is on offer and wanted in one category or region.
    private struct Depth {
        var liveOrders = 0
        var liveDemand = 0
        var waitingLeads = 0
    }

    /// The result of `market.depth` (R13.1).
    ///
    /// - Complexity: O(orders + waiting leads).
    func depth(of name: Name?) throws(RPCError) -> [UInt8] {
        let chosen = try name.map { name throws(RPCError) in try number(ofCategory: name) }
        var totals = Array(repeating: Depth(), count: market.categories.count)
        var regions = Array(repeating: [String: Depth](), count: market.categories.count)
        let regionAttribute = market.schema.attributes.firstIndex {
            if case .region = $0.kind { true } else { false }
        }.map(AttributeNumber.init(index:))
        let now = now
        for order in market.orders
        where market.unliveness(of: order, at: now).isEmpty {
            let category = order.category.index
            totals[category].liveOrders += 1
            totals[category].liveDemand += order.remaining
            for predicate in order.terms.filter.predicates
            where predicate.attribute == regionAttribute {
                guard case .regions(let prefixes) = predicate.test else { continue }
                for prefix in prefixes {
                    regions[category][prefix.text, default: Depth()].liveDemand += order.remaining
                }
            }
        }
        for id in market.waitingLeads {
            guard let lead = market.openLead(id) else { continue }
            let region = regionAttribute.flatMap { lead.attributes[$0] }
                .flatMap(RegionCode.init(rawValue:))?.text
            for category in lead.categories {
                totals[category.index].waitingLeads += 1
                if let region {
                    regions[category.index][region, default: Depth()].waitingLeads += 1
                }
            }
        }
        let categories = market.categories.indices.filter { chosen == nil || chosen?.index == $0 }
        return JSONText.object { json in
            json.list("categories", categories) { json, index in
                json.member("category", market.categories[index].name)
                json.member("liveOrders", totals[index].liveOrders)
                json.member("liveDemand", totals[index].liveDemand)
                json.member("waitingLeads", totals[index].waitingLeads)
                json.list("regions", regions[index].sorted { $0.key < $1.key }) { json, region in
                    json.member("region", region.key)
                    json.member("liveDemand", region.value.liveDemand)
                    json.member("waitingLeads", region.value.waitingLeads)
                }
            }
            json.member("position", market.head)
        }
    }
}
