internal import MarketCore
internal import MarketRPC

extension Session {
    /// Carries out a request about the daemon or the connection.
    ///
    /// - Returns: the outcome when it is known at once.
    func carryOut(
        _ control: Control, _ address: ReplyAddress, _ bytes: Int
    ) throws(RPCError) -> Outcome? {
        switch control {
        case .discover:
            return .result(JSONValue.object(OpenRPC.document(version: Version.current)).encoded)
        case .health:
            let (health, reserve) = (service.health, service.reserve)
            ask(address, atLeast: nil) { state throws(RPCError) in
                try state.health(health, reserve)
            }
        case .digest:
            hand(request(.digest, at: nil, address, bytes))
        case .advance(let time):
            try MutationOptions(at: time).check(clock: service.clock)
            hand(request(.command(.passTime), at: time, address, bytes))
        case .backup(let directory):
            try service.backups.ask(Backups.Task(directory: directory, address: address))
        case .subscribeAssignments(let from, let advisor, let institution):
            try subscribe(address, from: from) { state throws(RPCError) in
                .assignments(
                    try FeedAudience(advisor: advisor, institution: institution, in: state))
            }
        case .subscribeEvents(let from):
            try subscribe(address, from: from) { _ throws(RPCError) in .events }
        case .subscribeAlerts(let from):
            try subscribe(address, from: from) { _ throws(RPCError) in .alerts }
        case .unsubscribeAssignments(let number), .unsubscribeEvents(let number),
            .unsubscribeAlerts(let number):
            let feed = FeedNumber(rawValue: number)
            guard feeds.remove(feed) else {
                throw RPCError(.unknownSubscription, field: "subscription")
            }
            service.follower.post(.close(feed))
            return .result(Array("{}".utf8))
        }
        return nil
    }

    private func request(
        _ task: WriterRequest.Task, at time: Timestamp?, _ address: ReplyAddress, _ bytes: Int
    ) -> WriterRequest {
        WriterRequest(
            address: address, task: task,
            input: InputContext(role: grant.role, principal: peer.uid), channel: grant.channel,
            at: time, contactKey: nil, byteCount: bytes)
    }

    private func subscribe(
        _ address: ReplyAddress, from: LogPosition?,
        _ kind: @escaping @Sendable (FollowerState) throws(RPCError) -> FeedRequest.Kind
    ) throws(RPCError) {
        guard !feeds.isFull else { throw RPCError(.tooManySubscriptions) }
        let number = service.nextFeed()
        feeds.insert(number)
        var address = address
        address.effect = .opens(number)
        let (connection, follower) = (connection, service.follower)
        ask(address, atLeast: nil) { state throws(RPCError) in
            let kind = try kind(state)
            let head = state.market.head
            // A position after the head is one that is still to come: nothing before it is sent.
            let request = FeedRequest(
                number: number, connection: connection, kind: kind, from: from ?? head.next)
            follower.post(.open(request))
            return JSONText.object { json in
                json.member("subscription", Int(number.rawValue))
                json.member("position", head)
            }
        }
    }
}
