import Foundation
import MarketCore
import MarketRPC
import MarketTestSupport
import Testing

/// A request, the error it must get, and what it is about.
struct Question {
    let line: [UInt8]
    /// What the reply carries as identifier, when it is not the one that ``LineSocket/ask(_:)`` gives.
    let identifier: JSONValue
    let code: ErrorCode
    let field: String?
    let about: String

    /// A well-formed request.
    init(
        _ method: String, _ parameters: JSONObject, _ code: ErrorCode, field: String? = nil,
        _ about: String
    ) {
        let identifier = "\(method) \(about)".prefix(200)
        line = LineSocket.line(.string(String(identifier)), method, parameters)
        self.identifier = .string(String(identifier))
        self.code = code
        self.field = field
        self.about = "\(method): \(about)"
    }

    /// A line as it is.
    init(
        line: [UInt8], identifier: JSONValue, _ code: ErrorCode, field: String? = nil,
        _ about: String
    ) {
        self.line = line
        self.identifier = identifier
        self.code = code
        self.field = field
        self.about = about
    }
}

extension LineSocket {
    /// Sends all of `questions` and expects their errors, in order, as documented.
    func ask(_ questions: [Question]) async throws {
        for start in stride(from: 0, to: questions.count, by: 64) {
            let some = questions[start..<min(start + 64, questions.count)]
            for question in some { try await send(question.line) }
            for question in some {
                let reply = try await message()
                let (error, about) = (reply["error"], Comment(rawValue: question.about))
                #expect(reply["id"] == question.identifier, about)
                #expect(error?["code"] == .integer(Int64(question.code.rawValue)), about)
                #expect(error?["data"]?["reason"] == .string(question.code.reason), about)
                let isRetryable = question.code.definition.isRetryable
                #expect(error?["data"]?["retryable"] == .bool(isRetryable), about)
                #expect(error?["message"]?.string?.hasSuffix(".") == true, about)
                if let field = question.field {
                    #expect(error?["data"]?["field"] == .string(field), about)
                }
            }
        }
    }
}

/// A market with something of everything, and daemons on it for whoever runs the tests in any role.
struct BadInputSite {
    /// The frame limit, so large that any one parameter may be too long by its own limit.
    static let frameBytes = 4 << 20

    private let directory: TemporaryDirectory
    private let digest: String
    private let position: Int64

    init() async throws {
        directory = try TemporaryDirectory()
        let daemon = try await RunningDaemon.start(in: directory)
        let client = try daemon.connect()
        try await SmallMarket.found(on: client)
        let sale = try await SmallMarket.sell(1, on: client)
        try await SmallMarket.sell(2, on: client)
        try await client.call(
            "assignment.acknowledge",
            SmallMarket.dated(["assignment": try #require(sale["assignment"])]))
        (digest, position) = try await client.digest()
        try #require(try await daemon.stop() == .exited(0))
    }

    /// Starts a daemon that takes whoever runs the tests for `role`, lets `body` do its worst, and
    /// checks that the daemon still answers, the log has not grown and the state is the same.
    func daemon(
        as role: Role, _ body: (RunningDaemon, LineSocket) async throws -> Void
    ) async throws {
        var options = RunningDaemon.Options()
        options.more = "limits:\n  frameBytes: \(Self.frameBytes)"
        let entry = role == .supplier ? "\"\(geteuid())=partner-a\"" : "\(geteuid())"
        options.roles = "  \(role):\n    users: [\(entry)]"
        let daemon = try await RunningDaemon.start(in: directory, options)
        let client = try daemon.connect()
        try await body(daemon, client)
        // The connection that was sent all of it, and a new one.
        for socket in [client, try daemon.connect()] {
            let health = try await socket.call("market.health")
            #expect(health["status"] == "ok")
            #expect(health["position"] == .integer(position))
        }
        if [.operator, .auditor].contains(role) {
            #expect(try await client.digest() == (digest, position))
        }
        #expect(try await daemon.stop() == .exited(0))
        #expect(daemon.loggedDigest == digest)
    }
}
