internal import MarketCore
internal import MarketRPC
internal import Projections

extension FollowerState {
    /// The result of `account.statement`, oldest first; the cursor is the next line's position.
    func statement(of name: Name, _ page: Page) throws(RPCError) -> [UInt8] {
        let advisor = try number(ofAdvisor: name)
        let start = LogPosition(UInt64(try page.number() ?? 0))
        var lines = try looking { views throws(ViewError) in
            try views.statement(of: advisor, from: start, limit: page.limit + 1)
        }
        let next = lines.count > page.limit ? lines.removeLast().position : nil
        return JSONText.object { json in
            json.list("items", lines) { json, line in
                json.member("position", line.position)
                json.member("time", line.time)
                json.member("kind", line.kind.word)
                json.member("amountFen", line.amount)
                json.member("availableFen", line.available)
                if !line.reference.isEmpty { json.member("reference", line.reference) }
                if let assignment = line.assignment.flatMap({ market.assignment($0) }) {
                    json.member("lead", assignment.lead)
                    json.member("assignment", assignment.id)
                    json.member("order", assignment.order)
                }
            }
            if let next { json.member("cursor", "\(next.rawValue)") }
            json.member("position", market.head)
        }
    }

    /// The result of `stats.connectionRate` (R9.3).
    func connectionRate(_ selection: RateSelection) throws(RPCError) -> [UInt8] {
        let category = try selection.category.map { name throws(RPCError) in
            try number(ofCategory: name)
        }
        let channel = try selection.channel.map { name throws(RPCError) in
            try number(ofChannel: name)
        }
        let advisor = try selection.advisor.map { name throws(RPCError) in
            try number(ofAdvisor: name)
        }
        let counts = try looking { views throws(ViewError) in try views.connectionCounts() }
        var rows: [UInt32: ConnectionCount] = [:]
        for (key, count) in counts {
            if let category, key.category != category { continue }
            if let channel, key.channel != channel { continue }
            if let advisor, key.advisor != advisor { continue }
            rows[group(key, selection.grouping), default: ConnectionCount()] += count
        }
        return JSONText.object { json in
            json.list("rows", rows.sorted { $0.key < $1.key }) { json, row in
                json.member("key", self.word(row.key, selection.grouping))
                json.member("reported", row.value.reported)
                json.member("connected", row.value.connected)
                guard row.value.reported > 0 else { return }
                let interval = WilsonInterval(
                    successes: row.value.connected, trials: row.value.reported)
                json.member("rateBasisPoints", interval.rate)
                json.member("lowBasisPoints", interval.low)
                json.member("highBasisPoints", interval.high)
            }
            json.member("position", market.head)
        }
    }

    private func group(_ key: ConnectionKey, _ grouping: RateGrouping) -> UInt32 {
        switch grouping {
        case .bucket: UInt32(key.bucket.rawValue)
        case .category: key.category.rawValue
        case .channel: key.channel.rawValue
        case .advisor: key.advisor.rawValue
        }
    }

    private func word(_ key: UInt32, _ grouping: RateGrouping) -> String {
        switch grouping {
        case .bucket: DelayBucket(rawValue: UInt8(key))?.word ?? "\(key)"
        case .category: name(of: CategoryNumber(key)).description
        case .channel: name(of: ChannelNumber(key)).description
        case .advisor: name(of: AdvisorNumber(key)).description
        }
    }

    /// The result of `stats.leads`.
    func leadStatistics(_ grouping: LeadGrouping) throws(RPCError) -> [UInt8] {
        let counts = try looking { views throws(ViewError) in try views.leadCounts() }
        var rows: [Int64: LeadCount] = [:]
        for (key, count) in counts {
            let group: Int64 =
                switch grouping {
                case .status: 0
                case .channel: Int64(key.channel.rawValue)
                case .category: key.category.map { Int64($0.rawValue) } ?? -1
                }
            rows[group, default: LeadCount()] += count
        }
        if grouping == .status, rows.isEmpty { rows[0] = LeadCount() }
        if grouping == .category { countArrivals(in: &rows) }
        return JSONText.object { json in
            json.list("rows", rows.sorted { $0.key < $1.key }) { json, row in
                json.member("key", self.word(row.key, grouping))
                json.members(of: row.value)
            }
            json.member("position", market.head)
        }
    }

    /// Gives each category its arrivals: the leads sold and closed in it, and those that wait in it first.
    ///
    /// The views know of an arrival only its channel, because its categories may change while it waits.
    private func countArrivals(in rows: inout [Int64: LeadCount]) {
        var waiting: [Int64: Int] = [:]
        for lead in market.openLeads.inOrder {
            waiting[lead.categories.first.map { Int64($0.rawValue) } ?? -1, default: 0] += 1
        }
        for group in Set(rows.keys).union(waiting.keys) {
            var count = rows[group] ?? LeadCount()
            count.accepted =
                count.released + count.closed.values.reduce(0, +) + (waiting[group] ?? 0)
            rows[group] = count
        }
    }

    private func word(_ key: Int64, _ grouping: LeadGrouping) -> String {
        switch grouping {
        case .status: "all"
        case .channel: name(of: ChannelNumber(UInt32(key))).description
        case .category:
            key < 0 ? "none" : name(of: CategoryNumber(UInt32(key))).description
        }
    }
}

extension JSONWriter {
    fileprivate mutating func members(of count: LeadCount) {
        let rejected = count.rejected.values.reduce(0, +)
        member("submitted", count.accepted + rejected)
        member(
            "rejected",
            object: { json in
                for reason in LeadRejection.allCases {
                    guard let number = count.rejected[reason] else { continue }
                    json.name(text: reason.word)
                    json.integer(Int64(number))
                }
            })
        member("waiting", count.waiting)
        member("released", count.released)
        member("expired", count.closed[.expired] ?? 0)
        member("withdrawn", count.closed[.withdrawn] ?? 0)
        member("suppressed", count.closed[.suppressed] ?? 0)
        member("erased", count.closed[.erased] ?? 0)
        member("consentTimedOut", count.closed[.consentTimedOut] ?? 0)
        member("pingUnmatched", count.closed[.pingUnmatched] ?? 0)
        member("pingExpired", count.closed[.pingExpired] ?? 0)
        member("postRejected", count.closed[.postRejected] ?? 0)
        member("pinged", count.pinged)
        member("posted", count.posted)
        member("tested", count.tested)
        member("returned", count.returned)
        member("refundedFen", count.refunded)
        member("chargedFen", count.charged)
        member("payoutFen", count.payout)
    }
}

extension StatementLine.Kind {
    /// The kind's word on the wire.
    fileprivate var word: String {
        switch self {
        case .deposit: "deposit"
        case .withdrawal: "withdrawal"
        case .charge: "charge"
        case .refund: "return"
        }
    }
}

extension DelayBucket {
    /// The bucket's word on the wire.
    var word: String {
        switch self {
        case .within5Minutes: "within5Minutes"
        case .within30Minutes: "within30Minutes"
        case .withinHour: "withinHour"
        case .within24Hours: "within24Hours"
        case .within72Hours: "within72Hours"
        case .within7Days: "within7Days"
        case .later: "later"
        }
    }
}
