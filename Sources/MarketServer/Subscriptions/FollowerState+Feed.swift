internal import EventLog
internal import MarketCore
internal import MarketRPC

extension FollowerState {
    /// Text of one slice, in bytes, after which no more is added.
    static let sliceBytes = 64 << 10
    /// Events looked at for one slice.
    static let sliceEvents = 1_024
    /// Redeliveries or alerts in one slice.
    static let sliceEntries = 128

    /// The next notifications of `feed`, whole lines; empty when there was nothing in the events
    /// looked at.
    ///
    /// What is new goes first, since a lead is worth most while it is fresh; a quarter of the slice
    /// is kept for what is delivered again.
    func slice(for feed: Feed) throws(EventLogError) -> [UInt8] {
        var writer = JSONWriter(capacity: Self.sliceBytes / 4)
        if feed.isAlerting(pushed.watched) { alertOverdue(feed, &writer) }
        let share = feed.isRedelivering ? Self.sliceBytes / 4 * 3 : Self.sliceBytes
        if writer.bytes.count < share, feed.next <= market.head {
            try deliver(feed, &writer, upTo: share)
        }
        if feed.isRedelivering { try redeliver(feed, &writer) }
        return writer.bytes
    }

    private func redeliver(
        _ feed: Feed, _ writer: inout JSONWriter
    ) throws(EventLogError) {
        guard case .assignments(let audience) = feed.request.kind else { return }
        let entries = pushed.slice(
            from: feed.redelivery, before: feed.redeliveryEnd, limit: Self.sliceEntries,
            reservations: feed.isFirstRound, in: market)
        let market = market
        for entry in entries {
            try write(Push(entry), to: audience, feed, &writer, in: market)
            feed.redelivery = entry.position.next
            if writer.bytes.count >= Self.sliceBytes { return }
        }
        if entries.count < Self.sliceEntries { feed.redelivery = feed.redeliveryEnd }
    }

    private func deliver(
        _ feed: Feed, _ writer: inout JSONWriter, upTo size: Int
    ) throws(EventLogError) {
        let market = market
        try visitSlice(from: feed.next, limit: Self.sliceEvents) {
            (recorded) throws(EventLogError) in
            switch feed.request.kind {
            case .assignments(let audience):
                if let push = firstPush(of: recorded) {
                    try write(push, to: audience, feed, &writer, in: market)
                }
            case .events:
                writer.notification("event") { writer in
                    writer.beginObject()
                    writer.member("subscription", Int(feed.request.number.rawValue))
                    writer.event(recorded, in: market)
                    writer.endObject()
                }
                writer.endLine()
            case .alerts:
                alert(of: recorded, feed, &writer)
            }
            feed.next = recorded.position.next
            return writer.bytes.count < size
        }
    }

    /// What an event makes frontends be told; `nil` when it is nothing.
    private func firstPush(of recorded: RecordedEvent) -> Push? {
        let position = recorded.position
        switch recorded.event {
        case .leadReserved(let reservation):
            guard !reservation.gates.isEmpty else { return nil }
            return Push(.reserved, AssignmentID(position), at: position)
        case .leadPosted(let post):
            guard post.rejection == nil, !post.gates.isEmpty else { return nil }
            // A pinged lead's reservation follows it at once, and only that one is posted.
            return Push(.reserved, AssignmentID(post.lead.position.next), at: position)
        case .leadVoided(let assignment, let reason):
            return Push(.voided(reason), assignment, at: position)
        case .leadReleased(let release):
            return Push(
                .released(post: pushed.release(at: position)?.post), release.assignment,
                at: position)
        default:
            return nil
        }
    }
}
