import MarketCore

extension FrequentRequestReader {
    /// The assignment that a frontend or an operator names.
    func assignment(
        _ members: FrequentMembers, _ frame: borrowing PlainFrame
    ) throws(Irregular) -> AssignmentID {
        guard role == .frontend || role == .operator else { throw Irregular() }
        return try frame.entity(try members.required(.assignment))
    }

    /// What an advisor says about calling a lead.
    func contactReport(
        _ members: FrequentMembers, _ frame: borrowing PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> ContactReport {
        let firstCallAt = try frame.time(try members.required(.firstCallAt))
        let attempts = try frame.integer(try members.required(.attempts))
        let word = try frame.string(try members.required(.outcome))
        guard (1...1_000).contains(attempts),
            let number = tables.texts.number(
                of: word, in: CallTables.Domain.callOutcomes, frame)
        else { throw Irregular() }
        var evidence = ""
        if let place = members[.evidence] {
            evidence = frame.text(try frame.string(place, length: 0...64))
        }
        return ContactReport(
            firstCallAt: firstCallAt, attempts: Int(attempts),
            outcome: CallOutcome.allCases[number], evidence: evidence)
    }
}
