public import MarketCore

/// How long a title is, in bytes.
let titleBytes = 0...128
/// The most attributes, categories, channels or payees of one configuration.
let configurationItems = 0...4_096

extension Parameters {
    /// A declarative configuration; must be there. What depends on the market's state is left to the market.
    public mutating func configuration(
        _ name: String
    ) throws(RPCError) -> MarketConfiguration {
        var object = try object(name)
        var configuration = MarketConfiguration()
        for var item in try object.optionalObjects("attributes", count: configurationItems) ?? [] {
            configuration.attributes.append(try item.attribute())
        }
        for var item in try object.optionalObjects("categories", count: configurationItems) ?? [] {
            configuration.categories.append(try item.category())
        }
        for var item in try object.optionalObjects("channels", count: configurationItems) ?? [] {
            configuration.channels.append(try item.channel())
        }
        for var item in try object.optionalObjects("payees", count: configurationItems) ?? [] {
            configuration.payees.append(try item.payee())
        }
        if var item = try object.optionalObject("settings") {
            configuration.settings = try item.settings()
        }
        try object.finish()
        return configuration
    }

    private mutating func attribute() throws(RPCError) -> Attribute {
        let name = try name("name")
        let kind: AttributeKind
        switch try wireWord("kind", as: AttributeKindWord.self) {
        case .flag:
            kind = .flag
        case .integer:
            let minimum = try integer("minimum", in: Int64.min...Int64.max)
            let maximum = try integer("maximum", in: Int64.min...Int64.max)
            guard minimum <= maximum else {
                throw RPCError.invalidParameter(
                    path.member("maximum"), "is below the minimum of \(minimum).")
            }
            kind = .integer(
                unit: try optionalString("unit", length: 0...32) ?? "", minimum: minimum,
                maximum: maximum)
        case .choice:
            let words = try strings(
                "words", count: 1...AttributeSchema.maximumWords, length: 1...64)
            guard Set(words).count == words.count else {
                throw RPCError.invalidParameter(
                    path.member("words"), "has a word twice; give each once.")
            }
            kind = .choice(words: words)
        case .region:
            let lengths = try present(
                "lengths",
                try optionalIntegers(
                    "lengths", count: 1...RegionCode.maximumLength,
                    in: 1...Int64(RegionCode.maximumLength)))
            guard zip(lengths, lengths.dropFirst()).allSatisfy(<) else {
                throw RPCError.invalidParameter(
                    path.member("lengths"), "must ascend, such as [2, 4, 6].")
            }
            kind = .region(lengths: lengths.map(Int.init))
        }
        try finish()
        return Attribute(name: name, kind: kind)
    }

    private mutating func category() throws(RPCError) -> MarketConfiguration.Category {
        let name = try name("name")
        let title = try optionalString("title", length: titleBytes) ?? ""
        let qualification = try optionalFilterSpecification("qualification")
        let ladder = try ladder()
        let exclusivity = try timespanOrForever("exclusivity")
        var splits: [(payee: Name, basisPoints: Int)] = []
        for var item in try optionalObjects("splits", count: 0...64) ?? [] {
            splits.append(
                (try item.name("payee"), Int(try item.integer("basisPoints", in: 1...10_000))))
            try item.finish()
        }
        let retired = try optionalBool("retired")
        try finish()
        return MarketConfiguration.Category(
            name: name, title: title, qualification: qualification ?? FilterSpecification(),
            ladder: ladder, exclusivity: exclusivity, splits: splits, retired: retired ?? false)
    }

    private mutating func ladder() throws(RPCError) -> PriceLadder {
        var rungs: [PriceLadder.Rung] = []
        for var item in try objects("ladder", count: 1...PriceLadder.maximumRungs) {
            let age = try item.timespan("maxAge")
            if let last = rungs.last, age <= last.maximumAge {
                throw RPCError.invalidParameter(
                    item.path.member("maxAge"),
                    "must be above \(DurationText.format(last.maximumAge)), the age of the rung before."
                )
            }
            rungs.append(
                PriceLadder.Rung(maximumAge: age, price: try item.money("priceFen", from: 0)))
            try item.finish()
        }
        guard let ladder = PriceLadder(rungs) else {
            throw RPCError.invalidParameter(
                path.member("ladder"), "is no price ladder; give ascending ages.")
        }
        return ladder
    }

    private mutating func channel() throws(RPCError) -> (name: Name, definition: ChannelDefinition)
    {
        let name = try name("name")
        let definition = ChannelDefinition(
            title: try optionalString("title", length: titleBytes) ?? "",
            payout: try optionalInteger("payoutFen", in: 0...ChannelDefinition.maximumPayout.fen)
                .map(Money.init(fen:)) ?? .zero)
        try finish()
        return (name, definition)
    }

    private mutating func payee() throws(RPCError) -> (name: Name, title: String) {
        let name = try name("name")
        let title = try optionalString("title", length: titleBytes) ?? ""
        try finish()
        return (name, title)
    }

    private mutating func settings() throws(RPCError) -> MarketConfiguration.Settings {
        var settings = MarketConfiguration.Settings()
        settings.duplicateWindow = try optionalTimespan(
            "duplicateWindow", from: Timespan(microseconds: 0))
        if let text = try optionalString("phonePattern", length: 1...128) {
            guard let pattern = PhonePattern(text) else {
                throw RPCError.invalidParameter(
                    path.member("phonePattern"),
                    "is no pattern; write digits, classes such as [3-9] and \\d, each with {n} for repetition."
                )
            }
            settings.phonePattern = pattern
        }
        settings.categoryOrder = try optionalNames("categoryOrder", count: configurationItems)
        try finish()
        return settings
    }
}
