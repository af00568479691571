import MarketCore
import MarketTestSupport

/// Orders and money.
extension CommandGenerator {
    mutating func placeOrder(_ model: Model, _ now: Timestamp) -> Command {
        let advisor = random.chance(3) ? "nobody" : random.pick(SmallWorld.advisors.dropLast(2))
        var category = random.chance(3) ? "nothing" : random.pick(SmallWorld.categories)
        let retired = model.categories.filter(\.definition.retired)
        if random.chance(8), let found = random.pickAny(retired) { category = found.name }
        var terms = OrderTerms(filter: filter(model), quantity: random.within(1...6))
        terms.premium = premium()
        terms.priority = priority()
        terms.maximumAge = oldest()
        if random.chance(18) { terms.startsAt = moment(near: now) }
        if random.chance(18) { terms.expiresAt = moment(near: now) }
        terms.schedule = schedule(near: now)
        terms.hourCap = cap(3)
        terms.dayCap = cap(4)
        terms.daySpend = daySpend()
        terms.renews = random.chance(30)
        if terms.renews { terms.quantity = random.within(1...3) }
        return .placeOrder(advisor: advisor, category: category, terms: terms)
    }

    mutating func amendOrder(_ model: Model, _ now: Timestamp) -> Command {
        var amendment = OrderAmendment()
        if random.chance(20) { amendment.filter = .set(filter(model)) }
        if random.chance(50) {
            amendment.quantity = .set(random.chance(30) ? 1 : random.within(2...7))
        }
        if random.chance(20) { amendment.premium = .set(premium()) }
        if random.chance(20) { amendment.priority = .set(priority()) }
        if random.chance(25) { amendment.maximumAge = .set(oldest()) }
        if random.chance(20) {
            amendment.startsAt = .set(random.chance(50) ? nil : moment(near: now))
        }
        if random.chance(25) {
            amendment.expiresAt = .set(random.chance(50) ? nil : moment(near: now))
        }
        if random.chance(20) { amendment.schedule = .set(schedule(near: now)) }
        if random.chance(15) { amendment.hourCap = .set(cap(3)) }
        if random.chance(15) { amendment.dayCap = .set(cap(4)) }
        if random.chance(15) { amendment.daySpend = .set(daySpend()) }
        if random.chance(10) { amendment.renews = .set(random.chance(50)) }
        if case .set(let quantity) = amendment.quantity {
            let id = order(model) { $0.reserved + $0.released > quantity }
            return .amendOrder(id, amendment)
        }
        return .amendOrder(order(model), amendment)
    }

    /// Mostly always; else windows of which one is open, or about to open or to close.
    private mutating func schedule(near now: Timestamp) -> WeeklySchedule {
        if random.chance(82) { return .always }
        let local = (now.microseconds + Int64(utcOffsetMinutes) * 60_000_000) / 60_000_000
        let minute = Int(local % 1_440)
        let weekday = Int((local / 1_440 + 3) % 7) + 1
        let start = min(max(0, minute + random.within(-25...15)), 1_420)
        let end = random.chance(20) ? 1_440 : min(1_440, start + random.within(5...60))
        var windows = [
            WeeklySchedule.Window(weekday: weekday, startMinute: start, endMinute: end)
        ]
        if end < 1_430, random.chance(40) {
            let next = end + (random.chance(40) ? 0 : random.within(1...9))
            windows.append(
                WeeklySchedule.Window(weekday: weekday, startMinute: next, endMinute: 1_440))
        }
        if random.chance(50) {
            windows.append(
                WeeklySchedule.Window(
                    weekday: weekday % 7 + 1, startMinute: random.below(30), endMinute: 900))
        }
        return WeeklySchedule(windows) ?? .always
    }

    private mutating func cap(_ most: Int) -> Int? {
        random.chance(75) ? nil : random.within(1...most)
    }

