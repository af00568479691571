import EventLog
import Foundation
import MarketCore
import MarketTestSupport
import Projections
import Testing

@testable import MarketServer

/// What the follower keeps beside its market, counted.
@Suite struct FollowerGrowthTests {
    @Test
    func `nothing is kept of leads that were sold and acknowledged`() throws {
        var followed = try FollowedMarketFixture()
        var largest = 0
        for round in 0..<100 {
            var sold: [AssignmentID] = []
            for person in 0..<100 {
                let lead = try followed.source.lead(of: UInt64(round * 100 + person))
                sold.append(try #require(followed.source.assignment(of: lead)).id)
            }
            followed.follow()
            for id in sold { try followed.source.give(.acknowledgeAssignment(id)) }
            followed.follow()
            try followed.state.views.commit()
            largest = max(largest, followed.state.pushed.retainedCount)
        }
        #expect(followed.state.market.assignments.count == 10_000)
        // Half a chunk of settled ones, those of one round, and a chunk that is swept last.
        #expect(largest <= 2 * PushedEntries.chunkEntries)
        #expect(followed.state.overdue.count == 0)
        #expect(followed.state.views.pendingEvents == 0)
    }

    @Test
    func `those that nobody acknowledges stay, in order, whatever is swept between them`() throws {
        var followed = try FollowedMarketFixture()
        var open: [AssignmentID] = []
        for person in 0..<9_000 {
            let lead = try followed.source.lead(of: UInt64(person))
            let id = try #require(followed.source.assignment(of: lead)).id
            if person % 10 == 0 {
                open.append(id)
            } else {
                try followed.source.give(.acknowledgeAssignment(id))
            }
            followed.follow()
        }
        let pushed = followed.state.pushed
        let market = followed.state.market
        let told = pushed.slice(
            from: .start, before: market.head.next, limit: .max, reservations: true, in: market)
        #expect(told.map(\.assignment) == open)
        #expect(told.allSatisfy { pushed.release(at: $0.position)?.assignment == $0.assignment })
        // A market that is restored says the same.
        let restored = PushedAssignments(market.assignments) { assignment in assignment.id.position
        }
        let toldAgain = restored.slice(
            from: .start, before: market.head.next, limit: .max, reservations: true, in: market)
        #expect(toldAgain.map(\.position) == told.map(\.position))
        #expect(toldAgain.map(\.assignment) == open)
        // What is settled is at most as much as what is open, and a few chunks.
        #expect(pushed.retainedCount <= 2 * open.count + 3 * PushedEntries.chunkEntries)
    }

    @Test
    func `overdue deliveries are counted until they are settled, one way or another`() throws {
        var followed = try FollowedMarketFixture()
        for person in 0..<5 { _ = try followed.source.lead(of: UInt64(person)) }
        followed.follow()
        let found = followed.state.watchDeliveries(
            releasesUpTo: followed.state.market.time, count: 2)
        #expect(found.overdue.count == 2)
        #expect(!found.isDone)
        let rest = followed.state.watchDeliveries(
            releasesUpTo: followed.state.market.time, count: 100)
        #expect(rest.overdue.count == 3)
        #expect(rest.isDone)
        let all = found.overdue + rest.overdue
        #expect(followed.state.overdue.count == 5)
        #expect(all.allSatisfy { followed.state.overdue.contains($0) })
        try followed.source.give(.acknowledgeAssignment(all[0].id))
        try followed.source.give(.suppressPerson(all[1].identity, reason: "asked"))
        try followed.source.give(.erasePerson(all[1].identity))
        try followed.source.give(.erasePerson(all[2].identity))
        try followed.source.give(.withdrawLead(all[3].lead))
        followed.follow()
        #expect(followed.state.overdue.count == 1)
        let left = followed.state.market.assignments.filter { followed.state.overdue.contains($0) }
        #expect(left.map(\.id) == [all[4].id])
    }

    @Test func `who lags is handed each event once, from the log and then from memory`() throws {
        var followed = try FollowedMarketFixture()
        var person: UInt64 = 0
        while followed.source.log.count < RecentEvents.capacity + 6_000 {
            for _ in 0..<200 {
                person += 1
                _ = try followed.source.lead(of: person)
            }
            try followed.writeAndFollow()
        }
        let log = followed.source.log
        var places = [0, 2_999]
        while places.contains(where: { $0 < log.count }) {
            // In turn, so that each finds what the other was read.
            for reader in places.indices {
                let start = places[reader]
                let position = LogPosition(UInt64(start) + 1)
                try followed.state.visitSlice(from: position, limit: 700) {
                    (recorded) throws(EventLogError) in
                    let again = try followed.state.event(at: recorded.position)
                    #expect(recorded == log[places[reader]] && again == recorded)
                    places[reader] += 1
                    return places[reader] < start + 500
                }
                #expect(places[reader] > start || start == log.count)
                #expect(places[reader] <= start + 500)
            }
        }
    }

    @Test func `nobody is handed what is not applied yet`() throws {
        var followed = try FollowedMarketFixture()
        for person in 0..<10 { _ = try followed.source.lead(of: UInt64(person)) }
        let batch = followed.source.log
        let half = batch.endOfTransaction(from: batch.count / 2)
        followed.state.apply(batch, 0..<half)
        var count = 0
        try followed.state.visitSlice(from: LogPosition(1), limit: 1_000) { _ in
            count += 1
            return true
        }
        #expect(count == half && half < batch.count)
        #expect(try followed.state.event(at: LogPosition(UInt64(half) + 1)) == nil)
        #expect(try followed.state.events(from: LogPosition(1), limit: 1_000).count == half)
    }

    @Test func `recent events are found in the batches they came in, and old ones let go`() {
        var recent = RecentEvents()
        var next = LogPosition(5)
        func event() -> RecordedEvent {
            defer { next = next.next }
            return RecordedEvent(
                position: next, transaction: next, time: .epoch, input: nil,
                event: .timePassed(through: nil))
        }
        func found(_ position: UInt64) -> LogPosition? {
            var found: LogPosition?
            let isHere = recent.visit(from: LogPosition(position), limit: 1) { recorded in
                found = recorded.position
                return true
            }
            #expect(isHere == (found != nil))
            return found
        }
        for size in [1, 3, 100] { recent.append((0..<size).map { _ in event() }) }
        #expect(found(4) == nil)
        #expect(found(109) == nil)
        for position in UInt64(5)...108 { #expect(found(position)?.rawValue == position) }
        var some: [UInt64] = []
        let isHere = recent.visit(from: LogPosition(7), limit: 4) { recorded in
            some.append(recorded.position.rawValue)
            return true
        }
        #expect(isHere && some == [7, 8, 9, 10])
        let stops = recent.visit(from: LogPosition(8), limit: 4) { recorded in
            some.append(recorded.position.rawValue)
            return recorded.position < LogPosition(9)
        }
        #expect(stops && some == [7, 8, 9, 10, 8, 9])
        for _ in 0..<1_000 { recent.append((0..<100).map { _ in event() }) }
        #expect(recent.count < RecentEvents.capacity + 100)
        #expect(found(5) == nil)
        #expect(found(next.rawValue - 1) != nil)
    }
}
