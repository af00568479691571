internal import MarketCore

// The market as a whole: its creation, its rules, time.

extension EventCodec {
    static func encode(_ foundation: MarketFoundation, to writer: inout WireWriter) {
        writer.write(UInt64(foundation.rulesVersion), field: 1)
        writer.write(foundation.clock, field: 2)
        writer.write(foundation.currency, field: 3)
        writer.write(Int64(foundation.utcOffsetMinutes), field: 4)
        writer.write(foundation.secretFingerprint, field: 5)
    }

    static func decodeMarketCreated(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var rulesVersion = 0
        var clock: ClockKind?
        var currency = ""
        var utcOffsetMinutes = 0
        var fingerprint: Bytes16?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: rulesVersion = try reader.count()
            case 2: clock = try reader.enumeration()
            case 3: currency = try reader.text()
            case 4:
                let offset = try reader.signedNumber()
                guard (-1_080...1_080).contains(offset) else { throw reader.invalidValue }
                utcOffsetMinutes = Int(offset)
            case 5: fingerprint = try reader.bytes16()
            default: break
            }
        }
        return .marketCreated(
            MarketFoundation(
                rulesVersion: rulesVersion, clock: try present(clock, field: 2),
                currency: currency, utcOffsetMinutes: utcOffsetMinutes,
                secretFingerprint: try present(fingerprint, field: 5)))
    }

    static func decodeRulesChanged(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var version = 0
        while let field = try next(&reader, &input) {
            if field == 1 { version = try reader.count() }
        }
        return .rulesChanged(version: version)
    }

    static func encodeTimePassed(_ through: DueItem?, to writer: inout WireWriter) {
        guard let through else { return }
        writer.writeMessage(field: 1) { writer in
            writer.write(through.time, field: 1)
            writer.write(through.kind, field: 2)
            writer.write(through.subject.rawValue, field: 3)
        }
    }

    static func decodeTimePassed(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var through: DueItem?
        while let field = try next(&reader, &input) {
            guard field == 1 else { continue }
            var message = try reader.message()
            through = try decodeDueItem(&message)
        }
        return .timePassed(through: through)
    }

    private static func decodeDueItem(_ reader: inout WireReader) throws(WireError) -> DueItem {
        var time = Timestamp.epoch
        var kind: DueItem.Kind?
        var subject = LogPosition.start
        while let field = try reader.nextField() {
            switch field {
            case 1: time = try reader.time()
            case 2: kind = try reader.enumeration()
            case 3: subject = try reader.position()
            default: break
            }
        }
        return DueItem(
            time: time, kind: try present(kind, field: 2),
            subject: try present(subject, field: 3))
    }

    static func encodeOffers(
        _ orders: [OrderID], _ leads: [LeadID], to writer: inout WireWriter
    ) {
        writer.writePacked(orders.lazy.map(\.rawValue), field: 1)
        writer.writePacked(leads.lazy.map(\.rawValue), field: 2)
    }

    static func decodeOffersDeferred(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var orders: [UInt64] = []
        var leads: [UInt64] = []
        while let field = try next(&reader, &input) {
            switch field {
            case 1: try reader.numbers(into: &orders)
            case 2: try reader.numbers(into: &leads)
            default: break
            }
        }
        guard !orders.contains(0), !leads.contains(0) else { throw reader.invalidValue }
        return .offersDeferred(orders: orders.map { OrderID($0) }, leads: leads.map { LeadID($0) })
    }
}
