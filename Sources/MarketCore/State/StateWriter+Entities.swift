// How advisors, orders, leads, assignments and persons are written and read.

extension StateWriter {
    mutating func write(_ advisor: Advisor) {
        write(advisor.name)
        write(advisor.profile.institution)
        write(advisor.profile.identity) { $0.write($1) }
        write(advisor.profile.grade.stateNumber)
        write(advisor.isOnline)
        write(advisor.isSuspended)
        write(advisor.lastServed) { $0.write($1) }
    }

    mutating func write(_ order: Order) {
        write(order.id)
        write(order.advisor)
        write(order.category)
        write(order.terms.filter)
        write(order.terms.quantity)
        write(order.terms.premium)
        write(order.terms.priority)
        write(order.terms.maximumAge) { $0.write($1) }
        write(order.terms.startsAt) { $0.write($1) }
        write(order.terms.expiresAt) { $0.write($1) }
        write(order.isPaused)
        write(order.isCancelled)
        write(order.reserved)
        write(order.released)
        write(order.pendingTurn) { $0.write($1) }
        write(order.pendingOffer) { $0.write($1) }
    }

    mutating func write(_ lead: Lead) {
        write(lead.id)
        write(lead.arrivedAt)
        write(lead.channel)
        write(lead.identity)
        write(lead.attributes.pairs) { writer, pair in
            writer.write(pair.number)
            writer.write(pair.value)
        }
        write(lead.consentInstitutions) { $0.write($1) }
        write(lead.preferredAdvisor) { $0.write($1) }
        write(lead.categories) { $0.write($1) }
        write(lead.pendingAge) { $0.write($1) }
        write(lead.pendingBindingEnd) { $0.write($1) }
        write(lead.pendingOffer) { $0.write($1) }
    }

    mutating func write(_ assignment: Assignment) {
        write(assignment.id)
        write(assignment.lead)
        write(assignment.leadArrivedAt)
        write(assignment.order)
        write(assignment.advisor)
        write(assignment.channel)
        write(assignment.identity)
        write(assignment.category)
        write(assignment.categoryVersion)
        write(assignment.charge)
        write(assignment.reservedAt)
        write(assignment.releasedAt) { $0.write($1) }
        write(assignment.isAcknowledged)
        write(assignment.isWithdrawn)
        write(assignment.isSuppressed)
        write(assignment.isErased)
        write(assignment.firstCallAt) { $0.write($1) }
        write(assignment.isConnected)
        write(assignment.stage) { $0.write($1.rawValue) }
    }

    mutating func write(_ person: Person) {
        write(person.openLead) { $0.write($1) }
        write(person.lastReleasedAt) { $0.write($1) }
        write(person.boundTo) { $0.write($1) }
        write(person.boundUntil) { $0.write($1) }
        write(person.isSuppressed)
        write(person.isErased)
    }
}

extension StateReader {
    mutating func advisor() throws(StateError) -> Advisor {
        let name = try name()
        let institution = try string()
        let identity = try optional { reader throws(StateError) in try reader.bytes16() }
        guard let grade = Grade(stateNumber: try int()) else { throw .invalidValue }
        var advisor = Advisor(
            name: name,
            profile: AdvisorProfile(institution: institution, identity: identity, grade: grade))
        advisor.isOnline = try bool()
        advisor.isSuspended = try bool()
        advisor.lastServed = try array { reader throws(StateError) in try reader.position() }
        return advisor
    }

    mutating func order() throws(StateError) -> Order {
        let id: OrderID = try id()
        let advisor: AdvisorNumber = try number()
        let category: CategoryNumber = try number()
        let terms = OrderTerms(
            filter: try filter(), quantity: try int(), premium: try money(), priority: try int(),
            maximumAge: try optional { reader throws(StateError) in try reader.timespan() },
            startsAt: try optionalTimestamp(), expiresAt: try optionalTimestamp())
        var order = Order(id: id, advisor: advisor, category: category, terms: terms)
        order.isPaused = try bool()
        order.isCancelled = try bool()
        order.reserved = try int()
        order.released = try int()
        order.pendingTurn = try optionalTimestamp()
        order.pendingOffer = try optionalTimestamp()
        return order
    }

    mutating func lead() throws(StateError) -> Lead {
        Lead(
            id: try id(), arrivedAt: try timestamp(), channel: try number(),
            identity: try bytes16(), attributes: try attributes(),
            consentInstitutions: try array { reader throws(StateError) in try reader.string() },
            preferredAdvisor: try optional { reader throws(StateError) in try reader.number() },
            categories: try array { reader throws(StateError) in try reader.number() },
            pendingAge: try optionalTimestamp(), pendingBindingEnd: try optionalTimestamp(),
            pendingOffer: try optionalTimestamp())
    }

    mutating func assignment() throws(StateError) -> Assignment {
        var assignment = Assignment(
            id: try id(), lead: try id(), leadArrivedAt: try timestamp(), order: try id(),
            advisor: try number(), channel: try number(), identity: try bytes16(),
            category: try number(), categoryVersion: try int(), charge: try money(),
            reservedAt: try timestamp(), channelPayout: .zero, gates: .none)
        assignment.releasedAt = try optionalTimestamp()
        assignment.isAcknowledged = try bool()
        assignment.isWithdrawn = try bool()
        assignment.isSuppressed = try bool()
        assignment.isErased = try bool()
        assignment.firstCallAt = try optionalTimestamp()
        assignment.isConnected = try bool()
        if let number = try optional({ reader throws(StateError) in try reader.int() }) {
            guard let stage = Stage(rawValue: number) else { throw .invalidValue }
            assignment.stage = stage
        }
        return assignment
    }

    mutating func person() throws(StateError) -> Person {
        var person = Person()
        person.openLead = try optional { reader throws(StateError) in try reader.id() }
        person.lastReleasedAt = try optionalTimestamp()
        person.boundTo = try optional { reader throws(StateError) in try reader.number() }
        person.boundUntil = try optionalTimestamp()
        person.isSuppressed = try bool()
        person.isErased = try bool()
        return person
    }

    private mutating func attributes() throws(StateError) -> Attributes {
        var attributes = Attributes()
        let pairs = try array { reader throws(StateError) in
            let number: AttributeNumber = try reader.number()
            return (number, try reader.int64())
        }
        for (number, value) in pairs {
            guard number.index < AttributeSchema.maximumCount else { throw .invalidValue }
            attributes[number] = value
        }
        return attributes
    }

    private mutating func optionalTimestamp() throws(StateError) -> Timestamp? {
        try optional { reader throws(StateError) in try reader.timestamp() }
    }
}

extension Grade {
    fileprivate var stateNumber: Int {
        switch self {
        case .elite: 1
        case .standard: 2
        case .novice: 3
        }
    }

    fileprivate init?(stateNumber: Int) {
        switch stateNumber {
        case 1: self = .elite
        case 2: self = .standard
        case 3: self = .novice
        default: return nil
        }
    }
}
