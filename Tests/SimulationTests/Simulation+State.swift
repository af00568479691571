import MarketCore

/// The checks of the whole state, made every so often.
extension Simulation {
    /// The state replayed, encoded and decoded, and read, is the same; goes on with the decoded one.
    mutating func checkWhole() throws(Divergence) {
        let state = market.encodeState()
        var replayed = Market()
        for event in log { replayed.evolve(event) }
        if replayed.encodeState() != state {
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
    }

    /// What the market tells when asked is what the model has.
    private func checkReads() throws(Divergence) {
        for order in model.orders {
            guard let other = market.order(order.id), other.terms == order.terms,
                other.released == order.released, other.reserved == 0,
                other.isPaused == order.isPaused, other.isCancelled == order.isCancelled,
                market.unliveness(of: other, at: model.time)
                    == model.unliveness(of: order, at: model.time)
            else { throw divergence("order \(order.id.rawValue)") }
        }
        let waiting = model.leads.filter { $0.state == .waiting }
        guard market.waitingLeads == waiting.map(\.id) else { throw divergence("waiting leads") }
        for lead in waiting where market.openLead(lead.id)?.categories != lead.categories {
            throw divergence("the categories of lead \(lead.id.rawValue)")
        }
        guard market.assignments.count == model.assignments.count else {
            throw divergence("the number of assignments")
        }
        for assignment in model.assignments {
            guard let other = market.assignment(assignment.id), other.lead == assignment.lead,
                other.charge == assignment.charge,
                other.isAcknowledged == assignment.isAcknowledged,
                other.isWithdrawn == assignment.isWithdrawn,
                other.isErased == assignment.isErased
            else { throw divergence("assignment \(assignment.id.rawValue)") }
        }
        try checkBalances()
        try checkPeople()
    }

    private func checkBalances() throws(Divergence) {
        let ledger = market.ledger
        guard ledger.cash == model.cash, ledger.revenue == model.revenue,
            ledger.available == model.advisors.map(\.available),
            ledger.held.allSatisfy({ $0 == .zero }),
            ledger.channelPayable == model.channels.map(\.payable),
            ledger.payeePayable == model.payees.map(\.payable)
        else { throw divergence("balances") }
    }

    private func checkPeople() throws(Divergence) {
        guard market.people.count == model.people.count else {
            throw divergence("the number of people")
        }
        for person in model.people {
            guard let other = market.people[person.identity],
                other.isSuppressed == person.isSuppressed, other.isErased == person.isErased,
                other.lastReleasedAt == person.lastReleasedAt,
                other.binding(at: model.time) == person.binding(at: model.time)
            else { throw divergence("person \(person.identity.low)") }
        }
    }

    /// The inputs of the log, decided again from the first, give the very events of the log.
    func checkInputs() throws(Divergence) {
        var again = Market()
        var index = 0
        while index < log.count {
            let input = log[index]
            guard let context = input.input, let command = again.command(behind: input.event) else {
                throw divergence("event \(input.position.rawValue) is no input")
            }
            var answer: [RecordedEvent] = []
            do throws(Rejection) {
                answer = try again.execute(command, at: input.time, input: context)
            } catch {
                throw divergence("input \(input.position.rawValue) is now refused: \(error)")
            }
            guard !answer.isEmpty, Array(log[index...].prefix(answer.count)) == answer else {
                throw divergence("input \(input.position.rawValue) is now decided otherwise")
            }
            index += answer.count
        }
        if again.encodeState() != market.encodeState() {
            throw divergence("inputs decided again give another state")
        }
    }
}
