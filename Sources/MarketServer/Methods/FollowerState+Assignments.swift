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
    func assignments(
        _ selection: AssignmentSelection, _ page: Page
    ) throws(RPCError) -> [UInt8] {
        let advisor = try selection.advisor.map { name throws(RPCError) in
            try number(ofAdvisor: name)
        }
        let before = try page.number().map { AssignmentID(UInt64($0)) }
        var found: [Assignment] = []
        var last: AssignmentID?
        var examined = 0
        for id in released.ids(before: before) {
            if found.count == page.limit || examined == Self.examinedAssignments { break }
            examined += 1
            last = id
            guard let assignment = market.assignment(id) else { continue }
            if let advisor, assignment.advisor != advisor { continue }
            if let state = selection.state,
                assignment.isAcknowledged != (state == .acknowledged)
            {
                continue
            }
            found.append(assignment)
        }
        let isMore = last.map { released.hasOlder(than: $0) } ?? false
        return JSONText.object { json in
            json.list("items", found) { json, assignment in self.members(of: assignment, &json) }
            if isMore, let last { json.member("cursor", "\(last.rawValue)") }
            json.member("position", market.head)
        }
    }

    private func members(of assignment: Assignment, _ json: inout JSONWriter) {
        json.saleMembers(of: assignment, in: market)
        json.member("categoryVersion", assignment.categoryVersion)
        json.member("reservedAt", assignment.reservedAt)
        json.member("acknowledged", assignment.isAcknowledged)
        json.member("withdrawn", assignment.isWithdrawn)
        json.member("erased", assignment.isErased)
        json.member("firstCallAt", assignment.firstCallAt)
        json.member("connected", assignment.isConnected)
        if let stage = assignment.stage { json.member("stage", stage.word) }
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
}
