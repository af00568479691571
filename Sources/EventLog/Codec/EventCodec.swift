public import MarketCore

/// Writes events as payloads in Protocol Buffers wire format, and reads them back.
///
/// The contract is `docs/events.proto`. Fields are only ever added; a field number is never used
/// for anything else; golden records of every event and version hold the codec to it.
public enum EventCodec {
    /// The field of every message that holds the ``MarketCore/InputContext``.
    static let inputField: UInt32 = 1000

    /// Writes the payload of `event`, and of the input context that the first event of a
    /// transaction carries.
    public static func encode(_ event: Event, input: InputContext?, to writer: inout WireWriter) {
        encode(event, to: &writer)
        if let input {
            writer.writeMessage(field: inputField) { encode(input, to: &$0) }
        }
    }

    /// Reads a payload.
    ///
    /// - Throws: ``WireError/unknownEvent(type:version:)`` when a newer program wrote it, else what
    ///   is wrong with it. Never traps, whatever the bytes.
    public static func decode(
        type: UInt16, version: UInt16, payload: RawSpan
    ) throws(WireError) -> (event: Event, input: InputContext?) {
        guard let known = EventType(rawValue: type), version >= 1, version <= known.currentVersion
        else { throw .unknownEvent(type: type, version: version) }
        var reader = WireReader(payload)
        var input: InputContext?
        let event = try decode(known, &reader, &input)
        return (event, input)
    }

