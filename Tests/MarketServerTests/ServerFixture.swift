import Logging
import MarketClient
import MarketCore
import MarketRPC
import MarketServer
import MarketTestSupport
import NIOCore
import Synchronization

/// A server in this process, on a directory and a socket of its own.
final class ServerFixture: Sendable {
    let directory: TemporaryDirectory
    let configuration: ServerConfiguration
    private let running = Mutex<Server?>(nil)
    private let seams: Server.Seams
    private let logger: Logger

    /// Starts a server on a new directory, or on that of another fixture.
    init(
        in directory: TemporaryDirectory? = nil, clock: ClockKind = .real,
        seams: Server.Seams = Server.Seams(), logger: Logger? = nil,
        _ configure: (inout ServerConfiguration) -> Void = { _ in }
    ) throws {
        self.directory = try directory ?? TemporaryDirectory()
        var configuration = ServerConfiguration(dataDirectory: self.directory.path("market"))
        configuration.socketPath = self.directory.path("socket")
        configuration.foundation.clock = clock
        configuration.storage.mapSizeMiB = 1_024
        configuration.storage.reserveMiB = 0
        configure(&configuration)
        self.configuration = configuration
        self.seams = seams
        var silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        silent.logLevel = .critical
        self.logger = logger ?? silent
        try start()
    }

    deinit {
        stop()
    }

    func start() throws {
        let server = try Server.start(configuration, logger: logger, seams: seams)
        running.withLock { $0 = server }
    }

    /// The server, while it runs.
    var server: Server? { running.withLock { $0 } }

    /// Stops the server; `nil` when it does not run.
    @discardableResult
    func stop(withinSeconds seconds: Int = 60) -> Server.End? {
        let server = running.withLock { server in
            defer { server = nil }
            return server
        }
        return server?.stop(withinSeconds: seconds)
    }

    func connect() async throws -> MarketClient {
        var patience = MarketClient.Configuration()
        patience.timeout = .seconds(300)
        return try await MarketClient.connect(
            path: configuration.socketPath, configuration: patience)
    }
}

/// A small market, told over the socket.
enum SmallMarket {
    static let configuration: JSONValue = [
        "attributes": [
            ["name": "ownsHouse", "kind": "flag"],
            ["name": "age", "kind": "integer", "unit": "year", "minimum": 18, "maximum": 70],
            ["name": "region", "kind": "region", "lengths": [2, 4, 6]],
        ],
        "payees": [["name": "platform", "title": "平台"]],
        "channels": [["name": "web", "title": "Web", "payoutFen": 1_000]],
        "categories": [
            [
                "name": "homeOwner", "title": "有房一族", "qualification": ["ownsHouse": true],
                "ladder": [
                    ["maxAge": "5m", "priceFen": 6_000], ["maxAge": "1d", "priceFen": 4_000],
                ],
                "exclusivity": "forever", "splits": [["payee": "platform", "basisPoints": 500]],
            ]
        ],
    ]

    /// The category with both gates, and a test channel.
    static let gated: JSONValue = [
        "channels": [
            ["name": "trial", "title": "Trial", "payoutBasisPoints": 2_000, "test": true]
        ],
        "categories": [
            [
                "name": "homeOwner", "title": "有房一族", "qualification": ["ownsHouse": true],
                "ladder": [
                    ["maxAge": "5m", "priceFen": 6_000], ["maxAge": "1d", "priceFen": 4_000],
                ],
                "splits": [["payee": "platform", "basisPoints": 500]],
                "gates": ["namedConsent": true, "acceptance": true],
            ]
        ],
        "settings": ["pingTimeout": "5m"],
    ]

    /// Applies the configuration and makes one advisor with money and one order.
    static func found(_ client: MarketClient, funds: Int64 = 1_000_000_000) async throws {
        _ = try await client.call("market.apply", ["configuration": configuration])
        _ = try await client.call(
            "advisor.register", ["advisor": "adv-1", "institution": "Bank One"])
        _ = try await client.call(
            "account.deposit", ["advisor": "adv-1", "amountFen": .integer(funds)])
        _ = try await client.call(
            "order.place",
            ["advisor": "adv-1", "category": "homeOwner", "quantity": 100_000])
    }

    /// A lead of the person with `number`.
    static func lead(_ number: Int, key: String? = nil) -> JSONObject {
        var lead: JSONObject = [
            "channel": "web", "phone": .string(phone(number)),
            "attributes": ["ownsHouse": true, "age": 34, "region": "330106"],
            "consent": [
                "givenAt": "2026-11-21T20:09:30+08:00",
                "agreementSha256":
                    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            ],
            "contact": ["name": "王女士"],
        ]
        if let key { lead["idempotencyKey"] = .string(key) }
        return lead
    }

    static func phone(_ number: Int) -> String {
        let digits = String(number)
        return "139" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}

/// The reason of a refusal, or `nil` when the call succeeded or failed otherwise.
func reason(
    _ body: () async throws(ClientError) -> JSONValue
) async -> String? {
    do {
        _ = try await body()
        return nil
    } catch .refused(let refusal) {
        return refusal.reason
    } catch {
        return "\(error)"
    }
}
