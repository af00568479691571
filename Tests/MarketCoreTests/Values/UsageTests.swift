import MarketTestSupport
import Testing

@testable import MarketCore

/// What is taken of caps by hour and day, and given back (R5.3, R8.1).
struct UsageTests {
    private let calendar = MarketCalendar(utcOffsetMinutes: 480)
    /// Noon of a market-local day.
    private let noon = Timestamp(microseconds: 1_767_585_600_000_000)

    @Test(.rules("R5.3"))
    func `a day counts for itself alone`() {
        var count = DailyCount()
        #expect(count.count(on: 5) == 0)
        count.add(on: 5)
        count.add(on: 5)
        #expect(count.count(on: 5) == 2)
        #expect(count.count(on: 6) == 0)
        count.add(on: 6)
        #expect(count.count(on: 6) == 1)
        #expect(count.count(on: 5) == 0)
    }

    @Test(.rules("R8.1"))
    func `what is given back of an earlier day changes nothing today`() {
        var count = DailyCount()
        count.add(on: 5)
        count.takeBack(on: 5)
        #expect(count.count(on: 5) == 0)
        count.add(on: 5)
        count.add(on: 6)
        count.takeBack(on: 5)
        #expect(count.count(on: 6) == 1)
    }

    @Test(.rules("R5.3"))
    func `hour, day and spending roll over at the market's hour and midnight`() {
        var usage = OrderUsage()
        usage.add(Money(fen: 700), at: noon, in: calendar)
        usage.add(Money(fen: 50), at: noon + .minutes(59), in: calendar)
        let hour = noon + .hours(1) + Timespan(microseconds: -1)
        #expect(usage.hourCount(at: hour, in: calendar) == 2)
        #expect(usage.hourCount(at: hour + .microsecond, in: calendar) == 0)
        usage.add(Money(fen: 3), at: hour + .microsecond, in: calendar)
        let midnight = noon + .hours(12)
        let last = midnight + Timespan(microseconds: -1)
        #expect(usage.hourCount(at: hour + .microsecond, in: calendar) == 1)
        #expect(usage.dayCount(at: last, in: calendar) == 3)
        #expect(usage.spent(at: last, in: calendar) == Money(fen: 753))
        #expect(usage.dayCount(at: midnight, in: calendar) == 0)
        #expect(usage.spent(at: midnight, in: calendar) == .zero)
        usage.add(Money(fen: 9), at: midnight, in: calendar)
        #expect(usage.dayCount(at: midnight, in: calendar) == 1)
        #expect(usage.spent(at: midnight, in: calendar) == Money(fen: 9))
    }

    @Test(.rules("R8.1"))
    func `a reservation is given back to its own hour and day`() {
        var usage = OrderUsage()
        usage.add(Money(fen: 700), at: noon, in: calendar)
        usage.add(Money(fen: 50), at: noon + .hours(1), in: calendar)
        // The hour of noon is over, its day is not.
        usage.takeBack(Money(fen: 700), at: noon, in: calendar)
        #expect(usage.hourCount(at: noon + .hours(1), in: calendar) == 1)
        #expect(usage.dayCount(at: noon, in: calendar) == 1)
        #expect(usage.spent(at: noon, in: calendar) == Money(fen: 50))
        usage.takeBack(Money(fen: 50), at: noon + .hours(1), in: calendar)
        #expect(usage.hourCount(at: noon + .hours(1), in: calendar) == 0)
        #expect(usage.spent(at: noon, in: calendar) == .zero)
    }

    @Test(.rules("R8.1"))
    func `a reservation of yesterday gives nothing back today`() {
        var usage = OrderUsage()
        usage.add(Money(fen: 700), at: noon, in: calendar)
        let tomorrow = noon + .days(1)
        usage.add(Money(fen: 50), at: tomorrow, in: calendar)
        usage.takeBack(Money(fen: 700), at: noon, in: calendar)
        #expect(usage.hourCount(at: tomorrow, in: calendar) == 1)
        #expect(usage.dayCount(at: tomorrow, in: calendar) == 1)
        #expect(usage.spent(at: tomorrow, in: calendar) == Money(fen: 50))
    }
}
