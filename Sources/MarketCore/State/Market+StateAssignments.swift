extension Market {
    /// Reads the assignments.
    ///
    /// - Returns: Where the reserved ones stand.
    /// - Complexity: O(assignments).
    mutating func readAssignments(
        _ reader: inout StateReader, marks: [StateMark], work: @escaping Work
    ) throws(StateError) -> [Int] {
        let count = try reader.count()
        let runs = try reader.stretches(
            .assignments, count: count, marks: marks, unit: ChunkedArray<Assignment>.chunkLength,
            work: work
        ) { reader, count throws(StateError) in try AssignmentRun(&reader, count: count) }
        var reserved: [Int] = []
        for run in runs {
            if let last = run.ids.last, last.position > head { throw .invalidValue }
            let start = assignments.count
            guard assignments.append(run) else { throw .invalidValue }
            for place in run.reserved { reserved.append(start + place) }
        }
        return reserved
    }
}

/// Assignments that follow one another, read apart from those before them.
struct AssignmentRun: Sendable {
    private(set) var assignments = ChunkedArray<Assignment>()
    /// Their ids, which ascend.
    private(set) var ids: [AssignmentID] = []
    /// The leads of those that do not stand right behind their lead, and where they stand.
    private(set) var later: [(lead: LeadID, place: Int)] = []
    /// Where the reserved ones stand.
    private(set) var reserved: [Int] = []

    fileprivate init(_ reader: inout StateReader, count: Int) throws(StateError) {
        var latest = AssignmentID(.start)
        for place in 0..<count {
            let assignment = try reader.assignment()
            let (id, lead) = (assignment.id, assignment.lead)
            guard id > latest, lead.position > .start, lead.position < id.position else {
                throw .invalidValue
            }
            latest = id
            ids.append(id)
            if id.position != lead.position.next { later.append((lead, place)) }
            if assignment.isReserved { reserved.append(place) }
            assignments.append(assignment)
        }
    }
}
