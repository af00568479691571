import MarketCore

extension FrequentRequestReader {
    /// The parameters of `lead.submit`.
    @inline(__always)
    func submission(
        _ members: FrequentMembers, _ frame: borrowing PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> LeadSubmissionRequest {
        let phone = try frame.phoneDigits(try members.required(.phone), tables.phonePattern)
        return LeadSubmissionRequest(
            channel: try channel(members, frame),
            attributes: try attributes(try members.required(.attributes), frame, tables),
            consent: try consent(members[.consent], frame, tables),
            preferredAdvisor: try preferredAdvisor(members, frame),
            contact: try contact(members[.contact], phone: phone, frame, tables))
    }

    /// The parameters of `lead.ping`.
    func ping(
        _ members: FrequentMembers, _ frame: borrowing PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> LeadPingRequest {
        let person: LeadPingRequest.Person
        switch (members[.phone], members[.phoneMD5]) {
        case (let phone?, nil):
            person = .phone(digits: try frame.phoneDigits(phone, tables.phonePattern))
        case (nil, let md5?):
            let part = try frame.string(md5, length: 32...32)
            let digest = Bytes16(
                high: try frame.hexadecimalWord(part.offset),
                low: try frame.hexadecimalWord(part.offset + 16))
            person = .md5(Hexadecimal.text(digest))
        case (nil, nil), (_?, _?):
            throw Irregular()
        }
        return LeadPingRequest(
            channel: try channel(members, frame), person: person,
            attributes: try attributes(try members.required(.attributes), frame, tables),
            preferredAdvisor: try preferredAdvisor(members, frame))
    }

    /// The parameters of `lead.post`.
    func post(
        _ members: FrequentMembers, _ frame: borrowing PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> LeadPostRequest {
        let phone = try frame.phoneDigits(try members.required(.phone), tables.phonePattern)
        return LeadPostRequest(
            lead: try frame.entity(try members.required(.lead)), channel: try ownChannel(),
            consent: try consent(members[.consent], frame, tables),
            contact: try contact(members[.contact], phone: phone, frame, tables))
    }

    /// A supplier's own channel, `nil` for a frontend or an operator; others hand in nothing.
    private func ownChannel() throws(Irregular) -> Name? {
        switch role {
        case .frontend, .operator: return nil
        case .supplier:
            guard let channel else { throw Irregular() }
            return channel
        case .market, .auditor: throw Irregular()
        }
    }

    private func channel(
        _ members: FrequentMembers, _ frame: borrowing PlainFrame
    ) throws(Irregular) -> Name {
        let own = try ownChannel()
        guard let place = members[.channel] else {
            guard let own else { throw Irregular() }
            return own
        }
        let named = try names.name(try frame.string(place), frame)
        guard own == nil || own == named else { throw Irregular() }
        return named
    }

    private func preferredAdvisor(
        _ members: FrequentMembers, _ frame: borrowing PlainFrame
    ) throws(Irregular) -> Name? {
        guard let place = members[.preferredAdvisor] else { return nil }
        guard role != .supplier else { throw Irregular() }
        return try names.name(try frame.string(place), frame)
    }

    private func attributes(
        _ object: Int, _ frame: borrowing PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> Attributes {
        guard frame.isKind(.object, object) else { throw Irregular() }
        var presence: UInt64 = 0
        var member = object + 1
        let end = frame.end(of: object)
        while member < end {
            guard
                let number = tables.texts.number(
                    of: frame.name(member), in: CallTables.Domain.attributes, frame),
                presence & 1 &<< UInt64(number) == 0
            else { throw Irregular() }
            presence |= 1 &<< UInt64(number)
            unsafe values[number] = try frame.value(member, ofAttribute: number, tables)
            member += 1
        }
        return unsafe Attributes(presence: presence, byNumber: values.span)
    }

    private static let consent = FrequentMembers.Mask(.givenAt, .agreement, .institutions)

    private func consent(
        _ place: Int?, _ frame: borrowing PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> Consent? {
        guard let place else { return nil }
        let members = try FrequentMembers(of: place, allowed: Self.consent, frame, tables)
        let agreement = try frame.string(try members.required(.agreement), length: 64...64).offset
        return Consent(
            givenAt: try frame.time(try members.required(.givenAt)),
            agreement: Digest32(
                high: Bytes16(
                    high: try frame.hexadecimalWord(agreement),
                    low: try frame.hexadecimalWord(agreement + 16)),
                low: Bytes16(
                    high: try frame.hexadecimalWord(agreement + 32),
                    low: try frame.hexadecimalWord(agreement + 48))),
            institutions: try institutions(members[.institutions], frame))
    }

    private func institutions(
        _ place: Int?, _ frame: borrowing PlainFrame
    ) throws(Irregular) -> [String] {
        guard let place else { return [] }
        guard frame.isKind(.array, place), frame.count(of: place) <= Consent.maximumInstitutions
        else { throw Irregular() }
        var institutions: [String] = []
        institutions.reserveCapacity(frame.count(of: place))
        for index in place + 1..<place + 1 + frame.count(of: place) {
            institutions.append(frame.text(try frame.string(index, length: institutionBytes)))
        }
        return institutions
    }

    private static let contact = FrequentMembers.Mask(.name, .note)

    private func contact(
        _ place: Int?, phone: String, _ frame: borrowing PlainFrame, _ tables: CallTables
    ) throws(Irregular) -> ContactDetails {
        var contact = ContactDetails(phone: phone)
        guard let place else { return contact }
        let members = try FrequentMembers(of: place, allowed: Self.contact, frame, tables)
        if let name = members[.name] {
            contact.name = frame.text(
                try frame.string(name, length: 1...ContactDetails.maximumNameBytes))
        }
        if let note = members[.note] {
            contact.note = frame.text(
                try frame.string(note, length: 1...ContactDetails.maximumNoteBytes))
        }
        return contact
    }
}