    private mutating func daySpend() -> Money? {
        random.chance(65) ? nil : Money(fen: Int64(random.within(2...14) * 1_000))
    }

    private mutating func filter(_ model: Model) -> Filter {
        var predicates: [Predicate] = []
        if random.chance(25) {
            let codes = Set((0..<random.within(1...3)).map { _ in region(model) })
            let prefixes = codes.sorted().map(RegionPrefix.init)
            predicates.append(
                Predicate(attribute: SmallWorld.Number.region, test: .regions(prefixes)))
        }
        if random.chance(10) {
            let test = PredicateTest.flag(random.chance(70))
            predicates.append(Predicate(attribute: SmallWorld.Number.ownsHouse, test: test))
        }
        if random.chance(15) {
            let low = Int64(random.below(6) * 1_000)
            let test = PredicateTest.range(
                minimum: random.chance(70) ? low : nil,
                maximum: random.chance(30) ? low + 5_000 : nil)
            if test != .range(minimum: nil, maximum: nil) {
                predicates.append(Predicate(attribute: SmallWorld.Number.monthlyIncome, test: test))
            }
        }
        if random.chance(10) {
            let test = PredicateTest.choices(random.chance(50) ? [0, 1] : [2])
            predicates.append(Predicate(attribute: SmallWorld.Number.employment, test: test))
        }
        return Filter(sorted: predicates)
    }

    private mutating func premium() -> Money {
        random.chance(60) ? .zero : Money(fen: Int64(random.within(1...3) * 250))
    }

    private mutating func priority() -> Int {
        random.chance(70) ? OrderTerms.defaultPriority : random.within(4...6)
    }

    private mutating func oldest() -> Timespan? {
        random.chance(25) ? nil : .minutes(Int64(random.pick([2, 5, 20, 30, 60, 120])))
    }

    /// Mostly a little later, sometimes now or before.
    private mutating func moment(near now: Timestamp) -> Timestamp {
        switch random.below(10) {
        case 0: now
        case 1: Timestamp(microseconds: now.microseconds - 1_000_000)
        default: now + .seconds(Int64(random.within(10...2_400)))
        }
    }

    mutating func deposit(_ model: Model) -> Command {
        var amount = Money(fen: Int64(random.within(1...20) * 1_000))
        if random.chance(8), model.cash > .zero { amount = .maximum }
        return .deposit(advisor: advisor(model), amount: amount, reference: reference())
    }

    mutating func withdraw(_ model: Model) -> Command {
        let name = advisor(model)
        let available = model.advisors.first { $0.name == name }?.available ?? .zero
        return .withdraw(advisor: name, amount: part(of: available), reference: reference())
    }

    mutating func payChannel(_ model: Model) -> Command {
        let name = channel(model) { $0.payable > .zero }
        let payable = model.channels.first { $0.name == name }?.payable ?? .zero
        return .payChannel(name: name, amount: part(of: payable), reference: reference())
    }

    mutating func payPayee(_ model: Model) -> Command {
        let name = random.chance(27) ? "nobody" : random.pick(SmallWorld.payees)
        let payable = model.payees.first { $0.name == name }?.payable ?? .zero
        return .payPayee(name: name, amount: part(of: payable), reference: reference())
    }

    /// Some of a balance, all of it, or a little more.
    private mutating func part(of balance: Money) -> Money {
        switch random.below(4) {
        case 0: Money(fen: balance.fen + 1)
        case 1: Money(fen: max(1, balance.fen))
        default: Money(fen: max(1, balance.fen / Int64(random.within(2...6))))
        }
    }

    private mutating func reference() -> String { random.chance(50) ? "" : "bank-1" }

    mutating func setAvailability(_ model: Model) -> Command {
        let name = advisor(model)
        let isOnline = model.advisors.first { $0.name == name }?.isOnline ?? true
        let online = random.chance(20) ? isOnline : !isOnline || random.chance(70)
        return .setAvailability(advisor: name, online: online)
    }
}
