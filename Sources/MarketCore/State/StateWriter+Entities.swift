// How channels, advisors, orders, leads and persons are written and read.

extension StateWriter {
    mutating func write(_ advisor: Advisor) {
        write(advisor.name)
        write(advisor.profile.institution)
        write(advisor.profile.identity) { $0.write($1) }
        write(advisor.profile.grade)
        write(advisor.profile.derivesGrade)
        write(advisor.profile.dailyCap) { $0.write($1) }
        write(advisor.profile.openWorkLimit) { $0.write($1) }
        write(advisor.grade)
        write(advisor.isOnline)
        write(advisor.isSuspended)
        write(advisor.reservedToday)
        write(advisor.openWork)
        write(advisor.record.assignments) { $0.write($1) }
        write(advisor.lastServed) { $0.write($1) }
    }

    mutating func write(_ channel: Channel) {
        write(channel.name)
        write(channel.definition)
        write(channel.isPaused)
        write(channel.taken)
        write(channel.quality.entries) { writer, entry in
            writer.write(entry.decision)
            writer.write(entry.isBad)
        }
    }

    private mutating func write(_ count: DailyCount) {
        write(count.day)
        write(count.count)
    }

    mutating func write(_ order: Order) {
        write(order.id)
        write(order.advisor)
        write(order.category)
        write(order.terms)
        write(order.isPaused)
        write(order.isCancelled)
        write(order.reserved)
        write(order.released)
        write(order.round)
        write(order.releasedBefore)
        write(order.usage.hour)
        write(order.usage.hourCount)
        write(order.usage.daily)
        write(order.usage.spent)
        write(order.pendingTurn) { $0.write($1) }
        write(order.pendingOffer) { $0.write($1) }
    }

    private mutating func write(_ terms: OrderTerms) {
        write(terms.filter)
        write(terms.quantity)
        write(terms.premium)
        write(terms.priority)
        write(terms.maximumAge) { $0.write($1) }
        write(terms.startsAt) { $0.write($1) }
        write(terms.expiresAt) { $0.write($1) }
        write(terms.schedule.windows) { writer, window in
            writer.write(window.weekday)
            writer.write(window.startMinute)
            writer.write(window.endMinute)
        }
        write(terms.hourCap) { $0.write($1) }
        write(terms.dayCap) { $0.write($1) }
        write(terms.daySpend) { $0.write($1) }
        write(terms.renews)
    }

    mutating func write(_ lead: Lead) {
        write(lead.id)
        write(lead.arrivedAt)
        write(lead.channel)
        write(lead.identity)
        write(lead.attributes)
        write(lead.consentInstitutions) { $0.write($1) }
        write(lead.preferredAdvisor) { $0.write($1) }
        write(lead.categories) { $0.write($1) }
        write(lead.isPing)
        write(lead.reservation) { $0.write($1) }
        write(lead.excludedAdvisors) { $0.write($1) }
        write(lead.excludedInstitutions) { $0.write($1) }
        write(lead.pendingAge) { $0.write($1) }
        write(lead.pendingBindingEnd) { $0.write($1) }
        write(lead.pendingOffer) { $0.write($1) }
    }

    private mutating func write(_ attributes: Attributes) {
        write(attributes.count)
        attributes.forEach { number, value in
            write(UInt64(number.index))
            write(value)
        }
    }

    mutating func write(_ person: Person) {
        write(person.openLead) { $0.write($1) }
        write(person.lastReleasedAt) { $0.write($1) }
        write(person.boundTo) { $0.write($1) }
        write(person.boundUntil) { $0.write($1) }
        write(person.lastSale) { $0.write($1) }
        write(person.isSuppressed)
        write(person.isErased)
    }
}

extension StateReader {
    mutating func advisor() throws(StateError) -> Advisor {
        let name = try name()
        let profile = AdvisorProfile(
            institution: try string(),
            identity: try optional { reader throws(StateError) in try reader.bytes16() },
            grade: try choice(), derivesGrade: try bool(),
            dailyCap: try optionalNumber().map { Int($0) },
            openWorkLimit: try optionalNumber().map { Int($0) })
        var advisor = Advisor(name: name, profile: profile)
        advisor.grade = try choice()
        advisor.isOnline = try bool()
        advisor.isSuspended = try bool()
        advisor.reservedToday = try dailyCount()
        advisor.openWork = try int()
        advisor.record = AdvisorRecord(
            try array { reader throws(StateError) in try reader.id() })
        advisor.lastServed = try array { reader throws(StateError) in try reader.position() }
        return advisor
    }

