internal import EventLog
internal import MarketCore
internal import MarketRPC

extension Session {
    /// Has a request carried out.
    ///
    /// - Returns: the outcome when it is known at once.
    func dispatch(
        _ request: Request, _ address: ReplyAddress, _ bytes: Int
    ) throws(RPCError) -> Outcome? {
        let context = CallContext(
            role: grant.role, channel: grant.channel, schema: tables.schema,
            phonePattern: tables.phonePattern)
        switch try Catalogue.content(of: request, context: context).content {
        case .mutation(let mutation, let options):
            try change(mutation, options, address, bytes) { request.idempotentContent }
            return nil
        case .query(.leadExplanation(let lead, let page), let atLeast):
            explain(lead, page, address, atLeast: atLeast)
            return nil
        case .query(let query, let atLeast):
            ask(address, atLeast: atLeast) { state throws(RPCError) in
                try state.result(of: query)
            }
            return nil
        case .control(let control):
            return try carryOut(control, address, bytes)
        }
    }

    /// Has the follower work out a result.
    func ask(
        _ address: ReplyAddress, atLeast: LogPosition?, _ body: @escaping FollowerQuery.Body
    ) {
        queries.append(
            FollowerQuery(
                address: address, atLeast: atLeast ?? .start,
                deadline: .now.advanced(byMicroseconds: FollowerQuery.patienceMicroseconds),
                body: body))
    }

    // MARK: - Changes

    /// Whether the market has no room for one more change.
    func isFull(forNewLead isNewLead: Bool) -> Bool {
        service.mailbox.isFull(beyond: commands.count, forNewLead: isNewLead)
    }

    /// Hands a change to the writer.
    ///
    /// - Parameters:
    ///   - bytes: the size of the frame it came in, or its part of it.
    ///   - content: what its idempotency key stands for; only asked for when it has one.
    func change(
        _ mutation: Mutation, _ options: MutationOptions, _ address: ReplyAddress, _ bytes: Int,
        content: () -> [UInt8]
    ) throws(RPCError) {
        // What has no room is refused before sealing it costs anything.
        if isFull(forNewLead: mutation.isNewLead) { throw RPCError(.overloaded) }
        var address = address
        var contactKey: ContactKey?
        let task: WriterRequest.Task
        switch mutation {
        case .command(let command):
            task = .command(command)
        case .submitLead(let lead):
            let sealed = try seal(lead.contact.encoded)
            contactKey = sealed.key
            let identity = service.hasher.identity(ofDigits: lead.contact.phone)
            task = .command(
                .submitLead(lead.submission(identity: identity, sealedContact: sealed.bytes)))
        case .pingLead(let lead):
            task = .command(.pingLead(lead.ping(identity: try identity(of: lead.person))))
        case .postLead(let lead):
            let sealed = try seal(lead.contact.encoded)
            contactKey = sealed.key
            let identity = service.hasher.identity(ofDigits: lead.contact.phone)
            task = .post(lead, identity: identity, sealedContact: sealed.bytes)
        case .registerAdvisor(let advisor):
            let identity = advisor.phoneDigits.map { service.hasher.identity(ofDigits: $0) }
            task = .command(
                .registerAdvisor(name: advisor.name, profile: advisor.profile(identity: identity)))
        case .updateAdvisor(let revision):
            let identity = revision.phoneDigits.map { service.hasher.identity(ofDigits: $0) }
            task = .revise(revision, identity: identity)
        case .erasePerson(let person):
            task = self.task(about: person, .erase)
        case .suppressPerson(let person, let reason):
            task = self.task(about: person, .suppress(reason: reason))
        case .unsuppressPerson(let person):
            task = self.task(about: person, .unsuppress)
        case .applyConfiguration(let configuration, let dryRun):
            if dryRun {
                task = .rehearse(configuration)
            } else {
                task = .command(.applyConfiguration(configuration))
                address.effect = .endsBarrier
            }
        }
        if task.mayWrite { try options.check(clock: service.clock) }
        let mark = options.idempotencyKey.map { key in
            service.hasher.idempotencyMark(
                principal: peer.uid, key: key, content: content())
        }
        hand(
            WriterRequest(
                address: address, task: task,
                input: InputContext(role: grant.role, principal: peer.uid, idempotency: mark),
                channel: grant.channel, at: options.at, contactKey: contactKey, byteCount: bytes))
    }

    private func identity(of person: LeadPingRequest.Person) throws(RPCError) -> Identity {
        switch person {
        case .phone(let digits): return service.hasher.identity(ofDigits: digits)
        case .md5(let digest):
            guard let identity = service.hasher.identity(ofMD5: digest) else {
                throw .invalidParameter(FieldPath("phoneMd5"), "must be 32 hexadecimal digits.")
            }
            return identity
        }
    }

    /// Puts a request among those for the writer; raises the barrier when it is one.
    func hand(_ request: WriterRequest) {
        commands.append(request)
        if case .endsBarrier = request.address.effect { raiseBarrier() }
    }

    private func seal(_ contact: [UInt8]) throws(RPCError) -> SealedContact {
        do {
            return try sealer.seal(contact)
        } catch {
            throw RPCError(.internalError, "The contact cannot be sealed: \(error)")
        }
    }

    private func task(
        about person: PersonReference, _ change: WriterRequest.PersonChange
    ) -> WriterRequest.Task {
        switch person {
        case .lead(let lead): .person(of: lead, change)
        case .phone(let digits):
            .command(change.command(for: service.hasher.identity(ofDigits: digits)))
        case .identity(let identity): .command(change.command(for: identity))
        }
    }
}

extension FollowerState {
    /// The text of a query's result.
    func result(of query: Query) throws(RPCError) -> [UInt8] {
        switch query {
        case .marketInfo(let own): information(onlyOf: own)
        case .marketDepth(let category): try depth(of: category)
        case .advisor(let name): try advisor(name)
        case .advisors(let page): try advisors(page)
        case .account(let name): try account(name)
        case .statement(let name, let page): try statement(of: name, page)
        case .order(let id): try order(id)
        case .orders(let selection, let page): try orders(selection, page)
        case .lead(let id, let channel): try lead(id, onlyOf: channel)
        case .leads(let selection, let page): try leads(selection, page)
        case .leadTrace(let id): try trace(id)
        case .leadExplanation:
            preconditionFailure("a session hands explanations to follower and explainer itself")
        case .assignment(let id): try assignment(id)
        case .assignments(let selection, let page): try assignments(selection, page)
        case .channel(let name): try channel(name)
        case .channels(let own): try channels(onlyOf: own)
        case .connectionRate(let selection): try connectionRate(selection)
        case .leadStatistics(let grouping): try leadStatistics(grouping)
        case .matchingStatistics: try matchingStatistics()
        case .returnStatistics: try returnStatistics()
        case .events(let from, let limit): try events(from: from, count: limit)
        }
    }
}
