import Histogram
import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

struct `what a load's frontend does` {
    private func errand(_ assignment: UInt64, isSold: Bool = true) -> Frontend.Errand {
        Frontend.Errand(assignment: assignment, isSold: isSold, seen: 5, phase: 0)
    }

    @Test func `it acknowledges what was sold and accepts what is reserved, in order`() {
        var frontend = Frontend()
        frontend.note(errand(7))
        frontend.note(errand(8, isSold: false))
        #expect(frontend.count == 2)
        let first = frontend.next(at: 10, underWay: 0)
        #expect(first?.method == "assignment.acknowledge")
        #expect(first?.parameters == Array(#"{"assignment":7}"#.utf8))
        #expect(frontend.next(at: 10, underWay: 1)?.method == "assignment.accept")
        #expect(frontend.next(at: 10, underWay: 2) == nil && frontend.count == 0)
    }

    @Test func `what was refused for now it says again, later and more slowly`() throws {
        var frontend = Frontend()
        let most = LoadSocket.maximumInFlight
        let first = errand(1)
        frontend.note(errand(2))
        #expect(frontend.next(at: 10, underWay: most) == nil)
        frontend.answered(first, .overloaded, at: 1_000)
        // Of those that were under way it hears the same; that is one refusal.
        frontend.answered(errand(3), .overloaded, at: 1_001)
        #expect(frontend.next(at: 1_000, underWay: 0) == nil && frontend.count == 3)
        let later: UInt64 = 1_000_000_000
        #expect(frontend.next(at: later, underWay: most / 2) == nil)
        #expect(frontend.next(at: later, underWay: most / 2 - 1) == errand(2))
        frontend.answered(errand(2), .changed, at: later)
        #expect(frontend.next(at: later, underWay: most / 2) == first)
        #expect(frontend.next(at: later, underWay: 0) == errand(3))
    }

    @Test func `it goes on with a few however often it is refused`() {
        var frontend = Frontend()
        for round in 1...100 {
            frontend.answered(errand(UInt64(round)), .overloaded, at: UInt64(round) << 40)
        }
        #expect(frontend.next(at: .max, underWay: 15) != nil)
        #expect(frontend.next(at: .max, underWay: 16) == nil)
    }

    @Test func `what is too late is not said again, and is no error of the load`() {
        var frontend = Frontend()
        for kind in [AnswerKind.alreadyAcknowledged, .deadlinePassed, .notAwaitingAcceptance] {
            frontend.answered(errand(1), kind, at: 1)
            #expect(!kind.isUnusual && !kind.isDecision)
        }
        #expect(frontend.count == 0)
    }

    @Test func `what it did is told apart from the leads`() {
        var record = PhaseRecord()
        record.counts[.released] = 4
        (record.due, record.sent) = (4, 4)
        record.errands[.changed] = 3
        record.errands[.overloaded] = 1
        record.errandLatencies.record(2_000_000)
        (record.ownSeconds, record.lastAnswer) = (0.000_008, 1_000_000_000)
        let measurement = LoadMeasurement(record)
        #expect(measurement.leadsPerSecond == 4 && measurement.isComplete)
        #expect(measurement.generatorMicroseconds == 1)
        #expect(measurement.json["frontend"] == ["changed": 3, "overloaded": 1])
        #expect(measurement.json["frontendLatencyMicroseconds"]?["p50"]?.number != nil)
        #expect(LoadTable([measurement]).text.contains("frontend"))
        #expect(LoadMeasurement(PhaseRecord()).json["frontend"] == nil)
    }
}
