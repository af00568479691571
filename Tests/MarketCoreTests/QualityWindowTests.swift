import MarketTestSupport
import Testing

@testable import MarketCore

/// The last decided leads of a channel (R3.2).
struct QualityWindowTests {
    private static func window(_ bad: [Bool], span: Int) -> QualityWindow {
        var window = QualityWindow()
        for (index, isBad) in bad.enumerated() {
            window.note(LogPosition(UInt64(10 * (index + 1))), isBad: isBad, span: span)
        }
        return window
    }

    @Test(.rules("R3.2"))
    func `only the last leads of the span count`() {
        let window = Self.window([true, true, false, true, false], span: 3)
        #expect(window.count == 3)
        #expect(window.bad == 1)
        #expect(window.entries.map(\.decision.rawValue) == [30, 40, 50])
    }

    @Test(.rules("R3.2"))
    func `a window is judged when it is full, and only past the limit`() {
        let limit = 4_000
        #expect(!Self.window([true, true, true, true], span: 5).exceeds(limit: limit, span: 5))
        let atLimit = Self.window([true, false, true, false, false], span: 5)
        #expect(!atLimit.exceeds(limit: limit, span: 5))
        #expect(atLimit.exceeds(limit: limit - 1, span: 5))
        let past = Self.window([true, false, true, false, true], span: 5)
        #expect(past.exceeds(limit: limit, span: 5))
        #expect(!Self.window([true], span: 1).exceeds(limit: 10_000, span: 1))
        #expect(Self.window([true], span: 1).exceeds(limit: 9_999, span: 1))
        #expect(!Self.window([false], span: 1).exceeds(limit: 0, span: 1))
    }

    @Test(.rules("R3.2", "R10.3"))
    func `a returned lead turns bad once, while it is in the window`() {
        var window = Self.window([false, false, true, false], span: 3)
        for (position, bad) in [(10, 1), (25, 1), (20, 2), (20, 2), (30, 2), (40, 3)] {
            window.noteReturn(of: LogPosition(UInt64(position)))
            #expect(window.bad == bad, "\(position)")
        }
        window.note(LogPosition(50), isBad: false, span: 3)
        #expect(window.bad == 2)
    }

    @Test(.rules("R3.2"))
    func `a smaller span takes effect with the next lead`() {
        var window = Self.window([true, true, true, false], span: 4)
        #expect(window.exceeds(limit: 4_000, span: 2))
        window.note(LogPosition(90), isBad: false, span: 2)
        #expect(window.count == 2)
        #expect(window.bad == 0)
    }

    @Test(.rules("R3.2"))
    func `a cleared window begins anew, and entries alone rebuild one`() {
        var window = Self.window([true, false, true], span: 3)
        #expect(QualityWindow(entries: Array(window.entries)) == window)
        window.clear()
        #expect(window == QualityWindow())
        #expect(!window.exceeds(limit: 0, span: 1))
    }
}
