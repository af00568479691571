import EventLog
import MarketCore
import MarketRPC

/// The decisions of a log, each with what the rules said of every order just then.
struct PastDecisions {
    struct Decision {
        let lead: LeadID
        let position: LogPosition
        let kind: String
        /// The orders as `lead.explain` tells them.
        let items: [JSONValue]
    }

    /// The last decision about each lead, in log order.
    private(set) var decisions: [Decision] = []

    /// Evolves a market by the log from its beginning and looks at it before every decision.
    init(log directory: String) throws {
        let log = try EventLog(directory: directory)
        var market = Market()
        var last: [LeadID: Decision] = [:]
        var reserved: Set<LeadID> = []
        while true {
            let events = try log.events(from: market.head.next)
            if events.isEmpty { break }
            for recorded in events {
                switch recorded.event {
                case .leadReserved(let reservation):
                    reserved.insert(reservation.lead)
                    last[reservation.lead] = Self.decision(
                        "reserved", market.openLead(reservation.lead), recorded, market)
                case .leadClosed(let id, _) where !reserved.contains(id):
                    last[id] = Self.decision("closed", market.openLead(id), recorded, market)
                case .leadTested(let tested):
                    let id = LeadID(recorded.position)
                    let lead = market.hypotheticalLead(
                        id, channel: tested.channel, identity: tested.identity,
                        attributes: tested.attributes,
                        consentInstitutions: tested.consent?.institutions ?? [],
                        preferredAdvisor: tested.preferredAdvisor, at: recorded.time)
                    last[id] = Self.decision("tested", lead, recorded, market)
                default:
                    break
                }
                market.evolve(recorded)
            }
        }
        decisions = last.values.sorted { $0.position < $1.position }
    }

    private static func decision(
        _ kind: String, _ lead: Lead?, _ recorded: RecordedEvent, _ market: Market
    ) -> Decision? {
        guard let lead else { return nil }
        let items = market.verdicts(on: lead, at: recorded.time).map { verdict -> JSONValue in
            var writer = JSONWriter()
            writer.object { $0.verdict(verdict, in: market) }
            return (try? JSONParser().parse(writer.bytes).value) ?? .null
        }
        return Decision(lead: lead.id, position: recorded.position, kind: kind, items: items)
    }
}
