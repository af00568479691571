public import MarketCore

extension JSONWriter {
    /// Writes what a lead declares, by names and words.
    public mutating func attributes(_ attributes: Attributes, schema: AttributeSchema) {
        beginObject()
        schema.forEachWord(of: attributes) { attribute, word in
            name(text: attribute.description)
            switch word {
            case .flag(let flag): bool(flag)
            case .integer(let integer): self.integer(integer)
            case .text(let text): string(text)
            }
        }
        endObject()
    }

    /// Writes a filter as requests have it.
    public mutating func filter(_ filter: Filter, schema: AttributeSchema) {
        beginObject()
        for (attribute, test) in schema.specification(of: filter).conditions {
            name(text: attribute)
            switch test {
            case .flag(let flag):
                bool(flag)
            case .range(let minimum, let maximum):
                object {
                    if let minimum {
                        $0.name("minimum")
                        $0.integer(minimum)
                    }
                    if let maximum {
                        $0.name("maximum")
                        $0.integer(maximum)
                    }
                }
            case .anyOf(let words):
                beginArray()
                for word in words { string(word) }
                endArray()
            }
        }
        endObject()
    }

    /// Writes the members of an order's terms into an object.
    public mutating func orderTerms(_ terms: OrderTerms, schema: AttributeSchema) {
        name("filter")
        filter(terms.filter, schema: schema)
        member("quantity", terms.quantity)
        member("premiumFen", terms.premium)
        member("priority", terms.priority)
        member("maxAge", terms.maximumAge)
        member("startsAt", terms.startsAt)
        member("expiresAt", terms.expiresAt)
        if terms.schedule != .always {
            member("windows", list: terms.schedule.windows) { $0.window($1) }
        }
        member("hourCap", terms.hourCap)
        member("dayCap", terms.dayCap)
        member("daySpendFen", terms.daySpend)
        member("renews", terms.renews)
    }

    private mutating func window(_ window: WeeklySchedule.Window) {
        object {
            $0.member("weekday", Weekday(rawValue: window.weekday))
            $0.member("from", ClockText.format(window.startMinute))
            $0.member("to", ClockText.format(window.endMinute))
        }
    }

    /// Writes the record of a consent.
    public mutating func consent(_ consent: Consent) {
        object {
            $0.member("givenAt", consent.givenAt)
            $0.member("agreementSha256", Hexadecimal.text(consent.agreement))
            if !consent.institutions.isEmpty {
                $0.member("institutions", consent.institutions)
            }
        }
    }
}
