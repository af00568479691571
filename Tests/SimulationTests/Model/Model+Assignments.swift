import MarketCore

/// What is answered to a reservation (R8.2, R8.3).
extension Model {
    func assignmentIndex(_ id: AssignmentID) throws(Rejection) -> Int {
        for (index, assignment) in assignments.enumerated() where assignment.id == id {
            return index
        }
        throw .unknownAssignment
    }

    private func awaitingAcceptance(_ id: AssignmentID) throws(Rejection) -> Int {
        let place = try assignmentIndex(id)
        guard let deadline = assignments[place].gates.acceptance else {
            throw .notAwaitingAcceptance
        }
        if now > deadline, !forgets(.deadline) { throw .deadlinePassed }
        return place
    }

    private func awaitingConsent(_ id: AssignmentID) throws(Rejection) -> Int {
        let place = try assignmentIndex(id)
        guard let deadline = assignments[place].gates.consent else { throw .notAwaitingConsent }
        if now > deadline, !forgets(.deadline) { throw .deadlinePassed }
        return place
    }

    mutating func accept(_ id: AssignmentID) throws(Rejection) {
        let place = try awaitingAcceptance(id)
        assignments[place].gates.acceptance = nil
        emit(.assignmentAccepted(id))
        if assignments[place].gates.isEmpty { release(place) }
    }

    mutating func decline(_ id: AssignmentID) throws(Rejection) {
        void(try awaitingAcceptance(id), .declined)
    }

    mutating func confirm(_ id: AssignmentID, _ consent: Consent) throws(Rejection) {
        let place = try awaitingConsent(id)
        let institution = advisors[assignments[place].advisor.index].profile.institution
        if !consent.institutions.isEmpty, !consent.institutions.contains(institution) {
            throw .institutionNotConsented
        }
        assignments[place].gates.consent = nil
        emit(.consentConfirmed(id, consent))
        if assignments[place].gates.isEmpty { release(place) }
    }

    mutating func refuse(_ id: AssignmentID) throws(Rejection) {
        void(try awaitingConsent(id), .consentRefused)
    }

    /// Ends a reservation whose time is over; the first that is missed of post, consent, acceptance.
    mutating func lapse(_ place: Int) {
        let gates = assignments[place].gates
        let lead = leadIndex(of: place)
        if let post = gates.post, now > post {
            void(place, .pingExpired)
            if !forgets(.pingCloses) { close(lead, .pingExpired) }
        } else if let consent = gates.consent, now > consent {
            void(place, .consentTimedOut)
            if !forgets(.consentTimeoutCloses) { close(lead, .consentTimedOut) }
        } else if let acceptance = gates.acceptance, now > acceptance {
            void(place, .acceptanceTimedOut)
        }
    }
}

/// What advisors say about what they bought (R8.6, R9).
extension Model {
    func releasedIndex(_ id: AssignmentID) throws(Rejection) -> Int {
        let place = try assignmentIndex(id)
        if assignments[place].releasedAt == nil { throw .assignmentNotReleased }
        return place
    }

    /// Changes an assignment; if it was open work of an advisor with a limit on it, their orders may
    /// take leads again.
    mutating func change(_ place: Int, _ change: (inout Assignment) -> Void) {
        let wasOpen = assignments[place].isOpenWork
        change(&assignments[place])
        let advisor = assignments[place].advisor.index
        if wasOpen, !assignments[place].isOpenWork, advisors[advisor].profile.openWorkLimit != nil {
            wakeOrders(of: advisor)
        }
    }

    mutating func acknowledge(_ id: AssignmentID) throws(Rejection) {
        let place = try releasedIndex(id)
        if assignments[place].isAcknowledged { throw .alreadyAcknowledged }
        assignments[place].isAcknowledged = true
        emit(.assignmentAcknowledged(id))
    }

    mutating func disclose(_ id: AssignmentID) throws(Rejection) {
        let place = try releasedIndex(id)
        if assignments[place].isErased { throw .personErased }
        emit(.contactDisclosed(id))
    }

    mutating func reportContact(_ id: AssignmentID, _ report: ContactReport) throws(Rejection) {
        let place = try releasedIndex(id)
        guard let released = assignments[place].releasedAt, report.firstCallAt >= released,
            report.firstCallAt <= now
        else { throw .firstCallOutOfRange }
        emit(.contactReported(id, report))
        let moment = now
        change(place) { assignment in
            assignment.isAcknowledged = true
            assignment.reportedAt = assignment.reportedAt ?? moment
            assignment.firstCallAt = assignment.firstCallAt ?? report.firstCallAt
            if report.outcome == .connected { assignment.isConnected = true }
            if !report.evidence.isEmpty { assignment.recordedOutcomes.append(report.outcome) }
        }
        gradedAdvisors.append(assignments[place].advisor.index)
    }

    mutating func reportStage(_ id: AssignmentID, _ report: StageReport) throws(Rejection) {
        let place = try releasedIndex(id)
        emit(.stageReported(id, report))
        let moment = now
        change(place) { assignment in
            assignment.isAcknowledged = true
            assignment.reportedAt = assignment.reportedAt ?? moment
            if report.passed {
                assignment.stage = max(assignment.stage ?? report.stage, report.stage)
            }
        }
        gradedAdvisors.append(assignments[place].advisor.index)
    }
}
