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
            default: break
            }
        }
        guard let ladder = PriceLadder(rungs) else { throw .invalidValue(field: 4) }
        return .init(
            name: try present(name, field: 1),
            definition: CategoryDefinition(
                title: title, qualification: qualification, ladder: ladder,
                exclusivity: exclusivity, splits: splits, retired: retired))
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
            case 2:
                split.basisPoints = try reader.count()
                guard split.basisPoints <= 10_000 else { throw reader.invalidValue }
            default: break
            }
        }
        return split
    }
}
