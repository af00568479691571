import MarketCore
import MarketTestSupport
import Testing

/// The state as bytes, replay, and the log's places.
struct StateTests {
    private func busyMarket() throws -> TestMarket {
        var market = try TestMarket()
        try market.register("chen")
        try market.register("liu", fen: 3_000)
        let now = market.now
        try market.order("chen", quantity: 2)
        try market.order("liu", "whiteCollar") { $0.startsAt = now + .hours(1) }
        for person in 1...4 { try market.lead(of: UInt64(person)) }
        try market.give(.suppressPerson(.person(9), reason: "asked"))
        try market.give(.erasePerson(.person(1)))
        let mark = IdempotencyMark(key: Bytes16(high: 1, low: 2), content: Bytes16(high: 3, low: 4))
        let input = InputContext(role: .frontend, principal: 7, idempotency: mark)
        try market.give(.pauseChannel("video"), input: input)
        return market
    }

    @Test
    func `events replayed give the same state`() throws {
        let market = try busyMarket()
        var replayed = Market()
        for event in market.log { replayed.evolve(event) }
        #expect(replayed.encodeState() == market.market.encodeState())
    }

    @Test
    func `a follower without an order book has the same state`() throws {
        let market = try busyMarket()
        var follower = Market(decides: false)
        for event in market.log { follower.evolve(event) }
        #expect(follower.encodeState() == market.market.encodeState())
    }

    @Test
    func `the state survives encoding and decides on alike`() throws {
        var market = try busyMarket()
        var decoded = try Market(state: market.market.encodeState())
        #expect(decoded.encodeState() == market.market.encodeState())
        #expect(decoded.nextDue == market.market.nextDue)
        let stamp = market.now
        let command = Command.deposit(advisor: "chen", amount: Money(fen: 9), reference: "")
        let events = try market.give(command)
        let again = try decoded.execute(
            command, at: stamp, input: InputContext(role: .operator, principal: 1_000))
        #expect(again.map(\.event) == events)
        #expect(decoded.encodeState() == market.market.encodeState())
    }

    @Test
    func `every truncation of the state is refused`() throws {
        let state = try busyMarket().market.encodeState()
        for length in 0..<state.count {
            #expect(throws: StateError.self) { try Market(state: Array(state.prefix(length))) }
        }
        #expect(throws: StateError.trailingBytes) { try Market(state: state + [0]) }
    }

    @Test
    func `a state of another format is refused`() throws {
        var state = Market().encodeState()
        state[0] &+= 1
        #expect(throws: StateError.unknownFormat) { try Market(state: state) }
    }

    @Test
    func `positions have no gaps and the input comes first`() throws {
        let market = try busyMarket()
        var transaction = LogPosition.start
        for (index, event) in market.log.enumerated() {
            #expect(event.position.rawValue == UInt64(index) + 1)
            if event.input != nil { transaction = event.position }
            #expect(event.transaction == transaction)
        }
    }

    @Test
    func `idempotency keys are remembered for 48 hours`() throws {
        let market = try busyMarket()
        let key = Bytes16(high: 1, low: 2)
        let end = market.market.time + .hours(48)
        let entry = try #require(market.market.idempotency.entry(for: key, at: end))
        #expect(entry.mark.content == Bytes16(high: 3, low: 4))
        #expect(entry.transaction == market.market.head)
        #expect(market.market.idempotency.entry(for: key, at: end + .microsecond) == nil)
    }

    @Test
    func `stamps strictly increase`() throws {
        var market = try TestMarket()
        #expect(market.market.stamp(at: .epoch) == market.market.time + .microsecond)
        let later = market.market.time + .hours(1)
        #expect(market.market.stamp(at: later) == later)
        try market.give(.changeRules(version: 2))
        #expect(market.market.rulesInForce == 2)
    }
}
