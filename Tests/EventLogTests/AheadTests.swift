import MarketTestSupport
import Synchronization
import Testing

@testable import EventLog

@Suite(.hangGuard)
struct AheadTests {
    @Test func `values come in order, and nothing after the last`() {
        let numbers = Ahead(by: 3, from: 0) { number in
            number += 1
            return number <= 1_000 ? number : nil
        }
        #expect((1...1_000).allSatisfy { numbers.next() == $0 })
        #expect(numbers.next() == nil)
        #expect(numbers.next() == nil)
    }

    @Test func `no more are made than may wait`() async throws {
        let made = Counter()
        let numbers = Ahead(by: 4, from: 0) { number in
            number += 1
            made.count.store(number, ordering: .relaxed)
            return number <= 500 ? number : nil
        }
        for taken in 1...500 {
            #expect(numbers.next() == taken)
            // Once the maker waits, it has made what may wait, and stays at that.
            while taken % 100 == 1, made.count.load(ordering: .relaxed) < taken + 4 {
                try await Task.sleep(for: .milliseconds(1))
            }
            if taken % 100 == 1 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(made.count.load(ordering: .relaxed) <= taken + 4)
        }
    }

    private final class Counter: Sendable {
        let count = Atomic(0)
    }

    @Test func `what nobody takes any more is made no more`() {
        // It would go on for ever, and whoever lets it go would wait for it.
        let numbers = Ahead(by: 2, from: 0) { number in
            number += 1
            return number
        }
        #expect(numbers.next() == 1)
    }

    @Test func `what is handed on is kept until it is done with, and no longer`() {
        struct Reference {
            weak var counter: Counter?
        }
        var kept: [Reference] = []
        var handedOn = HandedOn<Counter>(by: 2)
        for _ in 0..<12 {
            let value = Counter()
            kept.append(Reference(counter: value))
            handedOn.keep(value)
        }
        // What was handed on last, and what may be under way: the maker's own, and two that wait.
        #expect(kept.map { $0.counter != nil } == (0..<12).map { $0 >= 9 })
    }
}
