import MarketCore
import MarketRPC
import MarketWorkload

/// A workload as requests to the shipped market (`deploy/market.yaml`).
struct BenchmarkWorkload {
    /// A method and its encoded parameters.
    typealias Call = (method: String, parameters: [UInt8])

    private let workload: Workload
    /// What the names of its advisors begin with: another one for every set of orders.
    let mark: String

    /// What marks the advisors of a benchmark with these options.
    static func mark(_ options: BenchmarkOptions) -> String {
        "\(options.workload.rawValue)-\(options.orders)-\(options.advisors)-\(options.seed)"
    }

    /// The advisor who is registered after everything else is done.
    static func lastAdvisor(_ options: BenchmarkOptions) -> String { "\(mark(options))-ready" }

    /// Makes up advisors, orders and leads.
    ///
    /// - Parameter hasOrders: whether orders are needed, which cost time.
    init(_ options: BenchmarkOptions, hasOrders: Bool) {
        mark = Self.mark(options)
        workload = Workload(
            options.workload, orders: hasOrders ? options.orders : 0,
            advisors: options.advisors, leads: options.file == nil ? options.distinctLeads : 0,
            seed: options.seed)
    }

    // MARK: - Before the load

    /// Registers and pays the advisors and places the orders; repeating it changes nothing.
    var placing: [Call] {
        var calls: [Call] = []
        for (index, advisor) in workload.advisors.enumerated() {
            calls.append(
                call("advisor.register", key: "advisor-\(index)") {
                    $0.member("advisor", name(index))
                    $0.member("institution", advisor.profile.institution)
                    $0.member("grade", advisor.profile.grade)
                })
            guard advisor.deposit > .zero else { continue }
            calls.append(
                call("account.deposit", key: "deposit-\(index)") {
                    $0.member("advisor", name(index))
                    $0.member("amountFen", advisor.deposit)
                })
        }
        for (index, order) in workload.orders.enumerated() {
            calls.append(call("order.place", key: "order-\(index)") { members(of: order, &$0) })
        }
        return calls
    }

    /// Pauses orders, and takes advisors offline or bars them, as the workload has it; ends with the last advisor.
    ///
    /// - Parameter identifiers: the numbers of the workload's orders.
    func settling(_ identifiers: [Int64]) -> [Call] {
        var calls: [Call] = []
        for (index, order) in workload.orders.enumerated() where order.isPaused {
            calls.append(
                call("order.pause", key: "pause-\(index)") {
                    $0.member("order", Int(identifiers[index]))
                })
        }
        for (index, advisor) in workload.advisors.enumerated() {
            if advisor.isOffline {
                calls.append(
                    call("advisor.setAvailability", key: "offline-\(index)") {
                        $0.member("advisor", name(index))
                        $0.member("online", false)
                    })
            }
            if advisor.isSuspended {
                calls.append(
                    call("advisor.suspend", key: "suspend-\(index)") {
                        $0.member("advisor", name(index))
                    })
            }
        }
        calls.append(
            call("advisor.register", key: "ready") {
                $0.member("advisor", "\(mark)-ready")
                $0.member("institution", "benchmark")
            })
        return calls
    }

    /// An order as the market has it.
    struct PlacedOrder {
        var identifier: Int64
        var isPaused: Bool
    }

    /// Pauses and resumes orders that an earlier run left otherwise.
    func restoring(_ placed: [PlacedOrder]) -> [Call] {
        zip(workload.orders, placed).compactMap { order, placed in
            guard order.isPaused != placed.isPaused else { return nil }
            return call(order.isPaused ? "order.pause" : "order.resume") {
                $0.member("order", Int(placed.identifier))
            }
        }
    }

    /// Whether some orders are to be paused, whose numbers have to be known.
    var hasPausedOrders: Bool { workload.orders.contains(where: \.isPaused) }

    // MARK: - The load

    /// The leads, each different.
    var deck: LeadDeck {
        var deck = LeadDeck()
        for lead in workload.leads {
            var writer = JSONWriter(capacity: 512)
            writer.beginObject()
            writer.member("channel", lead.channel)
            writer.name("attributes")
            writer.attributes(lead.attributes, schema: workload.schema)
            if let preferred = lead.preferredAdvisor {
                writer.member("preferredAdvisor", name(preferred))
            }
            writer.member("consent") {
                $0.member("givenAt", "2026-01-01T00:00:00Z")
                $0.member("agreementSha256", String(repeating: "5f", count: 32))
            }
            writer.endObject()
            deck.add(writer.bytes.dropFirst().dropLast())
        }
        return deck
    }

    /// What happens to the orders in between.
    func changes() -> WorkloadChanges { workload.changes() }

    /// A change as a call.
    ///
    /// - Parameter identifier: the number of the order that is changed; zero for one that is placed.
    func call(_ change: WorkloadChange, _ identifier: Int64) -> Call {
        switch change {
        case .pause:
            return call("order.pause") { $0.member("order", Int(identifier)) }
        case .resume:
            return call("order.resume") { $0.member("order", Int(identifier)) }
        case .amend(_, let amendment):
            return call("order.amend") {
                $0.member("order", Int(identifier))
                if case .set(let filter) = amendment.filter {
                    $0.name("filter")
                    $0.filter(filter, schema: workload.schema)
                }
                if case .set(let premium) = amendment.premium { $0.member("premiumFen", premium) }
                if case .set(let quantity) = amendment.quantity { $0.member("quantity", quantity) }
            }
        case .place(let order):
            return call("order.place") { members(of: order, &$0) }
        }
    }

    private func members(of order: WorkloadOrder, _ writer: inout JSONWriter) {
        var terms = order.terms
        // The workload's own times have long passed on a real clock: what is not to begin soon, never does.
        if terms.startsAt != nil { terms.startsAt = Self.farAway }
        writer.member("advisor", name(order.advisor))
        writer.member("category", order.category)
        writer.orderTerms(terms, schema: workload.schema)
    }

    /// The beginning of the year 2100.
    private static let farAway = Timestamp(microseconds: 4_102_444_800_000_000)

    private func name(_ advisor: Int) -> String { "\(mark)-\(advisor)" }

    private func call(
        _ method: String, key: String? = nil, _ members: (inout JSONWriter) -> Void
    ) -> Call {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        members(&writer)
        if let key { writer.member("idempotencyKey", "\(mark)-\(key)") }
        writer.endObject()
        return (method, writer.bytes)
    }
}
