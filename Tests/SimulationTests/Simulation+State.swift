import MarketCore
import MarketTestSupport

/// The checks of the whole state, made every so often.
extension Simulation {
    /// The state replayed, encoded and decoded, and read, is the same; goes on with the decoded one.
    mutating func checkWhole() throws(Divergence) {
        // Also after commands that had no events.
        try checkInvariants(known: model.releases.count)
        let state = market.encodeState()
        for event in log[again.events...] { again.replayed.evolve(event) }
        if again.replayed.encodeState() != state {
            throw divergence("events replayed give another state")
        }
        do throws(StateError) {
            market = try Market(state: state)
        } catch {
            throw divergence("the encoded state is refused: \(error)")
        }
        if market.encodeState() != state {
            throw divergence("the decoded state is another")
        }
        try checkReads()
        try checkInputs()
        again.events = log.count
    }

    /// What the market tells when asked is what the model has.
    private func checkReads() throws(Divergence) {
        try checkOrders()
        try checkLeads()
        guard market.assignments.count == model.assignments.count else {
            throw divergence("the number of assignments")
        }
        for assignment in model.assignments { try check(assignment) }
        try checkBalances()
        try checkAdvisors()
        try checkChannels()
        try checkPeople()
    }

    private func checkOrders() throws(Divergence) {
        let calendar = MarketCalendar(utcOffsetMinutes: generator.utcOffsetMinutes)
        let time = model.time
        for order in model.orders {
            guard let other = market.order(order.id), other.terms == order.terms,
                other.released == order.released, other.reserved == order.reserved,
                other.round == order.round, other.releasedBefore == order.releasedBefore,
                other.isPaused == order.isPaused, other.isCancelled == order.isCancelled,
                market.unliveness(of: other, at: time) == model.unliveness(of: order, at: time)
            else { throw divergence("order \(order.id.rawValue)") }
            guard
                other.usage.hourCount(at: time, in: calendar)
                    == model.takenThisHour(by: order, at: time),
                other.usage.dayCount(at: time, in: calendar)
                    == model.takenToday(by: order, at: time),
                other.usage.spent(at: time, in: calendar)
                    == model.spentToday(of: order, at: time)
            else { throw divergence("the caps of order \(order.id.rawValue)") }
        }
    }

    private func checkLeads() throws(Divergence) {
        let waiting = model.leads.filter { $0.state == .waiting }
        guard market.waitingLeads == waiting.map(\.id) else { throw divergence("waiting leads") }
        let open = model.leads.filter(\.isOpen)
        guard market.openLeads.count == open.count else { throw divergence("open leads") }
        for lead in open {
            let reservation = model.assignments.first { $0.lead == lead.id && $0.isReserved }?.id
            guard let other = market.openLead(lead.id), other.arrivedAt == lead.arrivedAt,
                other.isPing == lead.isPing, other.reservation == reservation,
                other.attributes == lead.attributes,
                other.consentInstitutions == lead.institutions,
                Set(other.excludedAdvisors) == Set(lead.excludedAdvisors),
                Set(other.excludedInstitutions) == Set(lead.excludedInstitutions),
                lead.state == .reserved || other.categories == lead.categories
            else { throw divergence("lead \(lead.id.rawValue)") }
        }
    }

    private func check(_ assignment: Model.Assignment) throws(Divergence) {
        guard let other = market.assignment(assignment.id), other.lead == assignment.lead,
            other.charge == assignment.charge, other.channelPayout == assignment.payout,
            other.gates == assignment.gates, other.voided == assignment.voided,
            other.releasedAt == assignment.releasedAt,
            other.returned?.request == assignment.request,
            other.returned?.decision == assignment.decision
        else { throw divergence("assignment \(assignment.id.rawValue)") }
        guard assignment.releasedAt != nil else { return }
        guard other.isAcknowledged == assignment.isAcknowledged,
            other.isWithdrawn == assignment.isWithdrawn,
            other.isSuppressed == assignment.isSuppressed,
            other.isErased == assignment.isErased,
            other.isRepeatSale == assignment.isRepeatSale,
            other.reportedAt == assignment.reportedAt,
            other.firstCallAt == assignment.firstCallAt,
            other.isConnected == assignment.isConnected, other.stage == assignment.stage,
            other.recordedOutcomes == Set(assignment.recordedOutcomes)
        else { throw divergence("the facts about assignment \(assignment.id.rawValue)") }
    }

    private func checkAdvisors() throws(Divergence) {
        let calendar = MarketCalendar(utcOffsetMinutes: generator.utcOffsetMinutes)
        guard market.advisors.count == model.advisors.count else {
            throw divergence("the number of advisors")
        }
        for (index, advisor) in model.advisors.enumerated() {
            let other = market.advisors[index]
            let number = AdvisorNumber(index: index)
            guard other.profile == advisor.profile, other.grade == advisor.grade,
                other.isOnline == advisor.isOnline, other.isSuspended == advisor.isSuspended,
                other.openWork == model.openWork(of: number),
                other.reservedToday.count(on: calendar.day(of: model.time))
                    == model.reservedToday(for: number, at: model.time)
            else { throw divergence("advisor \(advisor.name)") }
        }
    }

    private func checkChannels() throws(Divergence) {
        let calendar = MarketCalendar(utcOffsetMinutes: generator.utcOffsetMinutes)
        for (index, channel) in model.channels.enumerated() {
            let other = market.channels[index]
            let today = channel.taken.filter { model.day($0) == model.day(model.time) }
            guard other.definition == channel.definition, other.isPaused == channel.isPaused,
                other.taken.count(on: calendar.day(of: model.time)) == today.count,
                other.quality.count == channel.decided.count,
                other.quality.bad == channel.decided.filter(\.isBad).count
            else { throw divergence("channel \(channel.name)") }
        }
    }

    private func checkBalances() throws(Divergence) {
        let ledger = market.ledger
        guard ledger.cash == model.cash, ledger.revenue == model.revenue,
            ledger.available == model.advisors.map(\.available),
            ledger.held == model.advisors.map(\.held),
            ledger.channelPayable == model.channels.map(\.payable),
            ledger.payeePayable == model.payees.map(\.payable)
        else { throw divergence("balances") }
    }

    private func checkPeople() throws(Divergence) {
        guard market.people.count == model.people.count else {
            throw divergence("the number of people")
        }
        for person in model.people {
            guard let other = market.person(person.identity),
                other.isSuppressed == person.isSuppressed, other.isErased == person.isErased,
                other.lastReleasedAt == person.lastReleasedAt,
                other.openLead == model.openLead(of: person.identity).map({ model.leads[$0].id }),
                other.binding(at: model.time) == person.binding(at: model.time)
            else { throw divergence("person \(person.identity.low)") }
        }
    }

    /// The inputs of the log, decided again from where that ended last time, give the very events of the log.
    private mutating func checkInputs() throws(Divergence) {
        var index = again.events
        while index < log.count {
            let input = log[index]
            guard let context = input.input,
                let command = again.decided.command(behind: input.event)
            else {
                throw divergence("event \(input.position.rawValue) is no input")
            }
            var answer: [RecordedEvent] = []
            do throws(Rejection) {
                answer = try again.decided.execute(command, at: input.time, input: context)
            } catch {
                throw divergence("input \(input.position.rawValue) is now refused: \(error)")
            }
            guard !answer.isEmpty, Array(log[index...].prefix(answer.count)) == answer else {
                throw divergence("input \(input.position.rawValue) is now decided otherwise")
            }
            index += answer.count
        }
        if again.decided.encodeState() != market.encodeState() {
            throw divergence("inputs decided again give another state")
        }
    }
}
