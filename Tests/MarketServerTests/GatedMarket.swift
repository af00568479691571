import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import Testing

/// A market on the supplied clock whose categories have gates, told over the socket.
///
/// House owners are sold at once; others from 40 years on wait for acceptance and consent, younger
/// ones for acceptance. `adv-1` of Bank One and `adv-2` of Bank Two order all three.
struct GatedMarket {
    let fixture: ServerFixture
    let client: MarketClient
    /// The `at` of the next request, in microseconds.
    private(set) var now: Int64 = 1_767_225_600_000_000
    private var people = 0

    static let categories: JSONValue = [
        [
            "name": "homeOwner", "title": "有房一族", "qualification": ["ownsHouse": true],
            "ladder": [["maxAge": "1d", "priceFen": 6_000]],
        ],
        [
            "name": "asked", "title": "Asked",
            "qualification": ["ownsHouse": false, "age": ["minimum": 40]],
            "ladder": [["maxAge": "1d", "priceFen": 4_000]],
            "gates": ["acceptance": "60s", "namedConsent": "10m"],
        ],
        [
            "name": "offered", "title": "Offered",
            "qualification": ["ownsHouse": false, "age": ["maximum": 39]],
            "ladder": [["maxAge": "1d", "priceFen": 3_000]], "gates": ["acceptance": "60s"],
        ],
    ]

    init(_ fixture: ServerFixture) async throws {
        self.fixture = fixture
        client = try await fixture.connect()
        guard case .object(var configuration) = SmallMarket.configuration else { return }
        configuration["categories"] = Self.categories
        configuration["channels"] = [
            ["name": "web", "title": "Web", "payoutFen": 1_000],
            ["name": "trial", "title": "Trial", "payoutFen": 0, "test": true],
        ]
        configuration["settings"] = ["qualitySpan": 4, "duplicateWindow": "1d"]
        try await give("market.apply", ["configuration": .object(configuration)])
        for (advisor, institution) in [("adv-1", "Bank One"), ("adv-2", "Bank Two")] {
            try await give(
                "advisor.register",
                ["advisor": .string(advisor), "institution": .string(institution)])
            try await give(
                "account.deposit", ["advisor": .string(advisor), "amountFen": 100_000_000])
        }
    }

    /// Lets time go by; due work runs with the next request.
    mutating func wait(seconds: Int64) { now += seconds * 1_000_000 }

    /// Calls a method that changes something, a second after the last one.
    @discardableResult
    mutating func give(_ method: String, _ parameters: JSONObject) async throws -> JSONValue {
        var parameters = parameters
        wait(seconds: 1)
        parameters["at"] = .integer(now)
        return try await client.call(method, parameters)
    }

    /// Places an order and returns its number.
    @discardableResult
    mutating func order(
        _ advisor: String, _ category: String, priority: Int64 = 5
    ) async throws -> JSONValue {
        let placed = try await give(
            "order.place",
            [
                "advisor": .string(advisor), "category": .string(category), "quantity": 1_000,
                "priority": .integer(priority),
            ])
        return placed["order"] ?? .null
    }

    /// Hands in a lead of somebody new.
    mutating func lead(
        ownsHouse: Bool = false, age: Int64 = 30, channel: String = "web"
    ) async throws -> JSONValue {
        people += 1
        var lead = SmallMarket.lead(people)
        lead["channel"] = .string(channel)
        lead["attributes"] = ["ownsHouse": .bool(ownsHouse), "age": .integer(age)]
        return try await give("lead.submit", lead)
    }

    /// Hands in a lead of somebody new that belongs to no category.
    mutating func unqualifiedLead() async throws -> JSONValue {
        people += 1
        var lead = SmallMarket.lead(people)
        lead["attributes"] = [:]
        return try await give("lead.submit", lead)
    }

    /// Asks about a lead of somebody new; ``post(_:)`` brings the same person.
    mutating func ping(age: Int64 = 30) async throws -> JSONValue {
        people += 1
        return try await give(
            "lead.ping",
            [
                "channel": "web", "phone": .string(SmallMarket.phone(people)),
                "attributes": ["ownsHouse": false, "age": .integer(age)],
            ])
    }

    /// Brings the contact of the lead that was pinged last.
    mutating func post(_ lead: JSONValue) async throws -> JSONValue {
        let contents = SmallMarket.lead(people)
        return try await give(
            "lead.post",
            [
                "lead": lead, "phone": .string(SmallMarket.phone(people)),
                "consent": contents["consent"] ?? .null, "contact": contents["contact"] ?? .null,
            ])
    }

    /// The phone of the person who came last.
    var lastPhone: JSONValue { .string(SmallMarket.phone(people)) }

    /// A frontend that subscribes.
    func subscriber(
        _ method: String = "assignment.subscribe", _ parameters: JSONObject = [:]
    ) async throws -> Subscriber {
        let client = try await fixture.connect()
        _ = try await client.call(method, parameters)
        return Subscriber(client: client)
    }

    /// What `market.health` says once the follower has everything.
    func health() async throws -> JSONValue {
        let position = try await client.call("market.digest")["position"] ?? 1
        _ = try await client.call("advisor.get", ["advisor": "adv-1", "atLeast": position])
        return try await client.call("market.health")
    }
}

/// A connection and what it is told.
struct Subscriber {
    let client: MarketClient
    private var iterator: Notifications.Iterator

    init(client: MarketClient) {
        self.client = client
        iterator = client.notifications.makeAsyncIterator()
    }

    /// The next notification, which has the members that the catalogue promises; `nil` when the
    /// connection ends.
    mutating func next() async -> JSONObject? {
        guard let notification = await iterator.next() else { return nil }
        let members = [
            "assignment": Catalogue.assignmentNotification,
            "event": Catalogue.eventNotification, "alert": Catalogue.alertNotification,
        ]
        let type = ValueType.object(members[notification.method] ?? [])
        #expect(
            type.mismatches(in: .object(notification.parameters), at: .root) == [],
            "\(notification.method)")
        return notification.parameters
    }
}
