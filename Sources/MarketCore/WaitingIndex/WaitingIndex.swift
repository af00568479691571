/// The waiting leads by what orders ask for, so that an order that becomes live finds the newest
/// one that fits it without looking at the others (R6.4).
///
/// A lead stands in the list of its region code and in the list of all; orders that name regions
/// look into the lists of the codes under them, the others into the list of all. The lead of a bound
/// person, whom nobody else may have, stands in the list of that person's advisor instead (R4.4). What a list
/// answers is only likely: eligibility is the market's to check.
///
/// The newest lead is written into no list before another one comes: one that is sold in the
/// transaction it arrives in, as most are, costs nothing.
///
/// Invariants:
/// 1. A waiting lead is ``unplaced``, or stands in the list of all and that of its region, if it
///    declares one, or in the list of an advisor alone.
/// 2. A lead in an advisor's list is of a person bound to that advisor, whose binding either never
///    ends or is noted in ``ends``.
/// 3. ``codes`` ascend; no list of a region or an advisor is empty.
struct WaitingIndex: Sendable {
    /// What the planes of all lists stand for.
    let layout: PlaneLayout
    /// The lead that came last, while it is in no list.
    private(set) var unplaced: LeadID?
    /// All but the unplaced and those of bound persons.
    private(set) var all: WaitingList
    /// The packed region codes that have a list.
    private(set) var codes: [Int64] = []
    /// The lists of ``codes``.
    private(set) var regions: [WaitingList] = []
    /// The leads of bound persons by advisor.
    private(set) var bound: [AdvisorNumber: WaitingList] = [:]
    /// When bindings of leads in ``bound`` end, and of some that left.
    private var ends = DueQueue()

    /// An index without leads.
    init(_ layout: PlaneLayout) {
        self.layout = layout
        all = WaitingList(layout)
    }

    /// How many leads stand in it.
    var count: Int {
        all.count + bound.values.reduce(0) { $0 + $1.count } + (unplaced == nil ? 0 : 1)
    }

    /// Notes a lead that waits, without writing it into a list; no other may be unplaced.
    mutating func insert(_ id: LeadID) {
        precondition(unplaced == nil, "one lead at a time is unplaced")
        unplaced = id
    }

    /// Writes the unplaced lead into its lists.
    ///
    /// - Parameter person: whose lead it is.
    /// - Complexity: that of two insertions into a list; O(regions) for the first of its region.
    mutating func place(_ lead: Lead, of person: Person?, at time: Timestamp) {
        precondition(unplaced == lead.id, "the unplaced lead is placed")
        unplaced = nil
        guard let person, let advisor = person.binding(at: time) else { return spread(lead) }
        bound[advisor, default: WaitingList(layout)].insert(lead, layout)
        if let end = person.boundUntil {
            ends.insert(
                DueItem(time: end + .microsecond, kind: .bindingEnd, subject: lead.id.position))
        }
    }

    /// Takes out the lead with `id`, if it is the unplaced one.
    ///
    /// - Returns: Whether it was.
    mutating func removeUnplaced(_ id: LeadID) -> Bool {
        guard unplaced == id else { return false }
        unplaced = nil
        return true
    }

    /// Takes out a lead that stands in its lists.
    ///
    /// - Parameter advisor: whom its person was bound to last, if to anybody.
    /// - Complexity: that of two removals from a list.
    mutating func remove(_ lead: Lead, boundTo advisor: AdvisorNumber?) {
        if let advisor, removeBound(lead, advisor) { return }
        let stood = all.remove(lead.id)
        precondition(stood, "a waiting lead is in the index")
        guard let code = region(of: lead), let place = place(of: code) else { return }
        let stoodThere = regions[place].remove(lead.id)
        precondition(stoodThere, "a waiting lead is in the list of its region")
        if regions[place].count == 0 {
            regions.remove(at: place)
            codes.remove(at: place)
        }
    }

    /// The first noted end of a binding that is over at `time`, which is no longer noted.
    mutating func nextEnd(by time: Timestamp) -> LeadID? {
        guard let first = ends.first, first.time <= time else { return nil }
        ends.removeFirst()
        return LeadID(first.subject)
    }

    /// Moves a lead whose person's binding to `advisor` is over to where all can have it; nothing
    /// for one that is there already.
    mutating func unbind(_ lead: Lead, from advisor: AdvisorNumber) {
        if removeBound(lead, advisor) { spread(lead) }
    }

    /// The newest lead within `window` that `probe` lets pass and `isEligible`.
    ///
    /// - Parameters:
    ///   - regions: where; `nil` for anywhere, even for leads that do not say.
    ///   - advisor: who asks.
    ///   - touched: is raised by the number of blocks asked.
    /// - Complexity: O(blocks, of the lists asked, that are newer than the answer).
    func newest(
        _ probe: FilterProbe, in window: WaitingList.Window, regions: [RegionPrefix]?,
        advisor: AdvisorNumber, touched: inout Int, isEligible: (_ id: UInt64) -> Bool
    ) -> UInt64? {
        var window = window
        var newest: UInt64?
        if let list = bound[advisor] {
            newest = list.newest(probe, in: window, touched: &touched, isEligible: isEligible)
        }
        window.above = newest ?? window.above
        guard let regions else {
            return all.newest(probe, in: window, touched: &touched, isEligible: isEligible)
                ?? newest
        }
        for region in regions {
            var place = lowerBound(of: region.lower)
            while place < codes.count, codes[place] <= region.upper {
                if self.regions[place].newest > window.above {
                    newest =
                        self.regions[place].newest(
                            probe, in: window, touched: &touched, isEligible: isEligible) ?? newest
                    window.above = newest ?? window.above
                }
                place += 1
            }
        }
        return newest
    }

    private mutating func spread(_ lead: Lead) {
        all.insert(lead, layout)
        guard let code = region(of: lead) else { return }
        let place = lowerBound(of: code)
        if place == codes.count || codes[place] != code {
            codes.insert(code, at: place)
            regions.insert(WaitingList(layout), at: place)
        }
        regions[place].insert(lead, layout)
    }

    private mutating func removeBound(_ lead: Lead, _ advisor: AdvisorNumber) -> Bool {
        guard bound[advisor]?.remove(lead.id) == true else { return false }
        if bound[advisor]?.count == 0 { bound[advisor] = nil }
        return true
    }

    private func region(of lead: Lead) -> Int64? {
        layout.regionAttribute.flatMap { lead.attributes[$0] }
    }

    private func place(of code: Int64) -> Int? {
        let place = lowerBound(of: code)
        return place < codes.count && codes[place] == code ? place : nil
    }

    /// Where `code` stands or would stand.
    private func lowerBound(of code: Int64) -> Int {
        var low = 0
        var high = codes.count
        while low < high {
            let middle = (low + high) / 2
            if codes[middle] < code { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
