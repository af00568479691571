/// All assignments ever made, by id.
///
/// They are added in order of id and stay, so an id is found by searching. An assignment mostly
/// stands right behind its lead in the log; the others' leads are kept in a table of their own.
public struct Assignments: RandomAccessCollection, Sendable {
    private var assignments = ChunkedArray<Assignment>()
    /// The latest assignment of each lead whose latest one is not the event after the lead's.
    private var later: [LeadID: AssignmentID] = [:]

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
    /// - Complexity: as ``place(of:)``.
    public subscript(id: AssignmentID) -> Assignment? {
        guard let place = place(of: id) else { return nil }
        return assignments[place]
    }

    /// The latest assignment of a lead.
    ///
    /// - Complexity: as ``place(of:)``.
    public subscript(of lead: LeadID) -> Assignment? {
        if let id = later[lead] { return self[id] }
        guard let assignment = self[AssignmentID(lead.position.next)], assignment.lead == lead
        else { return nil }
        return assignment
    }

    /// Where the assignment with `id` stands; `nil` when there is none.
    ///
    /// - Complexity: O(1) for the latest; else O(log log n) on average, as ids grow evenly, and
    ///   O(log n) at worst (interpolation search, every other step a bisection).
    public func place(of id: AssignmentID) -> Int? {
        let place = firstPlace(from: id)
        return place < count && assignments[place].id == id ? place : nil
    }

    /// The place of the first assignment whose id is `id` or later; ``count`` when there is none.
    ///
    /// - Complexity: as ``place(of:)``.
    public func firstPlace(from id: AssignmentID) -> Int {
        var low = 0
        var high = count
        guard high > 0 else { return 0 }
        var last = assignments[high - 1].id.rawValue
        if last <= id.rawValue { return last == id.rawValue ? high - 1 : high }
        var first = assignments[0].id.rawValue
        var bisects = false
        // Here first <= the ids of [low, high) <= last, and what is sought lies in [low, high].
        while low < high, first < id.rawValue {
            let middle: Int
            if bisects {
                middle = low + (high - low) / 2
            } else {
                let part = (id.rawValue - first).multipliedFullWidth(by: UInt64(high - low - 1))
                middle = low + Int((last - first).dividingFullWidth(part).quotient)
            }
            bisects.toggle()
            let found = assignments[middle].id.rawValue
            if found < id.rawValue {
                low = middle + 1
                guard low < high else { break }
                first = assignments[low].id.rawValue
            } else {
                high = middle
                last = found
            }
        }
        return low
    }

    /// Adds an assignment, whose id is later than all others'.
    ///
    /// - Complexity: O(1) amortised.
    mutating func append(_ assignment: consuming Assignment) {
        let (id, lead) = (assignment.id, assignment.lead)
        precondition(isEmpty || self[count - 1].id < id, "assignments come in order")
        assignments.append(assignment)
        if id.position != lead.position.next { later[lead] = id }
    }
}
