internal import EventLog
internal import MarketCore
internal import MarketRPC

extension WriterLoop {
    /// The command that a request comes to in the market as it is; `nil` when it was dealt with.
    func command(of request: WriterRequest) throws(EventLogError) -> Command? {
        switch request.task {
        case .command(.submitLead(var lead)):
            lead.contact = try wrap(lead.contact, request.contactKey)
            return .submitLead(lead)
        case .command(let command):
            if isAboutOtherChannel(command, request.channel) {
                refuse(request, RPCError(.unknownAssignment, field: "assignment"))
                return nil
            }
            return command
        case .post(let post, let identity, let sealedContact):
            return .postLead(
                post.post(
                    identity: identity, sealedContact: try wrap(sealedContact, request.contactKey)))
        case .person(let lead, let change):
            if let identity = try identity(of: lead) { return change.command(for: identity) }
            refuse(request, RPCError(.unknownLead, field: "lead"))
        case .revise(let revision, let identity):
            if let number = market.advisor(named: revision.name) {
                let profile = market.advisors[number.index].profile
                return .updateAdvisor(
                    name: revision.name,
                    profile: revision.applied(to: profile, identity: identity))
            }
            refuse(request, RPCError(.unknownAdvisor))
        case .rehearse(let configuration):
            rehearse(configuration, request)
        case .digest:
            try compareDigests(request)
        }
        return nil
    }

    /// Whether `command` answers about a lead of another channel than `name`, which its supplier does
    /// not see.
    private func isAboutOtherChannel(_ command: Command, _ name: Name?) -> Bool {
        guard let name else { return false }
        switch command {
        case .confirmConsent(let id, _), .declineConsent(let id):
            let channel = market.assignment(id).map { market.channels[$0.channel.index].name }
            return channel != name
        default:
            return false
        }
    }

    /// Answers a request whose idempotency key was seen before (same content: as the first time).
    ///
    /// - Returns: whether the key was seen before.
    func answerRepetition(
        of request: WriterRequest, _ command: Command, _ mark: IdempotencyMark
    ) throws(EventLogError) -> Bool {
        let now = request.at.map { max($0, market.time) } ?? WallClock.now
        guard let entry = market.idempotency.entry(for: mark.key, at: now) else { return false }
        guard entry.mark.content == mark.content else {
            refuse(request, RPCError(.idempotencyMismatch, field: "idempotencyKey"))
            return true
        }
        let transaction = try transaction(at: entry.transaction)
        let answer = market.answer(
            to: command, events: transaction[...], for: request.input.role)
        let position = transaction.last?.position ?? entry.transaction
        if case .discloseContact(let assignment) = command {
            reply(
                to: request,
                .continued(ContactQuery.body(assignment: assignment), atLeast: position))
        } else {
            reply(to: request, .answered(answer, position))
        }
        return true
    }

    /// The events of a transaction, decided just now or long ago.
    private func transaction(
        at position: LogPosition
    ) throws(EventLogError) -> [RecordedEvent] {
        if let first = events.first, position >= first.position {
            return events.filter { $0.transaction == position }
        }
        return try parts.storage.transaction(at: position)
    }

    /// Whose a lead was, however long ago; `nil` when there is no such lead.
    private func identity(of lead: LeadID) throws(EventLogError) -> Identity? {
        if let open = market.openLead(lead) { return open.identity }
        guard lead.position > .start, lead.position <= market.head else { return nil }
        for recorded in try transaction(at: lead.position) where recorded.position == lead.position
        {
            switch recorded.event {
            case .leadAccepted(let accepted): return accepted.identity
            case .leadRejected(let rejected): return rejected.identity
            case .leadPinged(let pinged): return pinged.identity
            case .leadTested(let tested): return tested.identity
            default: return nil
            }
        }
        return nil
    }

    /// Refuses an erasure that could leave a key behind, because nobody can tell whose it is, before it is in the
    /// log; returns whether it did.
    func refuseUnsure(
        _ request: WriterRequest, _ erasure: Command, at stamp: Timestamp
    ) -> Bool {
        // What the market would not decide, it says why not.
        guard (try? market.decide(erasure, at: stamp)) != nil else { return false }
        let isSure =
            isErasureSure
            ?? Result { () throws(EventLogError) in try parts.storage.checkErasable() }
        isErasureSure = isSure
        guard case .failure(let error) = isSure else { return false }
        refuse(
            request,
            RPCError(
                .internalError,
                "Nobody was erased, since not all keys of theirs can be found. \(error)"))
        return true
    }

    /// Says what a configuration would change, and changes nothing.
    private func rehearse(_ configuration: MarketConfiguration, _ request: WriterRequest) {
        do throws(Rejection) {
            let stamp = market.stamp(at: request.at ?? max(market.time, WallClock.now))
            let decided = try market.decide(.applyConfiguration(configuration), at: stamp)
            var summary = ConfigurationSummary()
            for event in decided {
                if case .configurationApplied(let change) = event {
                    summary = market.configurationSummary(of: change)
                }
            }
            summary.isRehearsal = true
            reply(to: request, .answered(.configuration(summary), market.head))
        } catch {
            refuse(request, RPCError(error))
        }
    }

    /// Compares the digests of writer and follower at one position.
    private func compareDigests(_ request: WriterRequest) throws(EventLogError) {
        try commit()
        let writer = MarketDigest(of: market)
        let position = market.head
        parts.compare(position) { [deliver = parts.deliver] follower in
            let text = JSONText.object { json in
                json.member("position", position)
                json.member("writerDigest", writer.description)
                json.member("followerDigest", follower.description)
            }
            deliver(ReplyBatch([Completion(address: request.address, outcome: .result(text))]))
        }
    }
}
