/// All assignments ever made, by id.
///
/// They are added in order of id and stay. An assignment mostly stands right behind its lead in the log;
/// the others' leads are kept in a table of their own.
public struct Assignments: RandomAccessCollection, Sendable {
    private var assignments = ChunkedArray<Assignment>()
    private var places = AssignmentPlaces()
    /// Where the latest assignment stands of each lead whose latest one is not the event after the
    /// lead's.
    private var later = IDTable<Lead>()

    init() {}

    /// The place of the first.
    public var startIndex: Int { 0 }

    /// The place past the last.
    public var endIndex: Int { assignments.count }

    /// The assignment at a place, in order of id.
    public internal(set) subscript(place: Int) -> Assignment {
        _read { yield assignments[place] }
        _modify { yield &assignments[place] }
    }

    /// The assignment with `id`.
    ///
    /// - Complexity: O(1).
    public subscript(id: AssignmentID) -> Assignment? {
        guard let place = place(of: id) else { return nil }
        return assignments[place]
    }

    /// The latest assignment of a lead.
    ///
    /// - Complexity: O(1).
    public subscript(of lead: LeadID) -> Assignment? {
        if let place = later[lead] { return assignments[place] }
        guard let assignment = self[AssignmentID(lead.position.next)], assignment.lead == lead
        else { return nil }
        return assignment
    }

    /// Where the assignment with `id` stands; `nil` when there is none.
    ///
    /// - Complexity: O(1).
    public func place(of id: AssignmentID) -> Int? { places.place(of: id) }

    /// The place of the first assignment whose id is `id` or later; ``count`` when there is none.
    ///
    /// - Complexity: O(1).
    public func firstPlace(from id: AssignmentID) -> Int { places.firstPlace(from: id) }

    /// Visits the assignments at some places in order, each lent for the call.
    ///
    /// - Complexity: O(places); nothing is copied.
    public func visit(
        _ places: Range<Int>, _ body: (_ place: Int, borrowing Assignment) -> Void
    ) {
        for place in places { body(place, assignments[place]) }
    }

    /// Adds an assignment, whose id is later than all others'.
    ///
    /// - Complexity: O(1) amortised.
    mutating func append(_ assignment: consuming Assignment) {
        let (id, lead) = (assignment.id, assignment.lead)
        precondition(isEmpty || self[count - 1].id < id, "assignments come in order")
        if id.position != lead.position.next { later.set(lead, slot: count) }
        places.append(id)
        assignments.append(assignment)
    }

    /// Adds assignments, which may be moved rather than copied.
    ///
    /// - Returns: Whether that was possible: their ids are later than all others', and no chunk would
    ///   be left half empty in the middle.
    /// - Complexity: O(run), without a look at the assignments themselves.
    mutating func append(_ run: AssignmentRun) -> Bool {
        if let first = run.ids.first, let last, first <= last.id { return false }
        for (lead, place) in run.later { later.set(lead, slot: count + place) }
        guard assignments.append(chunksOf: run.assignments) else { return false }
        for id in run.ids { places.append(id) }
        return true
    }
}
