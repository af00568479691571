import MarketCore
import MarketWorkload

/// The job that peers are given: the orders and leads of a workload as plain numbers.
///
/// Orders stand in the order of what their own terms say (priority, premium, age); the turns and grades of
/// advisors are left out, which is in the peers' favour.
struct PeerJob {
    /// An order's price, place and filter.
    struct Offer {
        var order: Int
        var category: Int
        var regions: [String]
        var rank = 0
        var advisor: Int
        var charge: Int64
        var leastIncome: Int64 = 0
        var leastAge: Int64 = 0
        var mostAge: Int64 = 255
        var asksInsured = false
        var employments = 0
        var mostInstalment: Int64 = 2_000_000_000
        var quantity: Int
    }

    /// A lead's categories, by digit, and what filters ask about.
    struct Lead {
        var categories: [Int]
        var province = "0"
        var city = "0"
        var income: Int64 = 0
        var age: Int64 = 0
        var isInsured = false
        var employment = 0
        var instalment: Int64 = 0
    }

    let workload: Workload
    let offers: [Offer]
    let leads: [Lead]

    init(orders: Int) {
        let workload = Workload(.mixed, orders: orders)
        self.workload = workload
        let reader = AttributeReader(workload.schema)
        let categories = workload.configuration.categories
        var offers: [Offer] = []
        for (index, order) in workload.orders.enumerated() {
            guard let category = categories.firstIndex(where: { $0.name == order.category }) else {
                preconditionFailure("an order's category is configured")
            }
            offers.append(
                reader.offer(
                    order, number: index + 1, category: category,
                    price: categories[category].ladder.firstPrice))
        }
        for category in categories.indices {
            let rank = categories[category].rank
            func merits(_ offer: Offer) -> [Int64] {
                let terms = workload.orders[offer.order - 1].terms
                return rank.compactMap { key in
                    switch key {
                    case .priority: -Int64(terms.priority)
                    case .premium: -terms.premium.fen
                    case .dedicated, .gradeFit, .leastRecentlyServed: nil
                    }
                } + [Int64(offer.order)]
            }
            let ranked = offers.indices.filter { offers[$0].category == category + 1 }
                .map { (index: $0, merits: merits(offers[$0])) }
                .sorted { $0.merits.lexicographicallyPrecedes($1.merits) }
            for (place, offer) in ranked.enumerated() { offers[offer.index].rank = place }
        }
        self.offers = offers
        let qualifications = categories.map { reader.filter($0.qualification) }
        leads = workload.leads.map { lead in
            reader.lead(
                lead,
                categories: qualifications.indices.filter {
                    qualifications[$0].accepts(lead.attributes)
                }.map { $0 + 1 })
        }
    }
}

extension PeerJob.Offer {
    /// Whether it takes a lead of its category, money and quantity left aside.
    func takes(_ lead: PeerJob.Lead) -> Bool {
        lead.income >= leastIncome && (leastAge...mostAge).contains(lead.age)
            && (!asksInsured || lead.isInsured)
            && (employments == 0 || employments & lead.employment != 0)
            && lead.instalment <= mostInstalment
            && (regions == ["0"] || regions.contains(lead.province) || regions.contains(lead.city))
    }
}

/// Reads filters and leads of the shipped market by the names of their attributes.
private struct AttributeReader {
    private let schema: AttributeSchema

    init(_ schema: AttributeSchema) { self.schema = schema }

    func filter(_ specification: FilterSpecification) -> Filter {
        do throws(FilterFault) {
            return try schema.filter(specification)
        } catch {
            preconditionFailure("a configured filter fits its schema: \(error)")
        }
    }

    func offer(
        _ order: WorkloadOrder, number: Int, category: Int, price: Money
    ) -> PeerJob.Offer {
        var offer = PeerJob.Offer(
            order: number, category: category + 1, regions: ["0"], advisor: order.advisor + 1,
            charge: (price + order.terms.premium).fen, quantity: order.terms.quantity)
        for predicate in order.terms.filter.predicates {
            switch (schema[predicate.attribute].name.description, predicate.test) {
            case ("region", .regions(let regions)):
                offer.regions = regions.map(\.text)
            case ("monthlyIncome", .range(let minimum?, nil)):
                offer.leastIncome = minimum
            case ("age", .range(let minimum?, let maximum?)):
                (offer.leastAge, offer.mostAge) = (minimum, maximum)
            case ("socialInsurance", .flag(true)):
                offer.asksInsured = true
            case ("employment", .choices(let choices)):
                offer.employments = choices.reduce(0) { $0 | 1 << Int($1) }
            case ("existingInstalment", .range(nil, let maximum?)):
                offer.mostInstalment = maximum
            default:
                preconditionFailure("the peers know all that mixed orders ask for")
            }
        }
        return offer
    }

    func lead(_ lead: WorkloadLead, categories: [Int]) -> PeerJob.Lead {
        var plain = PeerJob.Lead(categories: categories)
        for (number, value) in lead.attributes.pairs {
            switch schema[number].name.description {
            case "region":
                let text = RegionCode(rawValue: value)?.text ?? "0"
                (plain.province, plain.city) = (String(text.prefix(2)), String(text.prefix(4)))
            case "monthlyIncome": plain.income = value
            case "age": plain.age = value
            case "socialInsurance": plain.isInsured = value != 0
            case "employment": plain.employment = 1 << Int(value)
            case "existingInstalment": plain.instalment = value
            default: continue
            }
        }
        return plain
    }
}
