extension Market {
    /// How many persons are read before they are tied to their sales, and looked up before they are
    /// written: few enough to stay in a cache.
    private static let personBlock = 512

    /// Writes persons in the order given, a block looked up at a time, for the same reason as they
    /// are read so.
    func write(
        _ persons: [(identity: Identity, slot: PersonSlot)], to writer: inout StateWriter
    ) {
        var block: [Person] = []
        block.reserveCapacity(Self.personBlock)
        var first = 0
        while first < persons.count {
            let end = min(persons.count, first + Self.personBlock)
            block.removeAll(keepingCapacity: true)
            for index in first..<end { block.append(person(in: persons[index].slot)) }
            for index in first..<end {
                writer.write(persons[index].identity)
                writer.write(block[index - first])
            }
            first = end
        }
    }

    /// Reads everybody, and ties them to their open leads and to their last sales.
    ///
    /// - Complexity: O(persons).
    mutating func readPeople(
        _ reader: inout StateReader, marks: [StateMark], work: @escaping Work
    ) throws(StateError) {
        var lastPart = -1
        var openLeadCount = 0
        for run in try peopleRuns(&reader, marks: marks, work: work) {
            for part in run.parts {
                guard part.number > lastPart else { throw .invalidValue }
                lastPart = part.number
                people.fill(part: part.number, with: part.shard)
            }
            for (place, end) in run.bindings { assignments[place].boundUntil = end }
            for (lead, person) in run.leads { openLeads[lead].person = person }
            openLeadCount += run.leads.count
        }
        guard openLeadCount == openLeads.count else { throw .invalidValue }
    }

    /// Reads everybody, in the stretches that are marked.
    private func peopleRuns(
        _ reader: inout StateReader, marks: [StateMark], work: @escaping Work
    ) throws(StateError) -> [PeopleRun] {
        let count = try reader.count()
        return try reader.stretches(.persons, count: count, marks: marks, unit: 1, work: work) {
            reader, some throws(StateError) in
            // They are spread evenly over the parts of the table.
            let parts = max(1, People.partCount * some / max(1, count))
            return try peopleRun(&reader, count: some, parts: parts)
        }
    }

    /// Reads so many persons.
    ///
    /// Persons come by identity and their sales by time, so each sale is a read of memory that no
    /// cache has. Each step is therefore done for a whole block of persons: reads that do not wait
    /// for one another take hardly longer together than one alone.
    ///
    /// - Parameter parts: about how many parts of the table they are.
    private func peopleRun(
        _ reader: inout StateReader, count: Int, parts: Int
    ) throws(StateError) -> PeopleRun {
        var left = count
        let expected = min(left, reader.mostPersons) / parts * 17 / 16 + 16
        var block: [StatedPerson] = []
        var part: [PersonRecord] = []
        var run = PeopleRun()
        while left > 0 {
            block.removeAll(keepingCapacity: true)
            for _ in 0..<min(left, Self.personBlock) {
                block.append(
                    StatedPerson(identity: try reader.bytes16(), known: try reader.person()))
            }
            left -= block.count
            try findEntries(of: &block)
            try checkSales(of: block)
            try checkLeads(of: block)
            for person in block {
                let number = People.part(of: person.identity)
                if let last = part.last {
                    guard last.identity < person.identity else { throw .invalidValue }
                    if People.part(of: last.identity) != number {
                        run.append(part)
                        part = []
                    }
                }
                if part.isEmpty { part.reserveCapacity(expected) }
                var record = PersonRecord(person.identity)
                record.isSuppressed = person.known.isSuppressed
                record.isErased = person.known.isErased
                record.lastSale = person.sale
                if let sale = person.sale, let end = person.known.boundUntil {
                    run.bindings.append((sale, end))
                }
                if let lead = person.lead {
                    run.leads.append((lead, PersonSlot(shard: number, number: part.count)))
                    record.openLead = lead
                }
                part.append(record)
            }
        }
        run.append(part)
        return run
    }

    /// Finds where the last sales and the open leads of persons stand.
    private func findEntries(of persons: inout [StatedPerson]) throws(StateError) {
        for index in persons.indices {
            if let sale = persons[index].known.lastSale {
                guard let place = assignments.place(of: sale) else { throw .invalidValue }
                persons[index].sale = place
            }
            if let lead = persons[index].known.openLead {
                guard let slot = openLeads.slot(of: lead) else { throw .invalidValue }
                persons[index].lead = slot
            }
        }
    }

    /// Checks that the last sales of persons are theirs, and what the state says of them.
    private func checkSales(of persons: [StatedPerson]) throws(StateError) {
        for person in persons {
            guard let place = person.sale else {
                guard person.known.isUnbound else { throw .invalidValue }
                continue
            }
            // All of it at once: its fields lie in several lines of memory that no cache has.
            let sale = assignments[place]
            guard sale.identity == person.identity, sale.advisor == person.known.boundTo,
                sale.releasedAt == person.known.lastReleasedAt
            else { throw .invalidValue }
        }
    }

    /// Checks that the open leads of persons are theirs.
    private func checkLeads(of persons: [StatedPerson]) throws(StateError) {
        for person in persons {
            guard let lead = person.lead else { continue }
            guard openLeads[lead].identity == person.identity else { throw .invalidValue }
        }
    }
}

/// Persons that follow one another, read apart from those before them, and what is to be noted of them
/// elsewhere.
private struct PeopleRun: Sendable {
    /// Parts of the table, each whole, by ascending number.
    private(set) var parts: [(number: Int, shard: PeopleShard)] = []
    /// Where sales stand that bind for a time, and until when.
    var bindings: [(place: Int, end: Timestamp)] = []
    /// Where open leads stand, and whose they are.
    var leads: [(slot: Int, person: PersonSlot)] = []

    /// Adds the persons of a part, if any.
    mutating func append(_ persons: [PersonRecord]) {
        guard let first = persons.first else { return }
        parts.append((People.part(of: first.identity), PeopleShard(persons)))
    }
}

/// A person as a state tells of them.
private struct StatedPerson {
    let identity: Identity
    let known: Person
    /// Where their last sale stands, once it is found.
    var sale: Int?
    /// Where their open lead stands, once it is found.
    var lead: Int?
}

extension Person {
    /// Whether no sale is known of them.
    fileprivate var isUnbound: Bool {
        lastReleasedAt == nil && boundTo == nil && boundUntil == nil
    }
}
