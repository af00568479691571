import MarketCore
import Testing

@testable import MarketServer

@Suite
struct WholeTransactionTests {
    /// Events 1 | 2 3 4 | 5.
    private let events = [(1, 1), (2, 2), (3, 2), (4, 2), (5, 5)].map { position, transaction in
        RecordedEvent(
            position: LogPosition(position), transaction: LogPosition(transaction),
            time: Timestamp(microseconds: 1), input: nil, event: .timePassed(through: nil))
    }

    @Test(arguments: [(0, 0), (1, 1), (2, 4), (3, 4), (4, 4), (5, 5)])
    func `a slice goes on to the end of its transaction`(_ index: Int, _ end: Int) {
        #expect(events.endOfTransaction(from: index) == end)
    }

    @Test(arguments: [(1, 0), (2, 1), (3, 1), (4, 1), (5, 4)])
    func `what a limit may have cut off is left for the next time`(_ count: Int, _ whole: Int) {
        #expect(Array(events.prefix(count)).startOfLastTransaction == whole)
        #expect(Array(events[2..<4]).startOfLastTransaction == 0)
    }
}
