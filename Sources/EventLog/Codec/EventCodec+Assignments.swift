internal import MarketCore

// Reservations, what they wait for, releases and what advisors report on them.

extension EventCodec {
    static func encode(_ reservation: Reservation, to writer: inout WireWriter) {
        writer.write(reservation.lead, field: 1)
        writer.write(reservation.order, field: 2)
        writer.write(UInt64(reservation.categoryVersion), field: 3)
        writer.write(reservation.price, field: 4)
        writer.write(reservation.premium, field: 5)
        writer.write(reservation.channelPayout, field: 6)
        encode(reservation.gates, field: 7, to: &writer)
    }

    static func decodeLeadReserved(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var lead = LogPosition.start
        var order = LogPosition.start
        var categoryVersion = 0
        var price = Money.zero
        var premium = Money.zero
        var channelPayout = Money.zero
        var gates = PendingGates.none
        while let field = try next(&reader, &input) {
            switch field {
            case 1: lead = try reader.position()
            case 2: order = try reader.position()
            case 3: categoryVersion = try reader.count()
            case 4: price = try reader.money()
            case 5: premium = try reader.money()
            case 6: channelPayout = try reader.money()
            case 7:
                var message = try reader.message()
                gates = try decodePendingGates(&message)
            default: break
            }
        }
        return .leadReserved(
            Reservation(
                lead: LeadID(try present(lead, field: 1)),
                order: OrderID(try present(order, field: 2)), categoryVersion: categoryVersion,
                price: price, premium: premium, channelPayout: channelPayout, gates: gates))
    }

    /// Writes what is awaited; nothing when nothing is.
    static func encode(_ gates: PendingGates, field: UInt32, to writer: inout WireWriter) {
        if gates.isEmpty { return }
        writer.writeMessage(field: field) { writer in
            writer.writeOptional(gates.post, field: 1)
            writer.writeOptional(gates.consent, field: 2)
            writer.writeOptional(gates.acceptance, field: 3)
        }
    }

    static func decodePendingGates(
        _ reader: inout WireReader
    ) throws(WireError) -> PendingGates {
        var gates = PendingGates.none
        while let field = try reader.nextField() {
            switch field {
            case 1: gates.post = try reader.time()
            case 2: gates.consent = try reader.time()
            case 3: gates.acceptance = try reader.time()
            default: break
            }
        }
        return gates
    }

    static func decodeLeadVoided(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var assignment = LogPosition.start
        var reason: VoidReason?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: assignment = try reader.position()
            case 2: reason = try reader.enumeration()
            default: break
            }
        }
        return .leadVoided(
            AssignmentID(try present(assignment, field: 1)), try present(reason, field: 2))
    }

    static func decodeConsentConfirmed(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var assignment = LogPosition.start
        var consent: Consent?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: assignment = try reader.position()
            case 2:
                var message = try reader.message()
                consent = try decodeConsent(&message)
            default: break
            }
        }
        return .consentConfirmed(
            AssignmentID(try present(assignment, field: 1)), try present(consent, field: 2))
    }

    static func encode(_ release: Release, to writer: inout WireWriter) {
        writer.write(release.assignment, field: 1)
        writer.write(release.channelPayout, field: 2)
        for share in release.payeeShares {
            writer.writeMessage(field: 3) { writer in
                writer.write(share.payee, field: 1)
                writer.write(share.amount, field: 2)
            }
        }
        writer.writeOptional(release.boundUntil, field: 4)
    }

    static func decodeLeadReleased(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var assignment = LogPosition.start
        var channelPayout = Money.zero
        var shares: [PayeeShare] = []
        var boundUntil: Timestamp?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: assignment = try reader.position()
            case 2: channelPayout = try reader.money()
            case 3:
                var message = try reader.message()
                shares.append(try decodeShare(&message))
            case 4: boundUntil = try reader.time()
            default: break
            }
        }
        return .leadReleased(
            Release(
                assignment: AssignmentID(try present(assignment, field: 1)),
                channelPayout: channelPayout, payeeShares: shares, boundUntil: boundUntil))
    }

    private static func decodeShare(_ reader: inout WireReader) throws(WireError) -> PayeeShare {
        var share = PayeeShare(payee: PayeeNumber(0), amount: .zero)
        while let field = try reader.nextField() {
            switch field {
            case 1: share.payee = try reader.dense()
            case 2: share.amount = try reader.money()
            default: break
            }
        }
        return share
    }

    static func encode(
        _ assignment: AssignmentID, _ report: ContactReport, to writer: inout WireWriter
    ) {
        writer.write(assignment, field: 1)
        writer.write(report.firstCallAt, field: 2)
        writer.write(UInt64(report.attempts), field: 3)
        writer.write(report.outcome, field: 4)
        writer.write(report.evidence, field: 5)
    }

    static func decodeContactReported(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var assignment = LogPosition.start
        var firstCallAt = Timestamp.epoch
        var attempts = 0
        var outcome: CallOutcome?
        var evidence = ""
        while let field = try next(&reader, &input) {
            switch field {
            case 1: assignment = try reader.position()
            case 2: firstCallAt = try reader.time()
            case 3: attempts = try reader.count()
            case 4: outcome = try reader.enumeration()
            case 5: evidence = try reader.text()
            default: break
            }
        }
        return .contactReported(
            AssignmentID(try present(assignment, field: 1)),
            ContactReport(
                firstCallAt: firstCallAt, attempts: attempts,
                outcome: try present(outcome, field: 4), evidence: evidence))
    }

    static func encode(
        _ assignment: AssignmentID, _ report: StageReport, to writer: inout WireWriter
    ) {
        writer.write(assignment, field: 1)
        writer.write(report.stage, field: 2)
        writer.write(report.passed, field: 3)
        writer.write(report.reason, field: 4)
        writer.write(report.amount, field: 5)
    }

    static func decodeStageReported(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var assignment = LogPosition.start
        var stage: Stage?
        var passed = false
        var reason = ""
        var amount = Money.zero
        while let field = try next(&reader, &input) {
            switch field {
            case 1: assignment = try reader.position()
            case 2: stage = try reader.enumeration()
            case 3: passed = try reader.flag()
            case 4: reason = try reader.text()
            case 5: amount = try reader.money()
            default: break
            }
        }
        return .stageReported(
            AssignmentID(try present(assignment, field: 1)),
            StageReport(
                stage: try present(stage, field: 2), passed: passed, reason: reason,
                amount: amount))
    }
}
