import MarketCore
import MarketServer
import MarketTestSupport
import Testing

struct ConfigurationTests {
    private func read(
        _ yaml: String, flags: [String: String] = [:], environment: [String: String] = [:]
    ) throws -> ServerConfiguration {
        let directory = try TemporaryDirectory()
        let path = directory.path("leadmarketd.yaml")
        try Files.write(yaml, to: path)
        return try ServerConfiguration(path: path, flags: flags, environment: environment)
    }

    private func problem(_ yaml: String) throws -> String {
        do {
            _ = try read(yaml)
            return "none"
        } catch let error as ConfigurationError {
            return "\(error)"
        }
    }

    @Test func `the shipped configuration has the defaults`() throws {
        let shipped = try ServerConfiguration(path: Repository.path("deploy/leadmarketd.yaml"))
        let defaults = ServerConfiguration()
        #expect(shipped.dataDirectory == defaults.dataDirectory)
        #expect(shipped.keysDirectory == defaults.keysDirectory)
        #expect(shipped.socketPath == defaults.socketPath)
        #expect(shipped.socketMode == defaults.socketMode)
        #expect(shipped.foundation == defaults.foundation)
        #expect(shipped.storage == defaults.storage)
        #expect(shipped.limits == defaults.limits)
        #expect(shipped.roles == defaults.roles)
        #expect(shipped.delivery == defaults.delivery)
        #expect(shipped.logLevel == defaults.logLevel)
    }

    @Test func `flags win over the environment, which wins over the file`() throws {
        let yaml = "limits:\n  connections: 10\n  nesting: 11\n  frameBytes: 2048\n"
        let configuration = try read(
            yaml, flags: ["limits.connections": "30"],
            environment: [
                "LEADMARKETD_LIMITS_CONNECTIONS": "20", "LEADMARKETD_LIMITS_NESTING": "21",
            ])
        #expect(configuration.limits.connections == 30)
        #expect(configuration.limits.nesting == 21)
        #expect(configuration.limits.frameBytes == 2_048)
    }

    @Test func `a variable that stands for no key is refused, and others are none of its business`()
        throws
    {
        for key in ServerConfiguration.knownKeys {
            var name = "LEADMARKETD"
            for part in key.replacing("MiB", with: "Mib").split(separator: ".") {
                name += "_" + part.replacing(#/([a-z])([A-Z])/#) { "\($0.1)_\($0.2)" }.uppercased()
            }
            // Whatever becomes of the value.
            #expect(throws: Never.self) {
                do {
                    _ = try read("log:\n  level: info\n", environment: [name: "5"])
                } catch ConfigurationError.badValue {}
            }
        }
        let size = ["LEADMARKETD_STORAGE_MAP_SIZE_MIB": "1024"]
        #expect(try read("log:\n  level: info\n", environment: size).storage.mapSizeMiB == 1_024)
        let wrong = ["LEADMARKETD_LIMITS_NESTINGS": "5", "LEADMARKETD_DATA": "/", "PATH": "/bin"]
        #expect(throws: ConfigurationError.unknownVariable("LEADMARKETD_DATA")) {
            try read("log:\n  level: info\n", environment: wrong)
        }
        let others = ["PATH": "/bin", "LEADMARKET_SOCKET": "s"]
        #expect(try read("limits:\n  nesting: 12\n", environment: others).limits.nesting == 12)
    }

    @Test(.rules("R8.6")) func `delivery is configured in lengths of time`() throws {
        let configuration = try read("delivery:\n  redeliverAfter: 5s\n  overdueAfter: 2m\n")
        #expect(configuration.delivery.redeliverAfter == .seconds(5))
        #expect(configuration.delivery.overdueAfter == .minutes(2))
    }

    @Test func `a data directory as a flag moves the keys along`() throws {
        let yaml = "dataDirectory: /a\nkeysDirectory: /b\n"
        #expect(try read(yaml).keysDirectory == "/b")
        #expect(try read(yaml, flags: ["dataDirectory": "/c"]).keysDirectory == "/c/keys")
    }

    @Test(arguments: [
        ("limits:\n  conections: 5\n", "limits.conections"),
        ("limits:\n  connections: 0\n", "from 1 to 65536"),
        ("limits:\n  connections: many\n", "\"many\""),
        ("limits:\n  connections: [1]\n", "limits.connections"),
        ("socket:\n  mode: \"999\"\n", "octal"),
        ("market:\n  clock: sundial\n", "real, supplied"),
        ("market:\n  currency: cny\n", "ISO 4217"),
        ("market:\n  utcOffset: \"8\"\n", "+08:00"),
        ("market:\n  utcOffset: \"+19:00\"\n", "-18:00 to +18:00"),
        ("delivery:\n  redeliverAfter: soon\n", "from 1s to 1d"),
        ("delivery:\n  overdueAfter: 25h\n", "delivery.overdueAfter"),
        ("log:\n  level: loud\n", "critical"),
        ("roles:\n  supplier:\n    users: [7]\n", "ID=CHANNEL"),
        ("roles:\n  operator:\n    users: [nobody-has-this-name]\n", "roles.operator.users"),
        ("roles:\n  operator:\n    users: [7]\n  auditor:\n    users: [7]\n", "named twice"),
        ("[1, 2]\n", "not a configuration"),
        ("a: [\n", "not a configuration"),
    ])
    func `a bad value is refused with its key and what is allowed`(
        yaml: String, part: String
    ) throws {
        #expect(try problem(yaml).contains(part))
    }

    @Test func `a missing file is named`() throws {
        #expect(throws: ConfigurationError.self) {
            try ServerConfiguration(path: "/nowhere/leadmarketd.yaml")
        }
    }

    @Test func `the user decides before the group, and the own user is an operator`() throws {
        let roles = try read(
            """
            roles:
              frontend:
                users: [11]
                groups: [500]
              supplier:
                users: ["12=partner-a"]
                groups: ["600=partner-b"]
            """
        ).roles
        func grant(_ uid: UInt32, _ gid: UInt32) -> Grant? {
            roles.grant(to: PeerCredentials(pid: 1, uid: uid, gid: gid))
        }
        #expect(grant(11, 600) == Grant(role: .frontend))
        #expect(grant(99, 500) == Grant(role: .frontend))
        #expect(grant(12, 500) == Grant(role: .supplier, channel: "partner-a"))
        #expect(grant(98, 600) == Grant(role: .supplier, channel: "partner-b"))
        #expect(grant(97, 601) == nil)
        #expect(grant(roles.ownUser, 601) == Grant(role: .operator))
    }
}
