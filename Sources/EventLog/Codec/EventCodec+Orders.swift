internal import MarketCore

extension EventCodec {
    static func encode(_ terms: OrderTerms, to writer: inout WireWriter) {
        encode(terms.filter, field: 1, to: &writer)
        writer.write(UInt64(terms.quantity), field: 2)
        writer.write(terms.premium, field: 3)
        writer.write(UInt64(terms.priority), field: 4)
        writer.writeOptional(terms.maximumAge, field: 5)
        writer.writeOptional(terms.startsAt, field: 6)
        writer.writeOptional(terms.expiresAt, field: 7)
        for window in terms.schedule.windows {
            writer.writeMessage(field: 8) { writer in
                writer.write(UInt64(window.weekday), field: 1)
                writer.write(UInt64(window.startMinute), field: 2)
                writer.write(UInt64(window.endMinute), field: 3)
            }
        }
        writer.writeOptional(terms.hourCap, field: 9)
        writer.writeOptional(terms.dayCap, field: 10)
        writer.writeOptional(terms.daySpend, field: 11)
        writer.write(terms.renews, field: 12)
    }

    private static func decodeTerms(_ reader: inout WireReader) throws(WireError) -> OrderTerms {
        var terms = OrderTerms(filter: .everything, quantity: 0, priority: 0)
        var windows: [WeeklySchedule.Window] = []
        while let field = try reader.nextField() {
            switch field {
            case 1:
                var message = try reader.message()
                terms.filter = try decodeFilter(&message)
            case 2: terms.quantity = try reader.count()
            case 3: terms.premium = try reader.money()
            case 4: terms.priority = try reader.count()
            case 5: terms.maximumAge = try reader.span()
            case 6: terms.startsAt = try reader.time()
            case 7: terms.expiresAt = try reader.time()
            case 8:
                var message = try reader.message()
                windows.append(try decodeWindow(&message))
            case 9: terms.hourCap = try reader.count()
            case 10: terms.dayCap = try reader.count()
            case 11: terms.daySpend = try reader.money()
            case 12: terms.renews = try reader.flag()
            default: break
            }
        }
        guard let schedule = WeeklySchedule(windows) else { throw .invalidValue(field: 8) }
        terms.schedule = schedule
        return terms
    }

    private static func decodeWindow(
        _ reader: inout WireReader
    ) throws(WireError) -> WeeklySchedule.Window {
        var weekday = 0
        var startMinute = 0
        var endMinute = 0
        while let field = try reader.nextField() {
            switch field {
            case 1: weekday = try reader.count()
            case 2: startMinute = try reader.count()
            case 3: endMinute = try reader.count()
            default: break
            }
        }
        return WeeklySchedule.Window(
            weekday: weekday, startMinute: startMinute, endMinute: endMinute)
    }

    static func decodeOrderPlaced(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var advisor = AdvisorNumber(0)
        var category = CategoryNumber(0)
        var terms: OrderTerms?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: advisor = try reader.dense()
            case 2: category = try reader.dense()
            case 3:
                var message = try reader.message()
                terms = try decodeTerms(&message)
            default: break
            }
        }
        return .orderPlaced(advisor, category, terms: try present(terms, field: 3))
    }

    static func decodeOrderAmended(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var order = LogPosition.start
        var terms: OrderTerms?
        while let field = try next(&reader, &input) {
            switch field {
            case 1: order = try reader.position()
            case 2:
                var message = try reader.message()
                terms = try decodeTerms(&message)
            default: break
            }
        }
        return .orderAmended(
            OrderID(try present(order, field: 1)), terms: try present(terms, field: 2))
    }
}
