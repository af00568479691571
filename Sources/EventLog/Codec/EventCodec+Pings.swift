internal import MarketCore

// Leads that are asked about, posted or tested (R3.1, R8.5).

extension EventCodec {
    static func encode(_ lead: PingedLead, to writer: inout WireWriter) {
        writer.write(lead.channel, field: 1)
        writer.write(lead.identity, field: 2)
        encode(lead.attributes, field: 3, to: &writer)
        writer.writeOptional(lead.preferredAdvisor, field: 5)
    }

    static func decodeLeadPinged(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var fields = LeadFields()
        while let field = try next(&reader, &input) { try fields.read(field, &reader) }
        return .leadPinged(
            PingedLead(
                channel: fields.channel, identity: try present(fields.identity, field: 2),
                attributes: fields.attributes, preferredAdvisor: fields.preferredAdvisor))
    }

    static func encode(_ post: PostedLead, to writer: inout WireWriter) {
        writer.write(post.lead, field: 1)
        if let consent = post.consent {
            writer.writeMessage(field: 2) { encode(consent, to: &$0) }
        }
        writer.write(post.contact, field: 3)
        writer.writeOptional(post.contactSlot, field: 4)
        if let rejection = post.rejection { writer.write(rejection, field: 5) }
        encode(post.gates, field: 6, to: &writer)
    }

    static func decodeLeadPosted(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var lead = LogPosition.start
        var post = PostedLead(lead: LeadID(lead), consent: nil)
        while let field = try next(&reader, &input) {
            switch field {
            case 1: lead = try reader.position()
            case 2:
                var message = try reader.message()
                post.consent = try decodeConsent(&message)
            case 3: post.contact = try reader.byteArray()
            case 4: post.contactSlot = try reader.number()
            case 5: post.rejection = try reader.enumeration() as LeadRejection
            case 6:
                var message = try reader.message()
                post.gates = try decodePendingGates(&message)
            default: break
            }
        }
        post.lead = LeadID(try present(lead, field: 1))
        return .leadPosted(post)
    }

    static func encode(_ lead: TestedLead, to writer: inout WireWriter) {
        writer.write(lead.channel, field: 1)
        writer.write(lead.identity, field: 2)
        encode(lead.attributes, field: 3, to: &writer)
        if let consent = lead.consent {
            writer.writeMessage(field: 4) { encode(consent, to: &$0) }
        }
        writer.writeOptional(lead.preferredAdvisor, field: 5)
        if case .rejected(let reason) = lead.outcome { writer.write(reason, field: 6) }
        writer.write(lead.isPing, field: 7)
        switch lead.outcome {
        case .rejected: break
        case .unmatched: writer.writeMessage(field: 8) { _ in }
        case .matched(let order, let charge):
            writer.writeMessage(field: 9) { writer in
                writer.write(order, field: 1)
                writer.write(charge, field: 2)
            }
        }
    }

    static func decodeLeadTested(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var fields = LeadFields()
        var isPing = false
        var outcome: TestedLead.Outcome?
        while let field = try next(&reader, &input) {
            switch field {
            case 6: outcome = .rejected(try reader.enumeration())
            case 7: isPing = try reader.flag()
            case 8:
                _ = try reader.message()
                outcome = .unmatched
            case 9:
                var message = try reader.message()
                outcome = try decodeMatch(&message)
            default: try fields.read(field, &reader)
            }
        }
        return .leadTested(
            TestedLead(
                channel: fields.channel, identity: try present(fields.identity, field: 2),
                attributes: fields.attributes, consent: fields.consent,
                preferredAdvisor: fields.preferredAdvisor, isPing: isPing,
                outcome: try present(outcome, field: 6)))
    }

    private static func decodeMatch(
        _ reader: inout WireReader
    ) throws(WireError) -> TestedLead.Outcome {
        var order = LogPosition.start
        var charge = Money.zero
        while let field = try reader.nextField() {
            switch field {
            case 1: order = try reader.position()
            case 2: charge = try reader.money()
            default: break
            }
        }
        return .matched(OrderID(try present(order, field: 1)), charge: charge)
    }
}
