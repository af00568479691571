/// The leads that are neither sold nor closed, by id.
///
/// A lead keeps its slot while it is open; the slot of one that is gone is given to the next, so
/// that a closed lead leaves nothing behind.
public struct OpenLeads: Sendable {
    private var leads = ChunkedArray<Lead>()
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
    public var inOrder: [Lead] { slotsInOrder.map { leads[$0] } }

    /// The slots of all of them, the oldest lead's first.
    ///
    /// - Complexity: O(slots), and O(n log n) where they are in no order.
    var slotsInOrder: [Int] {
        var open: [(id: LeadID, slot: Int)] = []
        open.reserveCapacity(count)
        for slot in leads.indices where leads[slot].id.position > .start {
            open.append((leads[slot].id, slot))
        }
        open.sort { $0.id < $1.id }
        return open.map(\.slot)
    }

    /// What the reserved ones are reserved by, in no order.
    ///
    /// - Complexity: O(slots).
    var reservations: [AssignmentID] { leads.compactMap(\.reservation) }

    /// The open lead with `id`.
    ///
    /// - Complexity: O(1).
    public subscript(id: LeadID) -> Lead? {
        guard let slot = slots[id] else { return nil }
        return leads[slot]
    }

    /// Where the lead with `id` stands while it is open.
    ///
    /// - Complexity: O(1).
    func slot(of id: LeadID) -> Int? { slots[id] }

    /// The lead in a slot, in place.
    subscript(slot: Int) -> Lead {
        _read { yield leads[slot] }
        _modify { yield &leads[slot] }
    }

    /// How many leads there is room for before more is taken.
    var slotCount: Int { leads.count }

    /// Adds a lead.
    ///
    /// - Returns: Its slot.
    /// - Complexity: O(1) amortised.
    mutating func open(_ lead: consuming Lead) -> Int {
        let slot = vacant.popLast() ?? leads.count
        slots.insert(lead.id, slot: slot)
        if slot == leads.count { leads.append(lead) } else { leads[slot] = lead }
        return slot
    }

    /// Takes out the lead in a slot.
    ///
    /// - Complexity: O(1).
    mutating func close(_ slot: Int) {
        precondition(slots.remove(leads[slot].id) == slot, "an open lead is closed")
        leads[slot] = .none
        vacant.append(slot)
    }
}

extension Lead {
    /// What stands in a vacant slot.
    fileprivate static let none = Lead(
        id: LeadID(0), arrivedAt: .epoch, channel: ChannelNumber(0),
        identity: Identity(high: 0, low: 0), attributes: Attributes(), consentInstitutions: [],
        preferredAdvisor: nil, categories: [])
}
