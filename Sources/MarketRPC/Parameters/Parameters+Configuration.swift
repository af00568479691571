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
        let rank = try optionalRank() ?? RankKey.defaultList
        let gates = try optionalGates() ?? Gates()
        let returns = try optionalReturnPolicy() ?? ReturnPolicy()
        try finish()
        return MarketConfiguration.Category(
            name: name, title: title, qualification: qualification ?? FilterSpecification(),
            ladder: ladder, exclusivity: exclusivity, splits: splits, retired: retired ?? false,
            rank: rank, gates: gates, returns: returns)
    }

    private mutating func optionalRank() throws(RPCError) -> [RankKey]? {
        let count = 0...RankKey.allCases.count
        guard let elements = try optionalArray("rank", count: count) else { return nil }
        var keys: [RankKey] = []
        for (index, element) in elements.enumerated() {
            let place = path.member("rank").element(index)
            let word = try Self.string(element, length: 1...64, at: place)
            guard let key = RankKey(word: word) else {
                throw RPCError.invalidParameter(
                    place,
                    "\"\(word.shortened)\" is not one of \(RankKey.words.joined(separator: ", ")).")
            }
            guard !keys.contains(key) else {
                throw RPCError.invalidParameter(place, "occurs twice; name each key once.")
            }
            keys.append(key)
        }
        return keys
    }

    private mutating func optionalGates() throws(RPCError) -> Gates? {
        guard var object = try optionalObject("gates") else { return nil }
        let gates = Gates(
            namedConsent: try object.optionalTimeout(
                "namedConsent", usual: Gates.defaultConsentTimeout),
            acceptance: try object.optionalTimeout(
                "acceptance", usual: Gates.defaultAcceptanceTimeout))
        try object.finish()
        return gates
    }

    private mutating func optionalReturnPolicy() throws(RPCError) -> ReturnPolicy? {
        guard var object = try optionalObject("returns") else { return nil }
        var policy = ReturnPolicy()
        if let window = try object.optionalTimespan("window", from: Timespan(microseconds: 0)) {
            policy.window = window
        }
        if let share = try object.optionalInteger("automaticShareBasisPoints", in: 0...10_000) {
            policy.automaticShare = Int(share)
        }
        let spans = 1...Int64(AdvisorRecord.length)
        if let span = try object.optionalInteger("automaticSpan", in: spans) {
            policy.automaticSpan = Int(span)
        }
        try object.finish()
        return policy
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
            title: try optionalString("title", length: titleBytes) ?? "", payout: try payout(),
            dailyCap: try optionalInteger("dailyCap", in: 0...maximumCap).map(Int.init),
            isTest: try optionalBool("test") ?? false)
        try finish()
        return (name, definition)
    }

    /// A fixed amount or a share of the charge; nothing by default.
    private mutating func payout() throws(RPCError) -> ChannelPayout {
        let fixed = try optionalInteger("payoutFen", in: 0...ChannelDefinition.maximumPayout.fen)
        let share = try optionalInteger("payoutBasisPoints", in: 0...10_000)
        switch (fixed, share) {
        case (_?, _?):
            throw RPCError.invalidParameter(
                path.member("payoutBasisPoints"), "cannot go with payoutFen; give one of them.")
        case (nil, let share?): return .share(basisPoints: Int(share))
        case (let fixed, nil): return .fixed(Money(fen: fixed ?? 0))
        }
    }

    private mutating func payee() throws(RPCError) -> (name: Name, title: String) {
        let name = try name("name")
        let title = try optionalString("title", length: titleBytes) ?? ""
        try finish()
        return (name, title)
    }
}
