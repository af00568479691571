import MarketCore
import MarketTestSupport
import Testing

/// Money (R7.2, R12.1-R12.3).
struct LedgerTests {
    @Test(.rules("R3.1", "R7.2", "R12.1", "R12.2"))
    func `a sale moves the charge to channel, payees and revenue`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen") { $0.premium = Money(fen: 7) }
        let lead = try market.lead(of: 1)
        let assignment = try #require(market.market.assignment(of: lead))
        let reservation = Reservation(
            lead: lead, order: assignment.order, categoryVersion: 1, price: Money(fen: 6_000),
            premium: Money(fen: 7), channelPayout: Money(fen: 900))
        // 500 and 333 basis points of 6,007 fen are 300.35 and 200.03: floored (R12.2).
        let release = Release(
            assignment: assignment.id, channelPayout: Money(fen: 900),
            payeeShares: [
                PayeeShare(payee: PayeeNumber(0), amount: Money(fen: 300)),
                PayeeShare(payee: PayeeNumber(1), amount: Money(fen: 200)),
            ],
            boundUntil: assignment.reservedAt + .minutes(40))
        #expect(
            market.log.suffix(2).map(\.event) == [
                .leadReserved(reservation), .leadReleased(release),
            ])
        let ledger = market.market.ledger
        #expect(ledger.cash == Money(fen: 100_000))
        #expect(ledger.available == [Money(fen: 93_993)])
        #expect(ledger.held == [.zero])
        #expect(ledger.channelPayable == [Money(fen: 900), .zero, .zero])
        #expect(ledger.payeePayable == [Money(fen: 300), Money(fen: 200)])
        #expect(ledger.revenue == Money(fen: 4_607))
        #expect(ledger.imbalance == .zero)
    }

    @Test(.rules("R12.2"))
    func `a dear channel makes a loss, which is revenue below zero`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen", "everybody")
        let lead = try market.lead(of: 1) {
            $0.attributes = Attributes()
            $0.attributes[SmallWorld.Number.monthlyIncome] = 5_000
        }
        #expect(market.market.assignment(of: lead)?.charge == Money(fen: 800))
        #expect(market.market.ledger.revenue == Money(fen: -100))
        #expect(market.market.ledger.imbalance == .zero)
    }

    @Test(.rules("R2.2"))
    func `a redefined payout and price hold for later sales alone`() throws {
        var market = try TestMarket()
        try market.register("chen")
        try market.order("chen")
        let first = try market.lead(of: 1)
        var configuration = MarketConfiguration()
        var category = SmallWorld.homeOwner
        category.ladder = PriceLadder(minutes: [(5, 5_000)])
        configuration.categories = [category]
        configuration.channels = [
            ("search", ChannelDefinition(title: "S", payout: .fixed(Money(fen: 1))))
        ]
        try market.give(.applyConfiguration(configuration))
        let second = try market.lead(of: 2)
        let charges = [first, second].map { market.market.assignment(of: $0)?.charge.fen }
        let versions = [first, second].map { market.market.assignment(of: $0)?.categoryVersion }
        #expect(charges == [6_000, 5_000])
        #expect(versions == [1, 2])
        #expect(market.market.ledger.channelPayable[0] == Money(fen: 901))
    }

    @Test(.rules("R12.1"))
    func `deposits, repayments and payouts go to cash and one account`() throws {
        var market = try TestMarket()
        try market.register("chen", fen: 10_000)
        try market.order("chen")
        try market.lead(of: 1)
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 50), reference: "r"))
        try market.give(.withdraw(advisor: "chen", amount: Money(fen: 4_050), reference: "r"))
        try market.give(.payChannel(name: "search", amount: Money(fen: 900), reference: "r"))
        try market.give(.payPayee(name: "agent", amount: Money(fen: 100), reference: "r"))
        let ledger = market.market.ledger
        #expect(ledger.cash == Money(fen: 10_050 - 4_050 - 1_000))
        #expect(ledger.available == [.zero])
        #expect(ledger.channelPayable[0] == .zero)
        #expect(ledger.payeePayable == [Money(fen: 300), Money(fen: 99)])
        #expect(ledger.imbalance == .zero)
    }

    @Test(.rules("R5.4"))
    func `a balance is spent to the last fen and never beyond`() throws {
        var market = try TestMarket()
        try market.register("chen", fen: 12_000)
        try market.order("chen", quantity: 10)
        let buyers = try (1...3).map { try market.sell(leadOf: $0) }
        #expect(buyers == ["chen", "chen", nil])
        #expect(market.available("chen") == 0)
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 5_999), reference: ""))
        #expect(market.market.waitingLeads.count == 1)
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 1), reference: ""))
        #expect(market.market.waitingLeads.isEmpty)
        #expect(market.available("chen") == 0)
    }

    @Test
    func `the largest balance is taken and no fen more`() throws {
        var market = try TestMarket()
        try market.register("chen", fen: Money.maximum.fen - 1)
        try market.give(.deposit(advisor: "chen", amount: Money(fen: 1), reference: ""))
        #expect(market.available("chen") == Money.maximum.fen)
        #expect(throws: Rejection.balanceOutOfRange) {
            try market.give(.deposit(advisor: "chen", amount: Money(fen: 1), reference: ""))
        }
    }
}
