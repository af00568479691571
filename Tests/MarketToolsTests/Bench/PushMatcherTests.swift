import MarketTestSupport
import Testing

@testable import MarketTools

struct `answers and pushes brought together` {
    @Test func `it does not matter which comes first`() {
        var matcher = PushMatcher(capacity: 8)
        #expect(matcher.answered(3, due: 100, phase: 1) == nil)
        #expect(matcher.pushed(3, at: 150) == PushMatcher.Sighting(phase: 1, nanoseconds: 50))
        #expect(matcher.pushed(4, at: 160) == nil)
        #expect(
            matcher.answered(4, due: 100, phase: 2)
                == PushMatcher.Sighting(phase: 2, nanoseconds: 60))
    }

    @Test func `a push is counted once`() {
        var matcher = PushMatcher(capacity: 8)
        _ = matcher.answered(3, due: 100, phase: 0)
        #expect(matcher.pushed(3, at: 150) != nil)
        #expect(matcher.pushed(3, at: 170) == nil)
    }

    @Test func `a lead long gone is forgotten and not taken for another`() {
        var matcher = PushMatcher(capacity: 8)
        _ = matcher.answered(3, due: 100, phase: 0)
        _ = matcher.answered(11, due: 200, phase: 0)
        #expect(matcher.pushed(3, at: 300) == nil)
    }
}
