import MarketCore

// Finding the members of a frame.
extension FrequentRequestReader {
    /// Steps over the envelope and everything in it, or to its parameters only.
    @inline(always)
    func envelope(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables,
        stopsAtParameters: Bool = false
    ) throws(Irregular) {
        var isInside = try frame.open(.openingBrace, .closingBrace)
        while isInside {
            switch try member(&frame, &parts, tables) {
            case .jsonrpc: try frame.version()
            case .id: parts.identifier = try frame.identifier()
            case .method: parts.method = tables.method(try frame.word(tables.methods))
            case .params:
                if stopsAtParameters { return }
                try parameters(&frame, &parts, tables)
            default: throw Irregular()
            }
            isInside = try frame.isFollowed(orBy: .closingBrace)
        }
    }

    /// Steps over the parameters, of whichever method.
    @inline(always)
    private func parameters(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) {
        var isInside = try frame.open(.openingBrace, .closingBrace)
        while isInside {
            switch try member(&frame, &parts, tables) {
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
            isInside = try frame.isFollowed(orBy: .closingBrace)
        }
    }

    /// Reads a lead's attributes into ``values``, in the order of their numbers.
    ///
    /// - Returns: A bit for each that has a value.
    @inline(never)
    private func attributes(
        _ place: inout PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> UInt64 {
        // What is at hand here stays in registers.
        var frame = place
        let (names, readings, values) = unsafe (tables.attributes, tables.readings, values)
        var last = MemberNames.none
        var presence: UInt64 = 0
        var count = 0
        var isInside = try frame.open(.openingBrace, .closingBrace)
        while isInside {
            let number = try frame.name(names, attributeOrder, after: &last)
            let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: number)
            guard presence & bit == 0 else { throw Irregular() }
            let value = try unsafe frame.value(readings + number, number, tables.words)
            unsafe values[count] = value
            if presence > bit {
                sink(value, from: count, to: (presence & (bit &- 1)).nonzeroBitCount)
            }
            presence |= bit
            count &+= 1
            isInside = try frame.isFollowed(orBy: .closingBrace)
        }
        place = frame
        return presence
    }

    /// Puts the value at `place` where it belongs, and those from there on behind it.
    @inline(never)
    private func sink(_ value: Int64, from place: Int, to first: Int) {
        var place = place
        while place > first {
            unsafe values[place] = values[place &- 1]
            place &-= 1
        }
        unsafe values[first] = value
    }

    /// Reads the name of a member that the interface defines and the frame did not have before.
    @inline(always)
    private func member(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) -> FrequentMember {
        let member = tables.member(
            try frame.name(tables.members, memberOrder, after: &parts.lastMember))
        try parts.members.insert(member)
        return member
    }

    @inline(always)
    private func consent(
        _ frame: inout PlainFrame, _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) {
        var isInside = try frame.open(.openingBrace, .closingBrace)
        while isInside {
            switch try member(&frame, &parts, tables) {
            case .givenAt: parts.givenAt = try frame.time()
            case .agreement: parts.agreement = try frame.digest()
            case .institutions: parts.institutions = try institutions(&frame)
            default: throw Irregular()
            }
            isInside = try frame.isFollowed(orBy: .closingBrace)
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
        var isInside = try frame.open(.openingBrace, .closingBrace)
        while isInside {
            switch try member(&frame, &parts, tables) {
            case .name:
                unsafe parts.name = try frame.text(length: 1...ContactDetails.maximumNameBytes)
            case .note:
                unsafe parts.note = try frame.text(length: 1...ContactDetails.maximumNoteBytes)
            default: throw Irregular()
            }
            isInside = try frame.isFollowed(orBy: .closingBrace)
        }
    }
}
