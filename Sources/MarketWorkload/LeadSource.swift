import MarketCore

/// Makes up the leads of a workload.
struct LeadSource {
    private let kind: WorkloadKind
    private let advisors: Int
    private let schema: AttributeSchema
    private let numbers: [String: AttributeNumber]
    private let source: SyntheticLeads
    private var random: SplitMix64

    init(kind: WorkloadKind, advisors: Int, schema: AttributeSchema, seed: UInt64) {
        self.kind = kind
        self.advisors = advisors
        self.schema = schema
        var numbers: [String: AttributeNumber] = [:]
        for (index, attribute) in schema.attributes.enumerated() {
            numbers[attribute.name.description] = AttributeNumber(index: index)
        }
        self.numbers = numbers
        let hotShare: Double =
            switch kind {
            case .hotRegion: 0.9
            case .noMatch: 1
            case .mixed, .correlated, .notLive, .churn, .equalRank: 0
            }
        source = SyntheticLeads(regions: SyntheticRegions(hotShare: hotShare))
        random = SplitMix64(seed: seed, text: "leads \(kind.rawValue)")
    }

    /// So many leads, no two of which declare the same.
    consuming func leads(_ count: Int) -> [WorkloadLead] {
        let channels = Dictionary(
            uniqueKeysWithValues: FittedShares.steadyChannels.map {
                ($0.name, ShippedMarket.name($0.name))
            })
        var known: Set<Attributes> = []
        var leads: [WorkloadLead] = []
        leads.reserveCapacity(count)
        while leads.count < count {
            let attributes = attributes()
            let word = source.steadyChannel(using: &random)
            let isPreferring = random.chance(0.03)
            let preferred = random.integer(in: 0...(advisors - 1))
            guard kind != .noMatch || numbers["region"].flatMap({ attributes[$0] }) != nil,
                let channel = channels[word], known.insert(attributes).inserted
            else { continue }
            leads.append(
                WorkloadLead(
                    attributes: attributes, channel: channel,
                    preferredAdvisor: isPreferring ? preferred : nil))
        }
        return leads
    }

    private mutating func attributes() -> Attributes {
        var attributes = Attributes()
        for (name, word) in source.declaration(using: &random) {
            guard let number = numbers[name],
                let value = schema.value(sellable(name, word), for: number)
            else { preconditionFailure("the shipped market has what its leads declare") }
            attributes[number] = value
        }
        return attributes
    }

    /// What a lead says of `name` whom some category is for: `basic` at the least, which asks for 2,000 yuan.
    private func sellable(_ name: String, _ word: AttributeWord) -> AttributeWord {
        if kind == .noMatch { return modest(name, word) }
        if name == "monthlyIncome", case .integer(let income) = word {
            return .integer(max(income, 2_000))
        }
        return word
    }

    /// What somebody without house, car, fund, policy or business says, younger than 61, who earns 2,000
    /// to 20,000 yuan: in the category `basic` alone, and what no order of the kind takes.
    private func modest(_ name: String, _ word: AttributeWord) -> AttributeWord {
        switch (name, word) {
        case ("ownsHouse", _), ("ownsCar", _), ("providentFund", _), ("lifePolicy", _),
            ("businessLicence", _), ("payrollCard", _):
            .flag(false)
        case ("employment", .text("publicServant")), ("employment", .text("retired")):
            .text("employee")
        case ("monthlyIncome", .integer(let income)):
            .integer(min(max(income, 2_000), 20_000))
        case ("age", .integer(let age)):
            .integer(min(age, 60))
        default:
            word
        }
    }
}
