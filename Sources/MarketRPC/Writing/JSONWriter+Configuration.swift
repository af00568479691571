public import MarketCore

extension JSONWriter {
    /// Writes an attribute as a configuration has it.
    public mutating func attribute(_ attribute: Attribute) {
        object {
            $0.member("name", attribute.name)
            switch attribute.kind {
            case .flag:
                $0.member("kind", AttributeKindWord.flag)
            case .integer(let unit, let minimum, let maximum):
                $0.member("kind", AttributeKindWord.integer)
                $0.memberUnlessEmpty("unit", unit)
                $0.name("minimum")
                $0.integer(minimum)
                $0.name("maximum")
                $0.integer(maximum)
            case .choice(let words):
                $0.member("kind", AttributeKindWord.choice)
                $0.member("words", words)
            case .region(let lengths):
                $0.member("kind", AttributeKindWord.region)
                $0.member("lengths", list: lengths) { $0.integer(Int64($1)) }
            }
        }
    }

    /// Writes the members of a category's definition into an object, as a configuration has them.
    public mutating func category(_ definition: CategoryDefinition, in market: Market) {
        member("title", definition.title)
        name("qualification")
        filter(definition.qualification, schema: market.schema)
        member("ladder", list: definition.ladder.rungs) { writer, rung in
            writer.object {
                $0.member("maxAge", rung.maximumAge)
                $0.member("priceFen", rung.price)
            }
        }
        if let exclusivity = definition.exclusivity {
            member("exclusivity", exclusivity)
        } else {
            member("exclusivity", DurationText.forever)
        }
        member("splits", list: definition.splits) { writer, split in
            writer.object {
                $0.member("payee", market.payees[split.payee.index].name)
                $0.member("basisPoints", split.basisPoints)
            }
        }
        member("retired", definition.retired)
        member("rank", list: definition.rank) { $0.string($1.word) }
        member(
            "gates",
            object: {
                $0.member("namedConsent", definition.gates.namedConsent)
                $0.member("acceptance", definition.gates.acceptance)
            })
        member(
            "returns",
            object: {
                $0.member("window", definition.returns.window)
                $0.member("automaticShareBasisPoints", definition.returns.automaticShare)
                $0.member("automaticSpan", definition.returns.automaticSpan)
            })
    }

    /// Writes the members of a channel's definition into an object, as a configuration has them.
    public mutating func channel(_ definition: ChannelDefinition) {
        channelTerms(definition)
        if definition.isTest { member("test", true) }
    }

    /// Writes a channel's title, payout and cap into an object.
    public mutating func channelTerms(_ definition: ChannelDefinition) {
        member("title", definition.title)
        switch definition.payout {
        case .fixed(let payout): member("payoutFen", payout)
        case .share(let basisPoints): member("payoutBasisPoints", basisPoints)
        }
        member("dailyCap", definition.dailyCap)
    }

    /// Writes the settings as a configuration has them.
    public mutating func settings(_ settings: MarketSettings, in market: Market) {
        object {
            $0.member("duplicateWindow", settings.duplicateWindow)
            $0.member("phonePattern", settings.phonePattern.text)
            if let order = settings.categoryOrder {
                $0.member("categoryOrder", order.map { market.categories[$0.index].name })
            }
            $0.member("pingTimeout", settings.pingTimeout)
            $0.member("qualitySpan", settings.qualitySpan)
            $0.member("qualityLimitBasisPoints", settings.qualityLimit)
            $0.member("tierAttribute", settings.tierAttribute.map { market.schema[$0].name })
            if let rules = settings.tierRules { $0.tierRules(rules, schema: market.schema) }
            if let rules = settings.gradeRules { $0.gradeRules(rules) }
        }
    }

    private mutating func tierRules(_ rules: TierRules, schema: AttributeSchema) {
        member(
            "tierRules",
            object: { writer in
                writer.member("rules", list: rules.rules) { writer, rule in
                    writer.object {
                        $0.member("aspect", rule.aspect)
                        $0.name("when")
                        $0.filter(rule.filter, schema: schema)
                        $0.member("points", rule.points)
                    }
                }
                writer.member("firstTierFrom", rules.firstTierFrom)
                writer.member("secondTierFrom", rules.secondTierFrom)
            })
    }

    private mutating func gradeRules(_ rules: GradeRules) {
        member(
            "gradeRules",
            object: {
                $0.member("window", rules.window)
                $0.thresholds("elite", rules.elite)
                $0.thresholds("standard", rules.standard)
            })
    }

    private mutating func thresholds(_ grade: StaticString, _ thresholds: GradeRules.Thresholds) {
        member(
            grade,
            object: {
                $0.member("connectionBasisPoints", thresholds.connection)
                $0.member("disciplineBasisPoints", thresholds.discipline)
                $0.member("approvalBasisPoints", thresholds.approval)
            })
    }

    /// Writes what a configuration changed: names and definitions.
    public mutating func configurationChange(_ change: ConfigurationChange, in market: Market) {
        object {
            $0.member("attributes", list: change.attributes) { $0.attribute($1) }
            $0.member("payees", list: change.payees) { writer, payee in
                writer.object {
                    $0.member("name", payee.name)
                    $0.member("title", payee.definition)
                }
            }
            $0.member("channels", list: change.channels) { writer, channel in
                writer.object {
                    $0.member("name", channel.name)
                    $0.channel(channel.definition)
                }
            }
            $0.member("categories", list: change.categories) { writer, category in
                writer.object {
                    $0.member("name", category.name)
                    $0.category(category.definition, in: market)
                }
            }
            if let settings = change.settings {
                $0.name("settings")
                $0.settings(settings, in: market)
            }
        }
    }
}
