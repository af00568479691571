import Glibc
import MarketClient
import MarketRPC

/// A market made ready for a load: advisors with money, standing orders, and leads to hand in.
struct BenchmarkMarket {
    /// The leads.
    let deck: LeadDeck
    /// People are numbered from here.
    let firstPerson: UInt64
    /// The log position before the load.
    let position: Int64
    /// Changes of orders in between, if any.
    let changes: OrderChanges?

    /// Registers, pays and orders, unless an earlier run with the same options did, and renders the leads.
    ///
    /// - Throws: ``ToolError``; also when the market's clock is supplied, on which connections cannot race.
    static func prepare(_ options: BenchmarkOptions) async throws(ToolError) -> BenchmarkMarket {
        try options.check()
        let connection = try await MarketConnection(socketPath: options.socketPath)
        let info = try await connection.call("market.info")
        guard info["clock"] == "real" else {
            throw .usage("the market's clock is supplied; measure one with the real clock")
        }
        var deck: LeadDeck?
        if let file = options.file {
            deck = try LeadFile.deck(path: file, mapping: options.mapping)
        }
        var isReady = options.orders == 0
        if !isReady { isReady = try await Self.isReady(options, connection) }
        let workload = BenchmarkWorkload(options, hasOrders: !isReady || options.changeShare > 0)
        if !isReady { try await makeReady(workload, options, connection) }
        let position = try await connection.call("market.health")["position"]?.integer ?? 1
        var changes: OrderChanges?
        if options.changeShare > 0 {
            let placed = try await orders(of: workload, options, connection)
            try PipelinedRequests.send(
                workload.restoring(placed), to: options.socketPath, title: "orders")
            changes = OrderChanges(
                workload, share: options.changeShare, identifiers: placed.map(\.identifier),
                seed: options.seed)
        }
        await connection.client.close()
        return BenchmarkMarket(
            deck: deck ?? workload.deck, firstPerson: UInt64(position), position: position,
            changes: changes)
    }

    /// Whether the advisor registered after everything else is there.
    private static func isReady(
        _ options: BenchmarkOptions, _ connection: MarketConnection
    ) async throws(ToolError) -> Bool {
        do throws(ToolError) {
            let last = BenchmarkWorkload.lastAdvisor(options)
            _ = try await connection.call("advisor.get", ["advisor": .string(last)])
            return true
        } catch {
            guard case .refused = error else { throw error }
            return false
        }
    }

    private static func makeReady(
        _ workload: BenchmarkWorkload, _ options: BenchmarkOptions, _ connection: MarketConnection
    ) async throws(ToolError) {
        try PipelinedRequests.send(workload.placing, to: options.socketPath, title: "orders")
        let orders =
            workload.hasPausedOrders ? try await orders(of: workload, options, connection) : []
        try PipelinedRequests.send(
            workload.settling(orders.map(\.identifier)), to: options.socketPath, title: "orders")
    }

    /// The workload's orders in the market, in the order in which they were placed.
    private static func orders(
        of workload: BenchmarkWorkload, _ options: BenchmarkOptions, _ connection: MarketConnection
    ) async throws(ToolError) -> [BenchmarkWorkload.PlacedOrder] {
        var orders: [BenchmarkWorkload.PlacedOrder] = []
        var cursor: JSONValue?
        repeat {
            var parameters: JSONObject = ["limit": 1_000]
            parameters["cursor"] = cursor
            let page = try await connection.call("order.list", parameters)
            for item in page["items"]?.array ?? [] {
                guard let advisor = item["advisor"]?.string, let order = item["order"]?.integer,
                    advisor.hasPrefix(workload.mark + "-")
                else { continue }
                let isPaused = item["reasons"]?.array?.contains("paused") ?? false
                orders.append(.init(identifier: order, isPaused: isPaused))
            }
            cursor = page["cursor"]
        } while cursor != nil && orders.count < options.orders
        // Behind them come those that changes of an earlier run placed.
        orders = Array(orders.prefix(options.orders))
        guard orders.count == options.orders else {
            throw .refused(
                request: "order.list",
                problem: "it has \(orders.count) of the \(options.orders) orders placed")
        }
        return orders
    }
}

/// Sends requests of any kind over one connection, many at a time, and waits for all answers.
enum PipelinedRequests {
    private static let window = 2_000

    /// Sends `requests` in order.
    ///
    /// - Throws: ``ToolError/refused(request:problem:)`` with the first error once all are answered.
    static func send(
        _ requests: [BenchmarkWorkload.Call], to path: String,
        title: String
    ) throws(ToolError) {
        let socket = try LoadSocket(path: path)
        let scanner = ReplyScanner()
        var failure: String?
        var answered = 0
        let progress = ProgressMeter(title: title, total: nil)
        var iterator = requests.makeIterator()
        var next = iterator.next()
        while next != nil || socket.inFlight > 0 {
            while let request = next, socket.inFlight < window, socket.hasRoom {
                let identifier = socket.enter(due: 1, phase: 0)
                socket.add(identifier, request.method, request.parameters)
                next = iterator.next()
            }
            try socket.flush()
            var poll = pollfd(
                fd: socket.descriptor,
                events: Int16(socket.unsentBytes > 0 ? POLLIN | POLLOUT : POLLIN), revents: 0)
            guard unsafe Glibc.poll(&poll, 1, 30_000) != 0 else {
                throw .unreachable("no answer for 30 s")
            }
            let isOpen = try socket.receive { line in
                guard case .reply(let identifier, _, let kind) = scanner.scan(line) else {
                    failure = failure ?? line.shown
                    return
                }
                _ = socket.leave(identifier)
                answered += 1
                if kind.group == .errors { failure = failure ?? line.shown }
            }
            guard isOpen else { throw .unreachable("the daemon closed the connection") }
            progress.update(answered)
        }
        progress.finish()
        if let failure { throw .refused(request: "making the market ready", problem: failure) }
    }
}
