import MarketCore

// Finding the members of a frame.
extension FrequentRequestReader {
    /// Steps over the envelope and everything in it, or to its parameters only.
    @inline(always)
    func envelope(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables,
        stopsAtParameters: Bool = false
    ) throws(Irregular) {
        var isInside = try firstMember(&frame, &parts, tables)
        while isInside {
            switch try member(&parts, tables) {
            case .jsonrpc: try frame.version()
            case .id: parts.identifier = try frame.identifier()
            case .method: parts.method = tables.method(try frame.word(tables.methods))
            case .params:
                if stopsAtParameters { return }
                try parameters(&frame, &parts, tables)
            default: throw Irregular()
            }
            isInside = try nextMember(&frame, &parts, tables)
        }
    }

    /// Steps over the parameters, of whichever method.
    @inline(always)
    private func parameters(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) {
        var isInside = try firstMember(&frame, &parts, tables)
        while isInside {
            switch try member(&parts, tables) {
            case .channel: unsafe parts.channel = try frame.text()
            case .phone: unsafe parts.phone = try frame.text()
            case .phoneMD5: parts.phoneMD5 = try frame.bytes16()
            case .attributes: parts.attributes = try attributes(&frame, tables)
            case .consent: try consent(&frame, &parts, tables)
            case .contact: try contact(&frame, &parts, tables)
            case .preferredAdvisor: unsafe parts.preferredAdvisor = try frame.text()
            case .at: parts.at = try frame.time()
            case .lead: parts.lead = try frame.entity()
            case .assignment: parts.assignment = try frame.entity()
            case .firstCallAt: parts.firstCallAt = try frame.time()
            case .attempts: parts.attempts = try frame.integer(in: 1...1_000)
            case .outcome:
                parts.outcome = CallOutcome.allCases[try frame.word(tables.callOutcomes)]
            case .evidence: unsafe parts.evidence = try frame.text(length: 0...64)
            default: throw Irregular()
            }
            isInside = try nextMember(&frame, &parts, tables)
        }
    }

    /// Reads a lead's attributes into ``values``, each to the place that its number says.
    ///
    /// - Returns: A bit for each that has a value.
    @inline(never)
    private func attributes(
        _ place: inout PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> UInt64 {
        // What is at hand here stays in registers.
        var frame = place
        let (names, readings) = unsafe (tables.attributes, tables.readings)
        let order = attributeOrder
        var number = MemberNames.none
        var presence: UInt64 = 0
        let values = unsafe values
        var isInside = try frame.firstName(&number, names, order)
        while isInside {
            guard presence &>> UInt64(truncatingIfNeeded: number) & 1 == 0 else {
                throw Irregular()
            }
            let value = try unsafe frame.value(readings + number, number, tables.words)
            unsafe values[number] = value
            presence |= 1 &<< UInt64(truncatingIfNeeded: number)
            isInside = try frame.nextName(&number, names, order)
        }
        place = frame
        return presence
    }

    /// Steps into an object and reads the name of its first member; `false` when it is empty.
    @inline(always)
    private func firstMember(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) -> Bool {
        try frame.firstName(&parts.lastMember, tables.members, memberOrder)
    }

    /// Reads the name of the next member; `false` at the end of the object.
    @inline(always)
    private func nextMember(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) -> Bool {
        try frame.nextName(&parts.lastMember, tables.members, memberOrder)
    }

    /// The member whose name was read, which the frame did not have before.
    @inline(always)
    private func member(
        _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) -> FrequentMember {
        let member = tables.member(parts.lastMember)
        try parts.members.insert(member)
        return member
    }

    @inline(always)
    private func consent(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) {
        var isInside = try firstMember(&frame, &parts, tables)
        while isInside {
            switch try member(&parts, tables) {
            case .givenAt: parts.givenAt = try frame.time()
            case .agreement: parts.agreement = try frame.digest()
            case .institutions: parts.institutions = try institutions(&frame)
            default: throw Irregular()
            }
            isInside = try nextMember(&frame, &parts, tables)
        }
    }

    @inline(never)
    private func institutions(_ frame: inout PlainFrame) throws(Irregular) -> [String] {
        var institutions: [String] = []
        var isInside = try frame.open(.openingBracket, .closingBracket)
        while isInside {
            guard institutions.count < Consent.maximumInstitutions else { throw Irregular() }
            let text = try unsafe frame.text(length: institutionBytes)
            institutions.append(try unsafe String(plain: text))
            isInside = try frame.isFollowed(orBy: .closingBracket)
        }
        return institutions
    }

    @inline(never)
    private func contact(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) {
        var isInside = try firstMember(&frame, &parts, tables)
        while isInside {
            switch try member(&parts, tables) {
            case .name:
                unsafe parts.name = try frame.text(length: 1...ContactDetails.maximumNameBytes)
            case .note:
                unsafe parts.note = try frame.text(length: 1...ContactDetails.maximumNoteBytes)
            default: throw Irregular()
            }
            isInside = try nextMember(&frame, &parts, tables)
        }
    }
}
