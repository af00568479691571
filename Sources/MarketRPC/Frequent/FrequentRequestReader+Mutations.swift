import MarketCore

// What the parts of a frame come to. They are passed as inout and left as they are: the compiler (6.3) copies all of
// them for a call that borrows them.
extension FrequentRequestReader {
    /// The identifier of the request; none for a notification.
    @inline(always)
    func identifier(_ parts: inout FrequentParts) throws(Irregular) -> RequestIdentifier? {
        switch parts.identifier {
        case .absent: nil
        case .null: .null
        case .integer(let number): .integer(number)
        case .text(let text): .string(try unsafe String(plain: text))
        }
    }

    /// What `method` makes of `parts`.
    @inline(always)
    func mutation(
        _ method: FrequentMethod, _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) -> Mutation {
        switch method {
        case .submitLead: .submitLead(try submission(&parts, tables))
        case .pingLead: .pingLead(try ping(&parts, tables))
        case .postLead: .postLead(try post(&parts, tables))
        case .acknowledgeAssignment: .command(.acknowledgeAssignment(try assignment(&parts)))
        case .reportContact: .command(try contactReport(&parts))
        }
    }

    @inline(never)
    private func submission(
        _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) -> LeadSubmissionRequest {
        LeadSubmissionRequest(
            channel: try channel(&parts), attributes: try attributes(&parts),
            consent: try consent(&parts), preferredAdvisor: try preferredAdvisor(&parts),
            contact: try contact(&parts, tables))
    }

    @inline(never)
    private func ping(
        _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) -> LeadPingRequest {
        let person: LeadPingRequest.Person
        switch unsafe (parts.phone, parts.phoneMD5) {
        case (let phone?, nil):
            person = .phone(digits: try unsafe tables.phoneDigits(phone))
        case (nil, let digest?): person = .md5(Hexadecimal.text(digest))
        case (nil, nil), (_?, _?): throw Irregular()
        }
        return LeadPingRequest(
            channel: try channel(&parts), person: person, attributes: try attributes(&parts),
            preferredAdvisor: try preferredAdvisor(&parts))
    }

    @inline(never)
    private func post(
        _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) -> LeadPostRequest {
        guard let lead = parts.lead else { throw Irregular() }
        return LeadPostRequest(
            lead: lead, channel: try ownChannel(), consent: try consent(&parts),
            contact: try contact(&parts, tables))
    }

    /// Whether the connection's role lets it ask for `method` at all.
    func mayCall(_ method: FrequentMethod) -> Bool {
        switch (method, role) {
        case (_, .frontend), (_, .operator): true
        case (.submitLead, .supplier), (.pingLead, .supplier), (.postLead, .supplier):
            channel != nil
        case (.acknowledgeAssignment, .supplier), (.reportContact, .supplier): false
        case (_, .market), (_, .auditor): false
        }
    }

    /// A supplier's own channel, `nil` for a frontend or an operator; others hand in nothing.
    @inline(always)
    private func ownChannel() throws(Irregular) -> Name? {
        switch role {
        case .frontend, .operator: return nil
        case .supplier:
            guard let channel else { throw Irregular() }
            return channel
        case .market, .auditor: throw Irregular()
        }
    }

    @inline(always)
    private func channel(_ parts: inout FrequentParts) throws(Irregular) -> Name {
        let own = try ownChannel()
        guard let text = unsafe parts.channel else {
            guard let own else { throw Irregular() }
            return own
        }
        let named = try unsafe names.name(text)
        guard own == nil || own == named else { throw Irregular() }
        return named
    }

    @inline(always)
    private func preferredAdvisor(_ parts: inout FrequentParts) throws(Irregular) -> Name? {
        guard let text = unsafe parts.preferredAdvisor else { return nil }
        guard role != .supplier else { throw Irregular() }
        return try unsafe names.name(text)
    }

    @inline(always)
    private func attributes(_ parts: inout FrequentParts) throws(Irregular) -> Attributes {
        guard let presence = parts.attributes else { throw Irregular() }
        let values = unsafe UnsafeBufferPointer(
            start: values, count: Attributes.width(of: presence))
        return Attributes(presence: presence, byNumber: unsafe Array(values))
    }

    @inline(always)
    private func consent(_ parts: inout FrequentParts) throws(Irregular) -> Consent? {
        guard parts.members.contains(.consent) else { return nil }
        guard let givenAt = parts.givenAt, let agreement = parts.agreement else {
            throw Irregular()
        }
        return Consent(
            givenAt: givenAt, agreement: agreement, institutions: parts.institutions ?? [])
    }

    @inline(always)
    private func contact(
        _ parts: inout FrequentParts, _ tables: CallTables
    ) throws(Irregular) -> ContactDetails {
        guard let phone = unsafe parts.phone else { throw Irregular() }
        var contact = ContactDetails(phone: try unsafe tables.phoneDigits(phone))
        if let name = unsafe parts.name { contact.name = try unsafe String(plain: name) }
        if let note = unsafe parts.note { contact.note = try unsafe String(plain: note) }
        return contact
    }

    /// The assignment that a frontend or an operator names.
    private func assignment(_ parts: inout FrequentParts) throws(Irregular) -> AssignmentID {
        guard mayCall(.acknowledgeAssignment), let assignment = parts.assignment else {
            throw Irregular()
        }
        return assignment
    }

    /// What an advisor says about calling a lead.
    private func contactReport(_ parts: inout FrequentParts) throws(Irregular) -> Command {
        guard let firstCallAt = parts.firstCallAt, let attempts = parts.attempts,
            let outcome = parts.outcome
        else { throw Irregular() }
        return .reportContact(
            try assignment(&parts),
            ContactReport(
                firstCallAt: firstCallAt, attempts: Int(attempts), outcome: outcome,
                evidence: try unsafe parts.evidence.map { text throws(Irregular) in
                    try unsafe String(plain: text)
                } ?? ""))
    }
}
