internal import EventLog
internal import MarketCore
internal import MarketRPC

extension FollowerState {
    /// Text of one slice, in bytes, after which no more is added.
    static let sliceBytes = 64 << 10
    /// Events looked at for one slice.
    static let sliceEvents = 1_024
    /// Redeliveries in one slice.
    static let sliceRedeliveries = 128

    /// The next notifications of `feed`, whole lines; empty when there was nothing in the events
    /// looked at.
    func slice(for feed: Feed) throws(EventLogError) -> [UInt8] {
        var writer = JSONWriter(capacity: Self.sliceBytes / 4)
        if feed.isRedelivering { try redeliver(feed, &writer) }
        if writer.bytes.count < Self.sliceBytes, feed.next <= market.head {
            try deliver(feed, &writer)
        }
        return writer.bytes
    }

    private func redeliver(
        _ feed: Feed, _ writer: inout JSONWriter
    ) throws(EventLogError) {
        guard case .assignments(let advisor) = feed.request.kind else { return }
        let entries = pushed.slice(
            from: feed.redelivery, before: feed.redeliveryEnd, limit: Self.sliceRedeliveries,
            in: market)
        for entry in entries {
            try push(entry.assignment, at: entry.release, isAgain: true, advisor, feed, &writer)
            feed.redelivery = entry.release.next
            if writer.bytes.count >= Self.sliceBytes { return }
        }
        if entries.count < Self.sliceRedeliveries { feed.redelivery = feed.redeliveryEnd }
    }

    private func deliver(
        _ feed: Feed, _ writer: inout JSONWriter
    ) throws(EventLogError) {
        for recorded in try events(from: feed.next, limit: Self.sliceEvents) {
            switch feed.request.kind {
            case .assignments(let advisor):
                if case .leadReleased(let release) = recorded.event {
                    try push(
                        release.assignment, at: recorded.position, isAgain: false, advisor, feed,
                        &writer)
                }
            case .events:
                writer.notification("event") { writer in
                    writer.beginObject()
                    writer.member("subscription", Int(feed.request.number.rawValue))
                    writer.event(recorded, in: market)
                    writer.endObject()
                }
                writer.endLine()
            }
            feed.next = recorded.position.next
            if writer.bytes.count >= Self.sliceBytes { return }
        }
    }

    /// Writes one `assignment` notification, unless it is another advisor's.
    ///
    /// A first delivery is made even of what was acknowledged or erased meanwhile, so that every
    /// subscriber sees every release once; the contact is then left out (R8.6).
    private func push(
        _ id: AssignmentID, at release: LogPosition, isAgain: Bool, _ advisor: AdvisorNumber?,
        _ feed: Feed, _ writer: inout JSONWriter
    ) throws(EventLogError) {
        guard let assignment = market.assignment(id) else { return }
        if let advisor, assignment.advisor != advisor { return }
        guard let recorded = try event(at: assignment.lead.position),
            case .leadAccepted(let lead) = recorded.event
        else { return }
        // A contact that cannot be opened must not stop everybody's pushes: it is missing from its own.
        let contact = assignment.isPushed ? try? contact(of: lead) : nil
        writer.notification("assignment") { writer in
            writer.beginObject()
            writer.member("subscription", Int(feed.request.number.rawValue))
            writer.member("position", release)
            writer.member("redelivered", isAgain)
            writer.saleMembers(of: assignment, in: market)
            writer.member("attributes", lead.attributes, market.schema)
            if let contact {
                writer.name("contact")
                writer.contact(contact)
            }
            writer.endObject()
        }
        writer.endLine()
    }

    /// A lead's contact; `nil` when there is none or it was erased.
    func contact(of lead: AcceptedLead) throws(EventLogError) -> ContactDetails? {
        guard let slot = lead.contactSlot, !lead.contact.isEmpty,
            case .key(let key) = try vault.read(slot)
        else { return nil }
        return ContactDetails(encoded: try ContactSealer.open(lead.contact, with: key))
    }
}
