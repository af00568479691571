/// The leads that are neither sold nor closed, by id.
///
/// A lead keeps its slot while it is open; the slot of one that is gone is given to the next, so
/// that a closed lead leaves nothing behind.
public struct OpenLeads: Sendable {
    private var leads = ChunkedArray<Lead?>()
    private var vacant: [Int] = []
    private var slots = IDTable<Lead>()

    init() {}

    /// How many there are.
    public var count: Int { slots.count }

    /// Whether there are none.
    public var isEmpty: Bool { count == 0 }

    /// All of them, oldest first.
    ///
    /// - Complexity: O(n log n).
    public var inOrder: [Lead] { leads.indices.compactMap { leads[$0] }.sorted { $0.id < $1.id } }

    /// The open lead with `id`.
    ///
    /// - Complexity: O(1).
    public internal(set) subscript(id: LeadID) -> Lead? {
        get { slots[id].flatMap { leads[$0] } }
        _modify {
            if let slot = slots[id] {
                yield &leads[slot]
            } else {
                var none: Lead?
                yield &none
                precondition(none == nil, "a lead is opened by `open`")
            }
        }
    }

    /// The id of the lead in `slot`.
    func id(at slot: Int) -> LeadID {
        guard let lead = leads[slot] else { preconditionFailure("an open lead stands in its slot") }
        return lead.id
    }

    /// Adds a lead.
    ///
    /// - Returns: Its slot.
    /// - Complexity: O(1) amortised.
    mutating func open(_ lead: Lead) -> Int {
        let slot = vacant.popLast() ?? leads.count
        if slot == leads.count { leads.append(lead) } else { leads[slot] = lead }
        slots.insert(lead.id, slot: slot)
        return slot
    }

    /// Takes a lead out.
    ///
    /// - Complexity: O(1).
    mutating func close(_ id: LeadID) {
        guard let slot = slots.remove(id) else { preconditionFailure("an open lead is closed") }
        leads[slot] = nil
        vacant.append(slot)
    }
}