    /// Moves to the event's next own field, and takes the input context on the way.
    static func next(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> UInt32? {
        while let field = try reader.nextField() {
            if field != inputField { return field }
            var message = try reader.message()
            input = try decodeInputContext(&message)
        }
        return nil
    }

    private static func encode(_ event: Event, to writer: inout WireWriter) {
        switch event {
        case .marketCreated(let foundation): encode(foundation, to: &writer)
        case .rulesChanged(let version): writer.write(UInt64(version), field: 1)
        case .configurationApplied(let change): encode(change, to: &writer)
        case .timePassed(let through): encodeTimePassed(through, to: &writer)
        case .offersDeferred(let orders, let leads): encodeOffers(orders, leads, to: &writer)
        case .advisorRegistered(let name, let profile):
            encodeAdvisor(name: name, profile: profile, to: &writer)
        case .advisorUpdated(let advisor, let profile):
            encodeAdvisor(number: advisor, profile: profile, to: &writer)
        case .availabilitySet(let advisor, let online):
            writer.write(advisor, field: 1)
            writer.write(online, field: 2)
        case .advisorSuspended(let advisor, let reason):
            writer.write(advisor, field: 1)
            writer.write(reason, field: 2)
        case .advisorReinstated(let advisor): writer.write(advisor, field: 1)
        case .advisorGraded(let advisor, let grade):
            writer.write(advisor, field: 1)
            writer.write(grade, field: 2)
        case .deposited(let advisor, let amount, let reference),
            .withdrawn(let advisor, let amount, let reference):
            encodeTransfer(advisor, amount, reference, to: &writer)
        case .channelPaid(let channel, let amount, let reference):
            encodeTransfer(channel, amount, reference, to: &writer)
        case .payeePaid(let payee, let amount, let reference):
            encodeTransfer(payee, amount, reference, to: &writer)
        case .orderPlaced(let advisor, let category, let terms):
            writer.write(advisor, field: 1)
            writer.write(category, field: 2)
            writer.writeMessage(field: 3) { encode(terms, to: &$0) }
        case .orderAmended(let order, let terms):
            writer.write(order, field: 1)
            writer.writeMessage(field: 2) { encode(terms, to: &$0) }
        case .orderPaused(let order), .orderResumed(let order), .orderCancelled(let order),
            .orderRenewed(let order):
            writer.write(order, field: 1)
        case .leadAccepted(let lead): encode(lead, to: &writer)
        case .leadRejected(let lead): encode(lead, to: &writer)
        case .leadPinged(let lead): encode(lead, to: &writer)
        case .leadPosted(let post): encode(post, to: &writer)
        case .leadTested(let lead): encode(lead, to: &writer)
        case .leadWithdrawn(let lead): writer.write(lead, field: 1)
        case .leadClosed(let lead, let closure):
            writer.write(lead, field: 1)
            writer.write(closure, field: 2)
        case .leadReserved(let reservation): encode(reservation, to: &writer)
        case .leadVoided(let assignment, let reason):
            writer.write(assignment, field: 1)
            writer.write(reason, field: 2)
        case .consentConfirmed(let assignment, let consent):
            writer.write(assignment, field: 1)
            writer.writeMessage(field: 2) { encode(consent, to: &$0) }
        case .leadReleased(let release): encode(release, to: &writer)
        case .assignmentAcknowledged(let assignment), .contactDisclosed(let assignment),
            .assignmentAccepted(let assignment):
            writer.write(assignment, field: 1)
        case .contactReported(let assignment, let report):
            encode(assignment, report, to: &writer)
        case .stageReported(let assignment, let report):
            encode(assignment, report, to: &writer)
        case .returnRequested(let assignment, let request):
            encode(assignment, request, to: &writer)
        case .returnDecided(let assignment, let decision):
            encode(assignment, decision, to: &writer)
        case .personSuppressed(let person, let reason):
            writer.write(person, field: 1)
            writer.write(reason, field: 2)
        case .personUnsuppressed(let person), .personErased(let person):
            writer.write(person, field: 1)
        case .channelPaused(let channel), .channelResumed(let channel):
            writer.write(channel, field: 1)
        case .channelPausedItself(let channel, let bad, let count):
            writer.write(channel, field: 1)
            writer.write(UInt64(bad), field: 2)
            writer.write(UInt64(count), field: 3)
        }
    }

    private static func decode(
        _ type: EventType, _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        switch type {
        case .marketCreated: try decodeMarketCreated(&reader, &input)
        case .rulesChanged: try decodeRulesChanged(&reader, &input)
        case .configurationApplied: try decodeConfigurationApplied(&reader, &input)
        case .timePassed: try decodeTimePassed(&reader, &input)
        case .offersDeferred: try decodeOffersDeferred(&reader, &input)
        case .advisorRegistered: try decodeAdvisorRegistered(&reader, &input)
        case .advisorUpdated: try decodeAdvisorUpdated(&reader, &input)
        case .availabilitySet: try decodeAvailabilitySet(&reader, &input)
        case .advisorSuspended: try decodeAdvisorSuspended(&reader, &input)
        case .advisorReinstated:
            .advisorReinstated(AdvisorNumber(try decodeNumber(&reader, &input)))
        case .advisorGraded: try decodeAdvisorGraded(&reader, &input)
        case .deposited:
            try decodeTransfer(&reader, &input) {
                .deposited(AdvisorNumber($0), amount: $1, reference: $2)
            }
        case .withdrawn:
            try decodeTransfer(&reader, &input) {
                .withdrawn(AdvisorNumber($0), amount: $1, reference: $2)
            }
        case .channelPaid:
            try decodeTransfer(&reader, &input) {
                .channelPaid(ChannelNumber($0), amount: $1, reference: $2)
            }
        case .payeePaid:
            try decodeTransfer(&reader, &input) {
                .payeePaid(PayeeNumber($0), amount: $1, reference: $2)
            }
        case .orderPlaced: try decodeOrderPlaced(&reader, &input)
        case .orderAmended: try decodeOrderAmended(&reader, &input)
        case .orderPaused: .orderPaused(OrderID(try decodePosition(&reader, &input)))
        case .orderResumed: .orderResumed(OrderID(try decodePosition(&reader, &input)))
        case .orderCancelled: .orderCancelled(OrderID(try decodePosition(&reader, &input)))
        case .orderRenewed: .orderRenewed(OrderID(try decodePosition(&reader, &input)))
        case .leadAccepted: try decodeLeadAccepted(&reader, &input)
        case .leadRejected: try decodeLeadRejected(&reader, &input)
        case .leadPinged: try decodeLeadPinged(&reader, &input)
        case .leadPosted: try decodeLeadPosted(&reader, &input)
        case .leadTested: try decodeLeadTested(&reader, &input)
        case .leadWithdrawn: .leadWithdrawn(LeadID(try decodePosition(&reader, &input)))
        case .leadClosed: try decodeLeadClosed(&reader, &input)
        case .leadReserved: try decodeLeadReserved(&reader, &input)
        case .leadVoided: try decodeLeadVoided(&reader, &input)
        case .assignmentAccepted:
            .assignmentAccepted(AssignmentID(try decodePosition(&reader, &input)))
        case .consentConfirmed: try decodeConsentConfirmed(&reader, &input)
        case .leadReleased: try decodeLeadReleased(&reader, &input)
        case .assignmentAcknowledged:
            .assignmentAcknowledged(AssignmentID(try decodePosition(&reader, &input)))
        case .contactDisclosed:
            .contactDisclosed(AssignmentID(try decodePosition(&reader, &input)))
        case .contactReported: try decodeContactReported(&reader, &input)
        case .stageReported: try decodeStageReported(&reader, &input)
        case .returnRequested: try decodeReturnRequested(&reader, &input)
        case .returnDecided: try decodeReturnDecided(&reader, &input)
        case .personSuppressed: try decodePersonSuppressed(&reader, &input)
        case .personUnsuppressed: .personUnsuppressed(try decodePerson(&reader, &input))
        case .personErased: .personErased(try decodePerson(&reader, &input))
        case .channelPaused: .channelPaused(ChannelNumber(try decodeNumber(&reader, &input)))
        case .channelResumed: .channelResumed(ChannelNumber(try decodeNumber(&reader, &input)))
        case .channelPausedItself: try decodeChannelPausedItself(&reader, &input)
        }
    }

    /// Reads a message whose only field is the dense number of something named.
    private static func decodeNumber(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> UInt32 {
        var number: UInt32 = 0
        while let field = try next(&reader, &input) {
            if field == 1 { number = try reader.number(as: UInt32.self) }
        }
        return number
    }

    /// Reads a message whose only field is an id.
    private static func decodePosition(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> LogPosition {
        var position = LogPosition.start
        while let field = try next(&reader, &input) {
            if field == 1 { position = try reader.position() }
        }
        return try present(position, field: 1)
    }

    /// Reads a message whose only field is a person's identity.
    private static func decodePerson(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Identity {
        var person: Identity?
        while let field = try next(&reader, &input) {
            if field == 1 { person = try reader.bytes16() }
        }
        return try present(person, field: 1)
    }
}
