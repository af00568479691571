import Foundation
import MarketCore
import Synchronization
import Testing

@testable import MarketServer

/// Parts of a start.
struct StartTests {
    /// Takes its time to go, as files do that are written when they are closed.
    private final class Held: Sendable {
        private let isGone: Flag

        init(_ isGone: Flag) { self.isGone = isGone }

        deinit {
            Thread.sleep(forTimeInterval: 0.02)
            isGone.isSet.store(true, ordering: .releasing)
        }
    }

    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    private enum Failure: Error {
        case wanted
    }

    /// Whoever opens the same files next must find them closed.
    @Test(arguments: [false, true])
    func `work that has ended holds nothing but its result`(fails: Bool) throws {
        let isGone = Flag()
        var held: Held? = Held(isGone)
        let result = WorkResult("work") { [held] () throws(Failure) in
            if fails { throw .wanted }
            return held == nil ? 0 : 7
        }
        held = nil
        if fails {
            #expect(throws: Failure.wanted) { try result.get() }
        } else {
            #expect(try result.get() == 7)
            #expect(try result.get() == 7, "it can be asked again")
        }
        let wasGone = isGone.isSet.load(ordering: .acquiring)
        #expect(wasGone)
    }

    /// Positions in millions of events.
    @Test(arguments: [
        // Passed on the way, with the log's end in a later million.
        (2.1, 1.9, 3.2, 1.0, true),
        (2.9, 2.1, 3.2, 1.0, false),
        // In the log's last million: left to the running market where that has one due by its end.
        (3.0, 1.9, 3.2, 1.0, false),
        (3.0, 2.9, 3.2, 1.0, false),
        (3.0, 2.9, 3.2, 2.0, true),
        (3.0, 1.9, 3.2, 5.0, true),
        (3.1, 3.0, 3.2, 1.0, false),
    ])
    func `a start writes the snapshots that nobody else would`(
        _ row: (at: Double, last: Double, end: Double, interval: Double, lacks: Bool)
    ) {
        func position(_ millions: Double) -> LogPosition { LogPosition(UInt64(millions * 1e6)) }
        #expect(
            MarketOpening.lacksSnapshot(
                at: position(row.at), after: position(row.last), logEnd: position(row.end),
                interval: Int(row.interval * 1e6)) == row.lacks)
    }
}
