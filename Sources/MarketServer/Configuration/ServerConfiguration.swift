public import Logging
public import MarketCore

/// What the daemon runs with; `deploy/leadmarketd.yaml` documents every key.
public struct ServerConfiguration: Sendable {
    /// Holds `log`, `views` and `snapshots`.
    public var dataDirectory: String
    /// Holds the market's secret and the contact keys.
    public var keysDirectory: String
    /// Where callers connect.
    public var socketPath = "/run/leadmarket/market.sock"
    /// The socket's permissions.
    public var socketMode: UInt32 = 0o660
    /// What a new market is founded with.
    public var foundation = Foundation()
    /// What may be used up.
    public var storage = Storage()
    /// What callers may ask for.
    public var limits = Limits()
    /// Who may do what.
    public var roles = RoleMap()
    /// The least severe message that is logged.
    public var logLevel = Logger.Level.info
    /// How assignments get to frontends.
    public var delivery = Delivery()

    /// How assignments get to frontends (R8.6).
    public struct Delivery: Hashable, Sendable {
        /// How long after its last push an unacknowledged assignment is pushed again.
        public var redeliverAfter = Timespan.seconds(30)
        /// How long after its release an unacknowledged assignment is alerted about.
        public var overdueAfter = Timespan.seconds(120)
    }

    /// What is fixed when the market is created.
    public struct Foundation: Hashable, Sendable {
        /// Where its time comes from.
        public var clock = ClockKind.real
        /// The ISO 4217 code of its one currency.
        public var currency = "CNY"
        /// Market-local time less UTC.
        public var utcOffsetMinutes = 480
    }

    /// What may be used up.
    public struct Storage: Hashable, Sendable {
        /// The log's address space.
        public var mapSizeMiB = 65_536
        /// Below this much free disk or map nothing is written.
        public var reserveMiB = 256
        /// Events between snapshots.
        public var snapshotIntervalEvents = 1_000_000
    }

    /// What callers may ask for.
    public struct Limits: Hashable, Sendable {
        /// The longest message.
        public var frameBytes = 1 << 20
        /// How deep JSON may nest.
        public var nesting = 64
        /// Requests in one batch.
        public var batchRequests = 1_000
        /// Connections at once.
        public var connections = 1_024
        /// Unanswered requests of one connection.
        public var inFlightPerConnection = 4_096
        /// Commands of all connections that the writer has not answered yet.
        public var mailboxCommands = 8_192
    }

    /// The defaults, for a market in `dataDirectory`.
    public init(dataDirectory: String = "/var/lib/leadmarket") {
        self.dataDirectory = dataDirectory
        keysDirectory = dataDirectory + "/keys"
    }
}

extension ServerConfiguration {
    /// Every key a file may have.
    public static let knownKeys: Set<String> = [
        "dataDirectory", "keysDirectory", "socket.path", "socket.mode", "market.clock",
        "market.currency", "market.utcOffset", "storage.mapSizeMiB", "storage.reserveMiB",
        "storage.snapshotIntervalEvents", "limits.frameBytes", "limits.nesting",
        "limits.batchRequests", "limits.connections", "limits.inFlightPerConnection",
        "limits.mailboxCommands", "roles.frontend.users", "roles.frontend.groups",
        "roles.operator.users", "roles.operator.groups", "roles.auditor.users",
        "roles.auditor.groups", "roles.supplier.users", "roles.supplier.groups",
        "delivery.redeliverAfter", "delivery.overdueAfter", "log.level",
    ]

    /// Reads a configuration: flags before the environment before the file before the defaults.
    ///
    /// - Parameters:
    ///   - path: a YAML file, or `nil` for none.
    ///   - flags: values by key. Naming `dataDirectory` moves the keys with it, unless
    ///     `keysDirectory` is a flag too.
    ///   - environment: variables such as `LEADMARKETD_LIMITS_FRAME_BYTES`.
    /// - Throws: ``ConfigurationError`` for the first value that cannot be.
    public init(
        path: String?, flags: [String: String] = [:], environment: [String: String] = [:]
    ) throws(ConfigurationError) {
        let source = try ConfigurationSource(
            path: path, flags: flags, environment: environment, knownKeys: Self.knownKeys)
        var reader = ConfigurationReader(source: source)
        let data = try reader.path("dataDirectory", default: "/var/lib/leadmarket")
        self.init(dataDirectory: data)
        if flags["dataDirectory"] == nil || flags["keysDirectory"] != nil {
            keysDirectory = try reader.path("keysDirectory", default: keysDirectory)
        }
        socketPath = try reader.path("socket.path", default: socketPath)
        guard socketPath.utf8.count <= Self.maximumSocketPathBytes else {
            throw .badValue(
                key: "socket.path", value: socketPath,
                expected: "at most \(Self.maximumSocketPathBytes) bytes long (unix(7))")
        }
        socketMode = try reader.mode("socket.mode", default: socketMode)
        foundation.clock = try reader.word(
            "market.clock", ["real": .real, "supplied": .supplied], default: foundation.clock)
        foundation.currency = try reader.currency("market.currency", default: foundation.currency)
        foundation.utcOffsetMinutes = try reader.utcOffset(
            "market.utcOffset", default: foundation.utcOffsetMinutes)
        try readBounds(&reader)
        roles = try RoleMap(source)
        let levels = Dictionary(uniqueKeysWithValues: Logger.Level.allCases.map { ("\($0)", $0) })
        logLevel = try reader.word("log.level", levels, default: logLevel)
    }

    /// The longest path that fits `sockaddr_un`, whose array ends with a zero byte.
    static let maximumSocketPathBytes = 107

    private mutating func readBounds(
        _ reader: inout ConfigurationReader
    ) throws(ConfigurationError) {
        try reader.integer("storage.mapSizeMiB", 16...16_777_216, &storage.mapSizeMiB)
        try reader.integer("storage.reserveMiB", 0...16_777_216, &storage.reserveMiB)
        try reader.integer(
            "storage.snapshotIntervalEvents", 1_000...1_000_000_000,
            &storage.snapshotIntervalEvents)
        try reader.integer("limits.frameBytes", 1_024...67_108_864, &limits.frameBytes)
        try reader.integer("limits.nesting", 4...1_024, &limits.nesting)
        try reader.integer("limits.batchRequests", 1...65_536, &limits.batchRequests)
        try reader.integer("limits.connections", 1...65_536, &limits.connections)
        try reader.integer(
            "limits.inFlightPerConnection", 1...1_048_576, &limits.inFlightPerConnection)
        try reader.integer("limits.mailboxCommands", 1...1_048_576, &limits.mailboxCommands)
        try reader.span(
            "delivery.redeliverAfter", .seconds(1)...(.days(1)), &delivery.redeliverAfter)
        try reader.span("delivery.overdueAfter", .seconds(1)...(.days(1)), &delivery.overdueAfter)
    }
}
