import MarketRPC
import Testing

/// A frontend with subscriptions on one connection, and what each of them was sent.
final class Subscriber {
    /// One push.
    struct Push: Hashable {
        let position: Int64
        let assignment: Int64
        let isRedelivered: Bool
        /// Whether it tells of a sale, and not of a reservation or its end.
        let isSale: Bool
        let hasContact: Bool
    }

    let socket: LineSocket
    private(set) var subscriptions: [Int64] = []
    private(set) var pushes: [Int64: [Push]] = [:]

    /// Connects and subscribes, as many times as asked.
    init(_ daemon: RunningDaemon, subscriptions count: Int = 1, from: Int64? = nil) async throws {
        socket = try daemon.connect()
        var parameters: JSONObject = [:]
        if let from { parameters["from"] = .integer(from) }
        for _ in 0..<count {
            let answer = try await socket.call("assignment.subscribe", parameters)
            let subscription = try #require(answer["subscription"]?.integer)
            subscriptions.append(subscription)
            pushes[subscription] = []
        }
    }

    /// Takes what is there.
    func read() throws {
        for message in try socket.messagesAtHand() { try take(message) }
    }

    /// Reads until every subscription has so many first deliveries.
    func read(untilFirst count: Int) async throws {
        while subscriptions.contains(where: { firsts(of: $0).count < count }) {
            try take(try await socket.message())
        }
    }

    /// Reads until so many sales have been pushed, and returns the first push of each; what is
    /// pushed once more meanwhile, as it is every so often, does not count.
    func read(_ count: Int) async throws -> [Push] {
        let subscription = try #require(subscriptions.first)
        while true {
            var seen: Set<Int64> = []
            let firsts = pushes[subscription, default: []].filter {
                $0.isSale && seen.insert($0.assignment).inserted
            }
            if firsts.count >= count { return firsts }
            try take(try await socket.message())
        }
    }

    private func take(_ message: JSONValue) throws {
        let body = try #require(message["params"], "\(message)")
        #expect(message["method"] == "assignment")
        let subscription = try #require(body["subscription"]?.integer)
        // Reservations and voids are told too; what is counted here is sales.
        guard body["status"] == "released" else { return }
        let push = Push(
            position: try #require(body["position"]?.integer),
            assignment: try #require(body["assignment"]?.integer),
            isRedelivered: try #require(body["redelivered"]?.bool as Bool?),
            isSale: body["status"] == "released",
            hasContact: body["contact"] != nil)
        pushes[subscription, default: []].append(push)
    }

    /// The positions of the first deliveries of sales, in the order they came.
    func firsts(of subscription: Int64) -> [Int64] {
        pushes[subscription, default: []].lazy.filter { $0.isSale && !$0.isRedelivered }.map(
            \.position)
    }

    /// Whether nothing was said to be delivered again before it was delivered.
    func redeliversOnlyWhatItDelivered(_ subscription: Int64) -> Bool {
        var delivered: Set<Int64> = []
        for push in pushes[subscription, default: []] {
            if push.isRedelivered {
                guard delivered.contains(push.position) else { return false }
            } else {
                delivered.insert(push.position)
            }
        }
        return true
    }
}
