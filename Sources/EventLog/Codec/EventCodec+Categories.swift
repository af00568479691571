internal import MarketCore

extension EventCodec {
    static func encode(
        _ category: ConfigurationChange.Named<CategoryDefinition>, to writer: inout WireWriter
    ) {
        let definition = category.definition
        writer.write(category.name.description, field: 1)
        writer.write(definition.title, field: 2)
        encode(definition.qualification, field: 3, to: &writer)
        for rung in definition.ladder.rungs {
            writer.writeMessage(field: 4) { writer in
                writer.write(rung.maximumAge.microseconds, field: 1)
                writer.write(rung.price, field: 2)
            }
        }
        writer.writeOptional(definition.exclusivity, field: 5)
        for split in definition.splits {
            writer.writeMessage(field: 6) { writer in
                writer.write(split.payee, field: 1)
                writer.write(UInt64(split.basisPoints), field: 2)
            }
        }
        writer.write(definition.retired, field: 7)
        // Left out where it is what a record of before there were such terms means.
        if definition.rank != RankKey.defaultList {
            writer.writeMessage(field: 8) { writer in
                writer.writePacked(definition.rank.lazy.map(\.wireNumber), field: 1)
            }
        }
        if definition.gates != Gates() {
            writer.writeMessage(field: 9) { writer in
                writer.writeOptional(definition.gates.namedConsent, field: 1)
                writer.writeOptional(definition.gates.acceptance, field: 2)
            }
        }
        if definition.returns != ReturnPolicy() {
            writer.writeMessage(field: 10) { writer in
                writer.write(definition.returns.window, field: 1)
                writer.write(UInt64(definition.returns.automaticShare), field: 2)
                writer.write(UInt64(definition.returns.automaticSpan), field: 3)
            }
        }
    }

    static func decodeCategory(
        _ reader: inout WireReader
    ) throws(WireError) -> ConfigurationChange.Named<CategoryDefinition> {
        var name: Name?
        var title = ""
        var qualification = Filter.everything
        var rungs: [PriceLadder.Rung] = []
        var exclusivity: Timespan?
        var splits: [Split] = []
        var retired = false
        var rank = RankKey.defaultList
        var gates = Gates()
        var returns = ReturnPolicy()
        while let field = try reader.nextField() {
            switch field {
            case 1: name = try reader.name()
            case 2: title = try reader.text()
            case 3:
                var message = try reader.message()
                qualification = try decodeFilter(&message)
            case 4:
                var message = try reader.message()
                rungs.append(try decodeRung(&message))
            case 5: exclusivity = try reader.span()
            case 6:
                var message = try reader.message()
                splits.append(try decodeSplit(&message))
            case 7: retired = try reader.flag()
            case 8:
                var message = try reader.message()
                rank = try decodeRank(&message)
            case 9:
                var message = try reader.message()
                gates = try decodeGates(&message)
            case 10:
                var message = try reader.message()
                returns = try decodeReturnPolicy(&message)
            default: break
            }
        }
        guard let ladder = PriceLadder(rungs) else { throw .invalidValue(field: 4) }
        return .init(
            name: try present(name, field: 1),
            definition: CategoryDefinition(
                title: title, qualification: qualification, ladder: ladder,
                exclusivity: exclusivity, splits: splits, retired: retired, rank: rank,
                gates: gates, returns: returns))
    }

    private static func decodeRank(_ reader: inout WireReader) throws(WireError) -> [RankKey] {
        var numbers: [UInt64] = []
        while let field = try reader.nextField() {
            if field == 1 { try reader.numbers(into: &numbers) }
        }
        var rank: [RankKey] = []
        for number in numbers {
            let key: RankKey = try reader.choice(of: number)
            guard !rank.contains(key) else { throw reader.invalidValue }
            rank.append(key)
        }
        return rank
    }

    private static func decodeGates(_ reader: inout WireReader) throws(WireError) -> Gates {
        var gates = Gates()
        while let field = try reader.nextField() {
            switch field {
            case 1: gates.namedConsent = try reader.span()
            case 2: gates.acceptance = try reader.span()
            default: break
            }
        }
        return gates
    }

    private static func decodeReturnPolicy(
        _ reader: inout WireReader
    ) throws(WireError) -> ReturnPolicy {
        var policy = ReturnPolicy(
            window: Timespan(microseconds: 0), automaticShare: 0, automaticSpan: 0)
        while let field = try reader.nextField() {
            switch field {
            case 1: policy.window = try reader.span()
            case 2: policy.automaticShare = try reader.share()
            case 3: policy.automaticSpan = try reader.count()
            default: break
            }
        }
        return policy
    }

    private static func decodeRung(
        _ reader: inout WireReader
    ) throws(WireError) -> PriceLadder.Rung {
        var maximumAge = Timespan(microseconds: 0)
        var price = Money.zero
        while let field = try reader.nextField() {
            switch field {
            case 1: maximumAge = try reader.span()
            case 2: price = try reader.money()
            default: break
            }
        }
        return PriceLadder.Rung(maximumAge: maximumAge, price: price)
    }

    private static func decodeSplit(_ reader: inout WireReader) throws(WireError) -> Split {
        var split = Split(payee: PayeeNumber(0), basisPoints: 0)
        while let field = try reader.nextField() {
            switch field {
            case 1: split.payee = try reader.dense()
            case 2: split.basisPoints = try reader.share()
            default: break
            }
        }
        return split
    }
}
