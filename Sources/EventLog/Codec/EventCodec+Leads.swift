internal import MarketCore

extension EventCodec {
    static func encode(_ lead: AcceptedLead, to writer: inout WireWriter) {
        writer.write(lead.channel, field: 1)
        writer.write(lead.identity, field: 2)
        encode(lead.attributes, field: 3, to: &writer)
        writer.writeMessage(field: 4) { encode(lead.consent, to: &$0) }
        writer.writeOptional(lead.preferredAdvisor, field: 5)
        writer.write(lead.contact, field: 6)
        writer.writeOptional(lead.contactSlot, field: 7)
    }

    static func encode(_ lead: RejectedLead, to writer: inout WireWriter) {
        writer.write(lead.channel, field: 1)
        writer.write(lead.identity, field: 2)
        encode(lead.attributes, field: 3, to: &writer)
        if let consent = lead.consent {
            writer.writeMessage(field: 4) { encode(consent, to: &$0) }
        }
        writer.writeOptional(lead.preferredAdvisor, field: 5)
        writer.write(lead.reason, field: 6)
        writer.write(lead.isPing, field: 7)
    }

    static func encode(_ consent: Consent, to writer: inout WireWriter) {
        writer.write(consent.givenAt, field: 1)
        writer.write(consent.agreement, field: 2)
        for institution in consent.institutions { writer.writeOptional(institution, field: 3) }
    }

    static func decodeConsent(_ reader: inout WireReader) throws(WireError) -> Consent {
        var givenAt = Timestamp.epoch
        var agreement: Digest32?
        var institutions: [String] = []
        while let field = try reader.nextField() {
            switch field {
            case 1: givenAt = try reader.time()
            case 2: agreement = try reader.digest32()
            case 3: institutions.append(try reader.text())
            default: break
            }
        }
        return Consent(
            givenAt: givenAt, agreement: try present(agreement, field: 2),
            institutions: institutions)
    }

    /// The fields that all leads share, however they came in.
    struct LeadFields {
        var channel = ChannelNumber(0)
        var identity: Identity?
        var attributes = Attributes()
        var consent: Consent?
        var preferredAdvisor: AdvisorNumber?

        mutating func read(_ field: UInt32, _ reader: inout WireReader) throws(WireError) {
            switch field {
            case 1: channel = try reader.dense()
            case 2: identity = try reader.bytes16()
            case 3:
                var message = try reader.message()
                attributes = try EventCodec.decodeAttributes(&message)
            case 4:
                var message = try reader.message()
                consent = try EventCodec.decodeConsent(&message)
            case 5: preferredAdvisor = try reader.dense()
            default: break
            }
        }
    }

    static func decodeLeadAccepted(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var fields = LeadFields()
        var contact: [UInt8] = []
        var contactSlot: UInt64?
        while let field = try next(&reader, &input) {
            switch field {
            case 6: contact = try reader.byteArray()
            case 7: contactSlot = try reader.number()
            default: try fields.read(field, &reader)
            }
        }
        return .leadAccepted(
            AcceptedLead(
                channel: fields.channel, identity: try present(fields.identity, field: 2),
                attributes: fields.attributes, consent: try present(fields.consent, field: 4),
                preferredAdvisor: fields.preferredAdvisor, contact: contact,
                contactSlot: contactSlot))
    }

    static func decodeLeadRejected(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var fields = LeadFields()
        var reason: LeadRejection?
        var isPing = false
        while let field = try next(&reader, &input) {
            switch field {
            case 6: reason = try reader.enumeration()
            case 7: isPing = try reader.flag()
            default: try fields.read(field, &reader)
            }
        }
        return .leadRejected(
            RejectedLead(
                channel: fields.channel, identity: try present(fields.identity, field: 2),
                attributes: fields.attributes, consent: fields.consent,
                preferredAdvisor: fields.preferredAdvisor, reason: try present(reason, field: 6),
                isPing: isPing))
    }

    static func decodeLeadClosed(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var lead = LogPosition.start
        var closure: LeadClosure?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: lead = try reader.position()
            case 2: closure = try reader.enumeration()
            default: break
            }
        }
        return .leadClosed(
            LeadID(try present(lead, field: 1)), try present(closure, field: 2))
    }

    static func decodePersonSuppressed(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var person: Identity?
        var reason = ""
        while let field = try next(&reader, &input) {
            switch field {
            case 1: person = try reader.bytes16()
            case 2: reason = try reader.text()
            default: break
            }
        }
        return .personSuppressed(try present(person, field: 1), reason: reason)
    }
}
