public import MarketCore

/// Whether these leads wait, oldest first, and no others.
public func == (waiting: WaitingLeads, leads: [LeadID]) -> Bool {
    waiting.elementsEqual(leads)
}
