internal import EventLog
internal import MarketCore
internal import MarketRPC
internal import Projections

extension FollowerState {
    /// The most events of one trace.
    private static let traceLimit = 10_000

    /// The result of `events.read`.
    func events(from position: LogPosition, count: Int) throws(RPCError) -> [UInt8] {
        let found = try reading { () throws(EventLogError) in
            try events(from: position, limit: count)
        }
        return JSONText.object { json in
            json.list("events", found) { json, recorded in
                json.event(recorded, in: market)
            }
            json.member("next", found.last?.position.next ?? position)
        }
    }

    /// The result of `lead.trace`: the events of the lead and of its assignment.
    func trace(_ lead: LeadID) throws(RPCError) -> [UInt8] {
        let limit = Self.traceLimit
        let positions = try looking { views throws(ViewError) in
            try views.stream(of: lead, limit: limit)
        }
        guard !positions.isEmpty else { throw RPCError(.unknownLead, field: "lead") }
        var found: [RecordedEvent] = []
        for position in positions {
            let recorded = try reading { () throws(EventLogError) in try event(at: position) }
            if let recorded { found.append(recorded) }
        }
        return JSONText.object { json in
            json.member("lead", lead)
            json.list("events", found) { json, recorded in
                json.event(recorded, in: market)
            }
            json.member("position", market.head)
        }
    }
}
