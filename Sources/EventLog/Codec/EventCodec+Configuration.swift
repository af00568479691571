internal import MarketCore

extension EventCodec {
    static func encode(_ change: ConfigurationChange, to writer: inout WireWriter) {
        for attribute in change.attributes {
            writer.writeMessage(field: 1) { encode(attribute, to: &$0) }
        }
        for payee in change.payees {
            writer.writeMessage(field: 2) { writer in
                writer.write(payee.name.description, field: 1)
                writer.write(payee.definition, field: 2)
            }
        }
        for channel in change.channels {
            writer.writeMessage(field: 3) { writer in
                writer.write(channel.name.description, field: 1)
                writer.write(channel.definition.title, field: 2)
                switch channel.definition.payout {
                case .fixed(let amount): writer.write(amount, field: 3)
                case .share(let basisPoints): writer.writeOptional(basisPoints, field: 4)
                }
                writer.writeOptional(channel.definition.dailyCap, field: 5)
                writer.write(channel.definition.isTest, field: 6)
            }
        }
        for category in change.categories {
            writer.writeMessage(field: 4) { encode(category, to: &$0) }
        }
        if let settings = change.settings {
            writer.writeMessage(field: 5) { encode(settings, to: &$0) }
        }
    }

    static func decodeConfigurationApplied(
        _ reader: inout WireReader, _ input: inout InputContext?
    ) throws(WireError) -> Event {
        var change = ConfigurationChange()
        while let field = try next(&reader, &input) {
            guard (1...5).contains(field) else { continue }
            var message = try reader.message()
            switch field {
            case 1: change.attributes.append(try decodeAttribute(&message))
            case 2: change.payees.append(try decodePayee(&message))
            case 3: change.channels.append(try decodeChannel(&message))
            case 4: change.categories.append(try decodeCategory(&message))
            case _: change.settings = try decodeSettings(&message)
            }
        }
        return .configurationApplied(change)
    }

    private static func encode(_ attribute: Attribute, to writer: inout WireWriter) {
        writer.write(attribute.name.description, field: 1)
        switch attribute.kind {
        case .flag:
            writer.writeMessage(field: 2) { _ in }
        case .integer(let unit, let minimum, let maximum):
            writer.writeMessage(field: 3) { writer in
                writer.write(unit, field: 1)
                writer.write(minimum, field: 2)
                writer.write(maximum, field: 3)
            }
        case .choice(let words):
            writer.writeMessage(field: 4) { writer in
                for word in words { writer.writeOptional(word, field: 1) }
            }
        case .region(let lengths):
            writer.writeMessage(field: 5) { writer in
                writer.writePacked(lengths.lazy.map { UInt64($0) }, field: 1)
            }
        }
    }

    private static func decodeAttribute(
        _ reader: inout WireReader
    ) throws(WireError) -> Attribute {
        var name: Name?
        var kind: AttributeKind?
        while let field = try reader.nextField() {
            if field == 1 {
                name = try reader.name()
                continue
            }
            guard (2...5).contains(field) else { continue }
            var message = try reader.message()
            kind = try decodeKind(field, &message)
        }
        return Attribute(name: try present(name, field: 1), kind: try present(kind, field: 2))
    }

    private static func decodeKind(
        _ kind: UInt32, _ reader: inout WireReader
    ) throws(WireError) -> AttributeKind {
        var unit = ""
        var minimum: Int64 = 0
        var maximum: Int64 = 0
        var words: [String] = []
        var lengths: [UInt64] = []
        while let field = try reader.nextField() {
            switch (kind, field) {
            case (3, 1): unit = try reader.text()
            case (3, 2): minimum = try reader.signedNumber()
            case (3, 3): maximum = try reader.signedNumber()
            case (4, 1): words.append(try reader.text())
            case (5, 1): try reader.numbers(into: &lengths)
            default: break
            }
        }
        switch kind {
        case 3: return .integer(unit: unit, minimum: minimum, maximum: maximum)
        case 4: return .choice(words: words)
        case 5:
            guard lengths.allSatisfy({ $0 <= UInt64(RegionCode.maximumLength) }) else {
                throw reader.invalidValue
            }
            return .region(lengths: lengths.map { Int($0) })
        case _: return .flag
        }
    }

    private static func decodePayee(
        _ reader: inout WireReader
    ) throws(WireError) -> ConfigurationChange.Named<String> {
        var name: Name?
        var title = ""
        while let field = try reader.nextField() {
            switch field {
            case 1: name = try reader.name()
            case 2: title = try reader.text()
            default: break
            }
        }
        return .init(name: try present(name, field: 1), definition: title)
    }

    private static func decodeChannel(
        _ reader: inout WireReader
    ) throws(WireError) -> ConfigurationChange.Named<ChannelDefinition> {
        var name: Name?
        var definition = ChannelDefinition(title: "", payout: .fixed(.zero))
        while let field = try reader.nextField() {
            switch field {
            case 1: name = try reader.name()
            case 2: definition.title = try reader.text()
            case 3: definition.payout = .fixed(try reader.money())
            case 4: definition.payout = .share(basisPoints: try reader.share())
            case 5: definition.dailyCap = try reader.count()
            case 6: definition.isTest = try reader.flag()
            default: break
            }
        }
        return .init(name: try present(name, field: 1), definition: definition)
    }
}
