/// What a lead costs by its age: (max age, price) rungs, ascending ages (R7.1).
public struct PriceLadder: Hashable, Sendable {
    /// One price, for leads up to an age.
    public struct Rung: Hashable, Sendable {
        /// The oldest lead it holds, inclusive.
        public let maximumAge: Timespan
        /// The price of such a lead, without the order's premium.
        public let price: Money

        /// Makes the rung that sells leads up to `maximumAge` at `price`.
        public init(maximumAge: Timespan, price: Money) {
            self.maximumAge = maximumAge
            self.price = price
        }
    }

    /// The most rungs of a ladder.
    public static let maximumRungs = 16

    /// The rungs by age; never empty.
    public let rungs: [Rung]

    /// Makes a ladder, or returns `nil` without 1...16 rungs of ascending positive ages up to
    /// ``Timespan/maximum`` and prices from zero to ``Money/maximum``.
    public init?(_ rungs: [Rung]) {
        guard (1...Self.maximumRungs).contains(rungs.count),
            rungs.allSatisfy({ $0.maximumAge.microseconds > 0 && $0.maximumAge <= .maximum }),
            rungs.allSatisfy({ $0.price >= .zero && $0.price <= .maximum }),
            zip(rungs, rungs.dropFirst()).allSatisfy({ $0.maximumAge < $1.maximumAge })
        else { return nil }
        self.rungs = rungs
    }

    /// The first rung that holds a lead of `age`, or `nil` when the lead is too old to sell (R7.1).
    public func rung(atAge age: Timespan) -> Rung? {
        for rung in rungs where age <= rung.maximumAge { return rung }
        return nil
    }

    /// The age from which no rung holds a lead any more, less one microsecond.
    public var lastAge: Timespan { rungs[rungs.count - 1].maximumAge }

    /// The age up to which the first rung holds.
    public var firstAge: Timespan { rungs[0].maximumAge }

    /// The price of a lead that has just arrived.
    public var firstPrice: Money { rungs[0].price }

    /// The lowest price that a lead no older than `age` can have.
    public func cheapestPrice(upToAge age: Timespan) -> Money {
        var cheapest = rungs[0].price
        for index in rungs.indices.dropFirst() where rungs[index - 1].maximumAge < age {
            cheapest = min(cheapest, rungs[index].price)
        }
        return cheapest
    }
}
