internal import MarketCore
internal import MarketRPC

extension FollowerState {
    /// Assignments looked at for one part of a list.
    private static let examinedAssignments = 100_000

    /// The result of `assignment.get`.
    func assignment(_ id: AssignmentID) throws(RPCError) -> [UInt8] {
        guard let assignment = market.assignment(id) else {
            throw RPCError(.unknownAssignment, field: "assignment")
        }
        return JSONText.object { json in
            self.members(of: assignment, &json)
            json.member("position", market.head)
        }
    }

    /// The result of `assignment.list`, newest first; the cursor is an assignment's id, and older
    /// ones follow.
    ///
    /// - Complexity: O(assignments looked at), at most ``examinedAssignments``.
    func assignments(
        _ selection: AssignmentSelection, _ page: Page
    ) throws(RPCError) -> [UInt8] {
        let filter = try filter(selection)
        let before = try page.number().map { AssignmentID(UInt64($0)) }
        var found: [Assignment] = []
        var place =
            before.map { market.assignments.firstPlace(from: $0) }
            ?? market.assignments.count
        let end = max(0, place - Self.examinedAssignments)
        while place > end, found.count < page.limit {
            place -= 1
            let assignment = market.assignments[place]
            if filter.accepts(assignment, in: self) { found.append(assignment) }
        }
        return JSONText.object { json in
            json.list("items", found) { json, assignment in self.members(of: assignment, &json) }
            if place > 0, place < market.assignments.count {
                json.member("cursor", "\(market.assignments[place].id.rawValue)")
            }
            json.member("position", market.head)
        }
    }

    private func filter(_ selection: AssignmentSelection) throws(RPCError) -> AssignmentFilter {
        AssignmentFilter(
            selection: selection,
            advisor: try selection.advisor.map { name throws(RPCError) in
                try number(ofAdvisor: name)
            },
            category: try selection.category.map { name throws(RPCError) in
                try number(ofCategory: name)
            },
            channel: try selection.channel.map { name throws(RPCError) in
                try number(ofChannel: name)
            })
    }

    private func members(of assignment: Assignment, _ json: inout JSONWriter) {
        json.saleMembers(of: assignment, in: market)
        json.member("categoryVersion", assignment.categoryVersion)
        json.member("state", AssignmentStatus(of: assignment))
        json.member("voidReason", assignment.voided)
        json.awaits(assignment.gates)
        json.member(
            "institution", market.advisors[assignment.advisor.index].profile.institution)
        let category = market.categories[assignment.category.index]
        json.member("product", category.versions[assignment.categoryVersion - 1].title)
        json.member("channelPayoutFen", assignment.channelPayout)
        json.member("reservedAt", assignment.reservedAt)
        json.member("acknowledged", assignment.isAcknowledged)
        json.member("withdrawn", assignment.isWithdrawn)
        json.member("suppressed", assignment.isSuppressed)
        json.member("erased", assignment.isErased)
        json.member("firstCallAt", assignment.firstCallAt)
        json.member("connected", assignment.isConnected)
        json.member("stage", assignment.stage)
        if let state = assignment.returned {
            json.member("return", object: { $0.members(of: state) })
        }
    }
}

/// A selection with numbers for names.
private struct AssignmentFilter {
    let selection: AssignmentSelection
    let advisor: AdvisorNumber?
    let category: CategoryNumber?
    let channel: ChannelNumber?

    func accepts(_ assignment: Assignment, in state: FollowerState) -> Bool {
        if let advisor, assignment.advisor != advisor { return false }
        if let category, assignment.category != category { return false }
        if let channel, assignment.channel != channel { return false }
        if let institution = selection.institution {
            let advisor = state.market.advisors[assignment.advisor.index]
            guard advisor.profile.institution == institution else { return false }
        }
        switch (selection.returns, assignment.returned) {
        case (nil, _), (.open, .open?), (.decided, .decided?): break
        case (.open, _), (.decided, _): return false
        }
        guard let wanted = selection.state else { return true }
        let isReleased = assignment.releasedAt != nil
        return switch wanted {
        case .unacknowledged: isReleased && !assignment.isAcknowledged
        case .acknowledged: assignment.isAcknowledged
        case .reserved: assignment.isReserved
        case .voided: assignment.voided != nil
        case .returned: assignment.returned?.decision?.isApproved == true
        case .overdue: state.overdue.contains(assignment)
        }
    }
}

extension AssignmentStatus {
    /// Where `assignment` stands.
    init(of assignment: Assignment) {
        self =
            assignment.isReserved ? .reserved : assignment.voided == nil ? .released : .voided
    }
}

extension JSONWriter {
    /// Writes what a push and a look-up of an assignment have in common.
    mutating func saleMembers(of assignment: Assignment, in market: Market) {
        member("assignment", assignment.id)
        member("lead", assignment.lead)
        member("advisor", market.advisors[assignment.advisor.index].name)
        member("order", assignment.order)
        member("category", market.categories[assignment.category.index].name)
        member("channel", market.channels[assignment.channel.index].name)
        member("chargeFen", assignment.charge)
        member("arrivedAt", assignment.leadArrivedAt)
        member("releasedAt", assignment.releasedAt)
    }

    fileprivate mutating func members(of state: ReturnState) {
        let outcome = state.decision.map { $0.isApproved ? ReturnOutcome.approved : .refused }
        member("state", outcome ?? .open)
        member("reason", state.request.reason)
        memberUnlessEmpty("evidence", state.request.evidence)
        guard let decision = state.decision else { return }
        member("automatic", decision.isAutomatic)
        memberUnlessEmpty("note", decision.note)
    }
}
