public import MarketCore
import MarketWorkload

/// What a plain book says of many leads: each decision that a benchmark measures is compared with it.
struct PlainAnswers {
    private var book: NaiveBook
    private var acceptances: Acceptances
    private let leads: [Lead]
    /// Which leads ``acceptances`` tells about.
    private var known = 0..<0

    /// Takes over the orders of a market.
    ///
    /// - Parameter leads: those that are asked about, one after the other.
    init(_ market: Market, leads: [Lead]) {
        book = NaiveBook(market)
        acceptances = Acceptances(book)
        self.leads = leads
    }

    /// The order that gets the lead at `place`, in the market as it is by then; no filter has changed.
    ///
    /// - Parameter other: a lead that declares the same and asks in its stead.
    mutating func best(
        forLeadAt place: Int, as other: Lead? = nil, in market: Market, at time: Timestamp
    ) -> OrderID? {
        if !known.contains(place) {
            known = place..<min(place + Acceptances.width, leads.count)
            acceptances.ask(about: leads[known])
        }
        return book.best(
            for: other ?? leads[place], numbered: place - known.lowerBound, of: acceptances,
            in: market, at: time)
    }

    /// Submits a lead and follows what becomes of it.
    ///
    /// - Returns: The order that it went to.
    mutating func submit(_ submission: LeadSubmission, to market: inout Market) -> OrderID? {
        for event in market.give(.submitLead(submission)) {
            guard case .leadReserved(let sale) = event.event else { continue }
            book.note(sale, at: event.position, in: market)
            return sale.order
        }
        return nil
    }
}

extension Market {
    /// Whether each of `leads` would get the order that a plain book gives it.
    public mutating func agreesWithPlainBook(on leads: [Lead]) -> Bool {
        var answers = PlainAnswers(self, leads: leads)
        return leads.indices.allSatisfy { place in
            let expected = answers.best(forLeadAt: place, in: self, at: Workload.beginning)
            return buyer(of: leads[place], at: Workload.beginning) == expected
        }
    }
}

/// Ends the program, and says why, where a benchmark comes to another order than the plain book: `precondition` says
/// nothing in a release build.
public func confirm(_ isSo: Bool, _ what: @autoclosure () -> String) {
    guard isSo else { fatalError(what()) }
}
