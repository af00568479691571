import Testing

@testable import MarketServer

@Suite struct FeedPaceTests {
    private let limit = FeedPace.readerMicroseconds

    private func instant(_ microseconds: Int64) -> Instant {
        Instant(nanoseconds: 1_000_000_000).advanced(byMicroseconds: microseconds)
    }

    /// One that is told everything.
    private var kept: FeedPace {
        var pace = FeedPace()
        pace.note(lag: 0, near: 8, at: instant(0))
        return pace
    }

    @Test func `a feed that begins far back counts once it is near the head`() {
        var pace = FeedPace()
        pace.note(lag: 9, near: 8, at: instant(0))
        #expect(!pace.isKept(at: instant(0)))
        pace.note(lag: 8, near: 8, at: instant(0))
        #expect(pace.isKept(at: instant(0)))
    }

    @Test func `a reader that takes too long does not count until everything is told again`() {
        var pace = kept
        pace.beginWait(instant(1_000))
        #expect(pace.isKept(at: instant(1_000 + limit)))
        #expect(!pace.isKept(at: instant(1_001 + limit)))
        pace.endWait(instant(1_001 + limit))
        #expect(!pace.isKept(at: instant(99 * limit)))
        pace.note(lag: 1, near: 8, at: instant(99 * limit))
        #expect(!pace.isKept(at: instant(99 * limit)))
        pace.note(lag: 0, near: 8, at: instant(99 * limit))
        #expect(pace.isKept(at: instant(99 * limit)))
    }

    @Test func `a reader that waits most of the time does not count for long`() {
        var (pace, time) = (kept, Int64(0))
        while pace.isKept(at: instant(time)), time < 100 * limit {
            pace.beginWait(instant(time))
            time += limit / 4
            pace.endWait(instant(time))
            time += limit / 4
        }
        #expect(time < 3 * limit)
        // To be told everything makes up for none of it.
        pace.note(lag: 0, near: 8, at: instant(time))
        pace.beginWait(instant(time))
        #expect(!pace.isKept(at: instant(time + limit / 4)))
    }

    @Test func `a reader that waits a tenth of the time counts however long that goes on`() {
        var (pace, time) = (kept, Int64(0))
        for _ in 0..<1_000 {
            pace.beginWait(instant(time))
            pace.endWait(instant(time + 10_000))
            time += 100_000
            #expect(pace.isKept(at: instant(time)))
        }
    }
}
