internal import MarketCore
internal import MarketRPC

extension FollowerState {
    /// Writes alerts about deliveries that are overdue and that `feed` has not alerted about.
    func alertOverdue(_ feed: Feed, _ writer: inout JSONWriter) {
        let entries = pushed.slice(
            from: feed.nextOverdue, before: pushed.watched.next, limit: Self.sliceEntries,
            reservations: false, in: market)
        for entry in entries {
            feed.nextOverdue = entry.position.next
            guard let assignment = market.assignment(entry.assignment) else { continue }
            writer.alert("deliveryOverdue", feed, at: entry.position) { writer in
                writer.member("assignment", assignment.id)
                writer.member("advisor", market.advisors[assignment.advisor.index].name)
                writer.member("since", assignment.releasedAt)
            }
            if writer.bytes.count >= Self.sliceBytes { return }
        }
        if entries.count < Self.sliceEntries { feed.nextOverdue = pushed.watched.next }
    }

    /// Writes the alert that an event is, if it is one.
    func alert(of recorded: RecordedEvent, _ feed: Feed, _ writer: inout JSONWriter) {
        guard case .channelPausedItself(let channel, let bad, let count) = recorded.event
        else { return }
        writer.alert("channelPaused", feed, at: recorded.position) { writer in
            writer.member("channel", market.channels[channel.index].name)
            writer.member("bad", bad)
            writer.member("of", count)
        }
    }
}

extension JSONWriter {
    /// Writes one `alert` notification, whose particulars `body` writes.
    fileprivate mutating func alert(
        _ kind: String, _ feed: Feed, at position: LogPosition,
        _ body: (inout JSONWriter) -> Void
    ) {
        notification("alert") { writer in
            writer.beginObject()
            writer.member("subscription", Int(feed.request.number.rawValue))
            writer.member("position", position)
            writer.member("kind", kind)
            body(&writer)
            writer.endObject()
        }
        endLine()
    }
}
