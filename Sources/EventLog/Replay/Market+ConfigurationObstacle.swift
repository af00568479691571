internal import MarketCore

extension Market {
    /// Checks that every number in `change` names something that is there once it has applied.
    func admit(_ change: ConfigurationChange) throws(Obstacle) {
        var kinds = schema.attributes.map(\.kind)
        for attribute in change.attributes {
            if let number = schema.number(of: attribute.name) {
                kinds[number.index] = attribute.kind
            } else {
                kinds.append(attribute.kind)
            }
        }
        guard kinds.count <= AttributeSchema.maximumCount else {
            throw Obstacle("there are \(kinds.count) attributes")
        }
        let newPayees = Set(change.payees.map(\.name)).filter { payee(named: $0) == nil }.count
        let newCategories = Set(change.categories.map(\.name))
            .filter { category(named: $0) == nil }.count
        for category in change.categories {
            try admit(category.definition.qualification, kinds)
            guard (1...AdvisorRecord.length).contains(category.definition.returns.automaticSpan)
            else { throw Obstacle("category \(category.name) has a return policy out of range") }
            for split in category.definition.splits
            where split.payee.index >= payees.count + newPayees {
                throw Obstacle("there is no payee number \(split.payee.rawValue)")
            }
        }
        for category in change.settings?.categoryOrder ?? []
        where category.index >= categories.count + newCategories {
            throw Obstacle("there is no category number \(category.rawValue)")
        }
        for channel in change.channels {
            guard case .fixed(let payout) = channel.definition.payout else { continue }
            guard payout >= .zero, payout <= .maximum else {
                throw Obstacle("channel \(channel.name) has a payout out of range")
            }
        }
        if let settings = change.settings { try admit(settings, kinds) }
    }

    private func admit(
        _ settings: MarketSettings, _ kinds: [AttributeKind]
    ) throws(Obstacle) {
        guard (1...QualityWindow.maximumLength).contains(settings.qualitySpan) else {
            throw Obstacle("channels are judged by \(settings.qualitySpan) leads")
        }
        if let window = settings.gradeRules?.window,
            !(1...AdvisorRecord.length).contains(window)
        {
            throw Obstacle("grades follow from \(window) assignments")
        }
        if let attribute = settings.tierAttribute {
            guard attribute.index < kinds.count, case .choice = kinds[attribute.index] else {
                throw Obstacle("the tier attribute is no choice")
            }
        }
        for rule in settings.tierRules?.rules ?? [] { try admit(rule.filter, kinds) }
    }

    /// Checks that `filter` asks of each attribute what its kind can answer.
    func admit(_ filter: Filter, _ kinds: [AttributeKind]) throws(Obstacle) {
        for predicate in filter.predicates {
            guard predicate.attribute.index < kinds.count else {
                throw Obstacle("there is no attribute number \(predicate.attribute.rawValue)")
            }
            switch (kinds[predicate.attribute.index], predicate.test) {
            case (.flag, .flag), (.integer, .range), (.region, .regions):
                continue
            case (.choice(let words), .choices(let choices)):
                if choices.allSatisfy({ Int($0) < words.count }) { continue }
            case (.flag, _), (.integer, _), (.choice, _), (.region, _):
                break
            }
            throw Obstacle(
                "a filter does not fit attribute number \(predicate.attribute.rawValue)")
        }
    }
}
