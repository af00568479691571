import Testing

@testable import MarketServer

struct OverdueWarningTests {
    @Test
    func `a crowd of overdue deliveries is named in part and counted for the rest`() {
        var warnings = OverdueWarnings()
        let start = Instant.now
        let named = (0..<1_000).count { _ in warnings.note(at: start) }
        #expect(named == OverdueWarnings.namedPerSecond)
        let early = warnings.close(at: start.advanced(byMicroseconds: 500_000))
        #expect(early == nil)
        let untold = warnings.close(at: start.advanced(bySeconds: 1))
        #expect(untold == 1_000 - named)
        #expect(warnings.end == nil)

        // The next second names some again, and a few alone leave nothing to count.
        let later = start.advanced(bySeconds: 2)
        let isNamed = warnings.note(at: later)
        #expect(isNamed)
        let rest = warnings.close(at: later.advanced(bySeconds: 1))
        #expect(rest == nil)
    }
}
