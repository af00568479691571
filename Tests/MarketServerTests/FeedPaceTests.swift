import MarketTestSupport
import Testing

@testable import MarketServer

@Suite(.hangGuard)
struct FeedPaceTests {
    private func instant(_ microseconds: Int64) -> Instant {
        Instant(nanoseconds: 0).advanced(byMicroseconds: microseconds)
    }

    @Test
    func `a feed that began far back does not count before it has caught up`() {
        var pace = FeedPace()
        #expect(!pace.isKept(at: instant(0)))
        pace.noteCaughtUp()
        #expect(pace.isKept(at: instant(0)))
    }

    @Test
    func `a reader that takes too long does not count until everything was delivered again`() {
        let limit = FeedPace.readerMicroseconds
        var pace = FeedPace()
        pace.noteCaughtUp()
        pace.beginWait(instant(1_000))
        #expect(pace.isKept(at: instant(1_000 + limit)))
        #expect(!pace.isKept(at: instant(1_001 + limit)))
        pace.endWait(instant(1_001 + limit))
        #expect(!pace.isKept(at: instant(9 * limit)))
        pace.noteCaughtUp()
        #expect(pace.isKept(at: instant(9 * limit)))
    }

    @Test
    func `a reader that takes a little too long again and again does not count either`() {
        let wait = FeedPace.readerMicroseconds / 4
        var pace = FeedPace()
        pace.noteCaughtUp()
        for turn in 0..<4 {
            #expect(pace.isKept(at: instant(Int64(turn) * 2 * wait)))
            pace.beginWait(instant(Int64(turn) * 2 * wait))
            pace.endWait(instant((Int64(turn) * 2 + 1) * wait))
        }
        #expect(pace.isKept(at: instant(8 * wait)))
        pace.beginWait(instant(8 * wait))
        pace.endWait(instant(8 * wait + 1))
        #expect(!pace.isKept(at: instant(8 * wait + 1)))
    }
}
