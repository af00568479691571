internal import LMDB
public import MarketCore

extension ViewReader {
    /// The summary of one lead, or `nil` when there is none at that position.
    ///
    /// - Complexity: O(log leads).
    public func lead(_ id: LeadID) throws(ViewError) -> LeadSummary? {
        try whole(id)?.summary
    }

    /// The positions of the events that concern `lead`, ascending, at most `limit`.
    ///
    /// - Complexity: O(log leads + events of the lead).
    public func stream(of lead: LeadID, limit: Int) throws(ViewError) -> [LogPosition] {
        Array((try whole(lead)?.events ?? []).prefix(limit))
    }

    /// Leads with ids under `before`, newest first, that `accepts`; looks at `examined` of them at
    /// the most and says where to go on.
    ///
    /// - Returns: The summaries; their last id is where the next page goes on from.
    public func leads(
        before: LeadID, limit: Int, examined: Int = 100_000,
        where accepts: (LeadSummary) -> Bool = { _ in true }
    ) throws(ViewError) -> [LeadSummary] {
        var found: [LeadSummary] = []
        guard limit > 0 else { return found }
        var rest = examined
        /// Takes a summary in; whether that was enough.
        func take(_ summary: LeadSummary) -> Bool {
            if accepts(summary) { found.append(summary) }
            rest -= 1
            return found.count >= limit || rest <= 0
        }
        try read { transaction, changes throws(ViewError) in
            for (index, change) in changes.enumerated().reversed() {
                let count = change.leads.openedCount(before: before)
                for entry in change.leads.opened.prefix(count).reversed() {
                    guard var summary = entry.summary else { continue }
                    changes[(index + 1)...].update(&summary)
                    if take(summary) { return }
                }
            }
            // The page of `before` itself may hold older leads, so reading begins after it.
            let (end, overflow) = before.rawValue.addingReportingOverflow(LeadPage.positions)
            let start = overflow ? nil : LeadPage(of: LeadID(end)).key.bytes
            try scan(tables.leads, in: transaction, before: start) {
                key, row throws(ViewError) in
                for lead in try LeadPage(key: key).leads(in: row).reversed()
                where lead.summary.id < before {
                    var summary = lead.summary
                    changes[...].update(&summary)
                    if take(summary) { return false }
                }
                return true
            }
        }
        return found
    }

    /// A lead with all its events.
    private func whole(_ id: LeadID) throws(ViewError) -> LeadPage.Lead? {
        try read { transaction, changes throws(ViewError) in
            var lead = try stored(id, transaction)
            for change in changes {
                guard let entry = change.leads.entry(of: id) else { continue }
                let events = change.leads.positions(of: entry)
                if var older = lead {
                    entry.update(&older.summary)
                    older.events += events
                    lead = older
                } else if let summary = entry.summary {
                    lead = LeadPage.Lead(summary: summary, events: events)
                }
            }
            return lead
        }
    }

    /// A lead as of the last checkpoint.
    private func stored(
        _ id: LeadID, _ transaction: borrowing Transaction
    ) throws(ViewError) -> LeadPage.Lead? {
        let page = LeadPage(of: id)
        do {
            guard let row = try transaction.value(for: page.key.bytes, in: tables.leads) else {
                return nil
            }
            return try page.leads(in: row).first { $0.summary.id == id }
        } catch {
            throw ViewError(error)
        }
    }
}

extension ArraySlice<ViewChanges> {
    /// Brings the summary of a lead up to date.
    fileprivate func update(_ summary: inout LeadSummary) {
        for change in self { change.leads.entry(of: summary.id)?.update(&summary) }
    }
}
