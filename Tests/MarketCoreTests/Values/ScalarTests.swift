import MarketCore
import MarketTestSupport
import Testing

/// Money, time and names.
struct ScalarTests {
    @Test(.rules("R12.2"))
    func `shares are floored, exact even for the largest amounts`() {
        #expect(Money(fen: 6_007).share(basisPoints: 500) == Money(fen: 300))
        #expect(Money(fen: 9_999).share(basisPoints: 1) == .zero)
        #expect(Money(fen: 10_000).share(basisPoints: 1) == Money(fen: 1))
        #expect(Money.maximum.share(basisPoints: 10_000) == .maximum)
        #expect(Money.maximum.share(basisPoints: 9_999) == Money(fen: 8_999_100_000_000_000))
        #expect(Money(fen: 123).share(basisPoints: 0) == .zero)
    }

    @Test
    func `time ends with the year 9999`() {
        #expect(Timestamp.latest + .microsecond == .latest)
        #expect(Timestamp.latest + .maximum == .latest)
        #expect(Timestamp.epoch + .days(1) == Timestamp(microseconds: 86_400_000_000))
        #expect(
            Timestamp(microseconds: 5) - Timestamp(microseconds: 7) == Timespan(microseconds: -2))
    }

    @Test(arguments: ["a", "A.b_c-9", String(repeating: "x", count: 64)])
    func `letters, digits, dots, underscores and hyphens make a name`(text: String) {
        let name = Name(text)
        #expect(name?.description == text)
    }

    @Test(arguments: ["", "a b", "é", "a/b", "a\n", String(repeating: "x", count: 65)])
    func `other text is no name`(text: String) {
        #expect(Name(text) == nil)
    }

    @Test
    func `due work is done by time, then kind, then id`() {
        let early = Timestamp(microseconds: 1)
        let late = Timestamp(microseconds: 2)
        let items = [
            DueItem(time: early, kind: .offer, subject: LogPosition(9)),
            DueItem(time: early, kind: .orderTurn, subject: LogPosition(2)),
            DueItem(time: early, kind: .bindingEnd, subject: LogPosition(1)),
            DueItem(time: early, kind: .leadAge, subject: LogPosition(3)),
            DueItem(time: early, kind: .leadAge, subject: LogPosition(4)),
            DueItem(time: early, kind: .deadline, subject: LogPosition(1)),
            DueItem(time: late, kind: .offer, subject: LogPosition(1)),
        ]
        #expect(items.reversed().sorted() == items)
    }
}
