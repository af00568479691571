// How assignments are written and read.

extension StateWriter {
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
        write(assignment.channelPayout)
        write(assignment.gates.post) { $0.write($1) }
        write(assignment.gates.consent) { $0.write($1) }
        write(assignment.gates.acceptance) { $0.write($1) }
        write(assignment.voided) { $0.write($1) }
        write(assignment.releasedAt) { $0.write($1) }
        write(assignment.isRepeatSale)
        write(assignment.previousSale) { $0.write($1) }
        write(assignment.isAcknowledged)
        write(assignment.isWithdrawn)
        write(assignment.isSuppressed)
        write(assignment.isErased)
        write(assignment.reportedAt) { $0.write($1) }
        write(CallOutcome.stateOrder.count(where: assignment.hasRecorded))
        for outcome in CallOutcome.stateOrder where assignment.hasRecorded(outcome) {
            write(outcome)
        }
        write(assignment.returned) { $0.write($1) }
        write(assignment.firstCallAt) { $0.write($1) }
        write(assignment.isConnected)
        write(assignment.stage) { $0.write($1.rawValue) }
    }

    private mutating func write(_ state: ReturnState) {
        write(state.request.reason)
        write(state.request.evidence)
        write(state.decision) { writer, decision in
            writer.write(decision.isApproved)
            writer.write(decision.isAutomatic)
            writer.write(decision.note)
        }
    }
}

extension StateReader {
    mutating func assignment() throws(StateError) -> Assignment {
        var assignment = Assignment(
            id: try id(), lead: try id(), leadArrivedAt: try timestamp(), order: try id(),
            advisor: try number(), channel: try number(), identity: try bytes16(),
            category: try number(), categoryVersion: try int(), charge: try money(),
            reservedAt: try timestamp(), channelPayout: try money(),
            gates: PendingGates(
                post: try optionalTimestamp(), consent: try optionalTimestamp(),
                acceptance: try optionalTimestamp()))
        assignment.voided = try optional { reader throws(StateError) in try reader.choice() }
        assignment.releasedAt = try optionalTimestamp()
        assignment.isRepeatSale = try bool()
        assignment.previousSale = try optional { reader throws(StateError) in try reader.id() }
        assignment.isAcknowledged = try bool()
        assignment.isWithdrawn = try bool()
        assignment.isSuppressed = try bool()
        assignment.isErased = try bool()
        assignment.reportedAt = try optionalTimestamp()
        for outcome: CallOutcome in try array({ reader throws(StateError) in try reader.choice() })
        {
            assignment.record(outcome)
        }
        assignment.returned = try optional { reader throws(StateError) in
            try reader.returnState()
        }
        assignment.firstCallAt = try optionalTimestamp()
        assignment.isConnected = try bool()
        if let number = try optional({ reader throws(StateError) in try reader.int() }) {
            guard let stage = Stage(rawValue: number) else { throw .invalidValue }
            assignment.stage = stage
        }
        return assignment
    }

    private mutating func returnState() throws(StateError) -> ReturnState {
        let request = ReturnRequest(reason: try choice(), evidence: try string())
        let decision = try optional { reader throws(StateError) in
            ReturnDecision(
                isApproved: try reader.bool(), isAutomatic: try reader.bool(),
                note: try reader.string())
        }
        return decision.map { .decided(request, $0) } ?? .open(request)
    }
}