    mutating func channel() throws(StateError) -> Channel {
        var channel = Channel(name: try name(), definition: try channelDefinition())
        channel.isPaused = try bool()
        channel.taken = try dailyCount()
        channel.quality = QualityWindow(
            entries: try array { reader throws(StateError) in
                QualityWindow.Entry(decision: try reader.position(), isBad: try reader.bool())
            })
        return channel
    }

    private mutating func dailyCount() throws(StateError) -> DailyCount {
        var count = DailyCount()
        count.day = try int()
        count.count = try int()
        return count
    }

    mutating func order() throws(StateError) -> Order {
        let id: OrderID = try id()
        let advisor: AdvisorNumber = try number()
        let category: CategoryNumber = try number()
        var order = Order(id: id, advisor: advisor, category: category, terms: try terms())
        order.isPaused = try bool()
        order.isCancelled = try bool()
        order.reserved = try int()
        order.released = try int()
        order.round = try int()
        order.releasedBefore = try int()
        order.usage.hour = try int()
        order.usage.hourCount = try int()
        order.usage.daily = try dailyCount()
        order.usage.spent = try money()
        order.pendingTurn = try optionalTimestamp()
        order.pendingOffer = try optionalTimestamp()
        return order
    }

    private mutating func terms() throws(StateError) -> OrderTerms {
        var terms = OrderTerms(
            filter: try filter(), quantity: try int(), premium: try money(), priority: try int(),
            maximumAge: try optionalNumber().map { Timespan(microseconds: $0) },
            startsAt: try optionalTimestamp(), expiresAt: try optionalTimestamp())
        let windows = try array { reader throws(StateError) in
            WeeklySchedule.Window(
                weekday: try reader.int(), startMinute: try reader.int(),
                endMinute: try reader.int())
        }
        guard let schedule = WeeklySchedule(windows) else { throw .invalidValue }
        terms.schedule = schedule
        terms.hourCap = try optionalNumber().map { Int($0) }
        terms.dayCap = try optionalNumber().map { Int($0) }
        terms.daySpend = try optionalNumber().map { Money(fen: $0) }
        terms.renews = try bool()
        return terms
    }

    mutating func lead() throws(StateError) -> Lead {
        Lead(
            id: try id(), arrivedAt: try timestamp(), channel: try number(),
            identity: try bytes16(), attributes: try attributes(),
            consentInstitutions: try array { reader throws(StateError) in try reader.string() },
            preferredAdvisor: try optional { reader throws(StateError) in try reader.number() },
            categories: try array { reader throws(StateError) in try reader.number() },
            isPing: try bool(),
            reservation: try optional { reader throws(StateError) in try reader.id() },
            excludedAdvisors: try array { reader throws(StateError) in try reader.number() },
            excludedInstitutions: try array { reader throws(StateError) in try reader.string() },
            pendingAge: try optionalTimestamp(), pendingBindingEnd: try optionalTimestamp(),
            pendingOffer: try optionalTimestamp())
    }

    mutating func person() throws(StateError) -> Person {
        var person = Person()
        person.openLead = try optional { reader throws(StateError) in try reader.id() }
        person.lastReleasedAt = try optionalTimestamp()
        person.boundTo = try optional { reader throws(StateError) in try reader.number() }
        person.boundUntil = try optionalTimestamp()
        person.lastSale = try optional { reader throws(StateError) in try reader.id() }
        person.isSuppressed = try bool()
        person.isErased = try bool()
        return person
    }

    private mutating func attributes() throws(StateError) -> Attributes {
        var presence: UInt64 = 0
        let values = try array { reader throws(StateError) in
            let number = try reader.attributeNumber()
            guard presence >> number.index == 0 else { throw .invalidValue }
            presence |= 1 << number.index
            return try reader.int64()
        }
        guard let attributes = Attributes(presence: presence, packed: values) else {
            throw .invalidValue
        }
        return attributes
    }

    @inline(__always)
    mutating func optionalTimestamp() throws(StateError) -> Timestamp? {
        try optionalNumber().map { Timestamp(microseconds: $0) }
    }

    /// A number that a store may keep as an ``OptionalNumber``: never the least there is.
    @inline(__always)
    private mutating func optionalNumber() throws(StateError) -> Int64? {
        try optional { reader throws(StateError) in
            let number = try reader.int64()
            guard number > .min else { throw .invalidValue }
            return number
        }
    }
}
