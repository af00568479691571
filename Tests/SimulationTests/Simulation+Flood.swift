import MarketCore
import MarketTestSupport

/// So many waiting leads that one transaction's limit does not hold all of their sales (R6.4).
extension Simulation {
    /// Every how many seeds there is a flood.
    static let floodInterval: UInt64 = 3

    /// Hundreds of house owners wait; then large orders start, in some floods just as the leads' first
    /// rung ends, and random commands come in between.
    mutating func runFlood() throws(Divergence) {
        isThorough = false
        var configuration = SmallWorld.configuration
        configuration.attributes.append(World.tierAttribute)
        let isGated = generator.random.chance(40)
        if isGated { configuration.categories[0].gates.acceptance = .seconds(30) }
        try give(.createMarket(generator.foundation(clock: .real)), at: SmallWorld.beginning)
        try giveNext(.applyConfiguration(configuration))
        let buyers = SmallWorld.advisors.prefix(3)
        for advisor in buyers {
            var profile = generator.profile()
            profile.dailyCap = nil
            profile.openWorkLimit = nil
            try giveNext(.registerAdvisor(name: advisor, profile: profile))
            let amount = Money(fen: Int64(generator.random.within(5_000_000...8_000_000)))
            try giveNext(.deposit(advisor: advisor, amount: amount, reference: ""))
        }
        let isLarge = seed % (20 * Self.floodInterval) == 0
        let leadCount = generator.random.within(isLarge ? 790...900 : 290...340)
        for number in 0..<leadCount {
            try giveNext(.submitLead(floodLead(number)))
        }
        let start = SmallWorld.beginning + .minutes(generator.random.chance(10) ? 5 : 4)
        for advisor in buyers {
            var terms = OrderTerms(
                filter: .everything,
                quantity: generator.random.within(leadCount / 3 + 1...leadCount / 2),
                maximumAge: .minutes(30), startsAt: start)
            terms.priority = generator.random.within(4...6)
            try giveNext(.placeOrder(advisor: advisor, category: "homeOwner", terms: terms))
        }
        try checkInvariants(known: 0)
        try give(.passTime, at: start + .seconds(1))
        try runOverdueWork()
        if isGated {
            // Hundreds of reservations lapse at once.
            try give(.passTime, at: model.time + .seconds(31))
            try runOverdueWork()
        }
        try checkInvariants(known: 0)
        try checkWhole()
        tally.countSeed()
    }

    private mutating func runOverdueWork() throws(Divergence) {
        while let due = model.nextDue, due <= model.time {
            if generator.random.chance(40) {
                try giveNext(generator.next(model, now: model.time + .microsecond))
            }
            try giveNext(.passTime)
        }
    }

    private mutating func giveNext(_ command: Command) throws(Divergence) {
        try give(command, at: model.time + .microsecond)
    }

    private mutating func floodLead(_ number: Int) -> LeadSubmission {
        var attributes = Attributes()
        attributes[SmallWorld.Number.ownsHouse] = 1
        let region = RegionCode(known: generator.random.pick(SmallWorld.regions))
        attributes[SmallWorld.Number.region] = region.rawValue
        return LeadSubmission(
            channel: SmallWorld.channels[number % 3], identity: .person(1_000 + UInt64(number)),
            attributes: attributes, consent: .given(),
            preferredAdvisor: generator.random.chance(10) ? SmallWorld.advisors[0] : nil)
    }
}
