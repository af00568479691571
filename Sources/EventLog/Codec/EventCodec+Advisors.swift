internal import MarketCore

// Advisors, and money that comes and goes.

extension EventCodec {
    static func encodeAdvisor(name: Name, profile: AdvisorProfile, to writer: inout WireWriter) {
        writer.write(name.description, field: 1)
        writer.writeMessage(field: 2) { encode(profile, to: &$0) }
    }

    static func encodeAdvisor(
        number: AdvisorNumber, profile: AdvisorProfile, to writer: inout WireWriter
    ) {
        writer.write(number, field: 1)
        writer.writeMessage(field: 2) { encode(profile, to: &$0) }
    }

    private static func encode(_ profile: AdvisorProfile, to writer: inout WireWriter) {
        writer.write(profile.institution, field: 1)
        if let identity = profile.identity { writer.write(identity, field: 2) }
        writer.write(profile.grade, field: 3)
        writer.write(profile.derivesGrade, field: 4)
        writer.writeOptional(profile.dailyCap, field: 5)
        writer.writeOptional(profile.openWorkLimit, field: 6)
    }

    private static func decodeProfile(
        _ reader: inout WireReader
    ) throws(WireError) -> AdvisorProfile {
        var profile = AdvisorProfile(institution: "")
        var grade: Grade?
        while let field = try reader.nextField() {
            switch field {
            case 1: profile.institution = try reader.text()
            case 2: profile.identity = try reader.bytes16()
            case 3: grade = try reader.enumeration()
            case 4: profile.derivesGrade = try reader.flag()
            case 5: profile.dailyCap = try reader.count()
            case 6: profile.openWorkLimit = try reader.count()
            default: break
            }
        }
        profile.grade = try present(grade, field: 3)
        return profile
    }

    static func decodeAdvisorRegistered(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var name: Name?
        var profile: AdvisorProfile?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: name = try reader.name()
            case 2:
                var message = try reader.message()
                profile = try decodeProfile(&message)
            default: break
            }
        }
        return .advisorRegistered(
            name: try present(name, field: 1), profile: try present(profile, field: 2))
    }

    static func decodeAdvisorUpdated(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var advisor = AdvisorNumber(0)
        var profile: AdvisorProfile?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: advisor = try reader.dense()
            case 2:
                var message = try reader.message()
                profile = try decodeProfile(&message)
            default: break
            }
        }
        return .advisorUpdated(advisor, profile: try present(profile, field: 2))
    }

    static func decodeAvailabilitySet(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var advisor = AdvisorNumber(0)
        var online = false
        while let field = try next(&reader, &input) {
            switch field {
            case 1: advisor = try reader.dense()
            case 2: online = try reader.flag()
            default: break
            }
        }
        return .availabilitySet(advisor, online: online)
    }

    static func decodeAdvisorSuspended(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var advisor = AdvisorNumber(0)
        var reason = ""
        while let field = try next(&reader, &input) {
            switch field {
            case 1: advisor = try reader.dense()
            case 2: reason = try reader.text()
            default: break
            }
        }
        return .advisorSuspended(advisor, reason: reason)
    }

    static func decodeAdvisorGraded(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var advisor = AdvisorNumber(0)
        var grade: Grade?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: advisor = try reader.dense()
            case 2: grade = try reader.enumeration()
            default: break
            }
        }
        return .advisorGraded(advisor, try present(grade, field: 2))
    }

    static func encodeTransfer<Entity>(
        _ party: Number<Entity>, _ amount: Money, _ reference: String, to writer: inout WireWriter
    ) {
        writer.write(party, field: 1)
        writer.write(amount, field: 2)
        writer.write(reference, field: 3)
    }

    /// Reads a transfer, and makes an event of party, amount and reference.
    static func decodeTransfer(
        _ reader: inout WireReader, _ input: inout InputContext?,
        _ make: (UInt32, Money, String) -> Event
    ) throws(WireError) -> Event {
        var party: UInt32 = 0
        var amount = Money.zero
        var reference = ""
        while let field = try next(&reader, &input) {
            switch field {
            case 1: party = try reader.number(as: UInt32.self)
            case 2: amount = try reader.money()
            case 3: reference = try reader.text()
            default: break
            }
        }
        return make(party, amount, reference)
    }
}
