import Foundation
import MarketRPC
import MarketTestSupport
import Testing

/// A generated market and what is asked about it.
struct GeneratedMarket {
    let directory: TemporaryDirectory
    let workload: String

    /// Writes a workload for the shipped market.
    init(leads: Int, orders: Int, advisors: Int, in directory: TemporaryDirectory) async throws {
        self.directory = directory
        workload = directory.path("workload.jsonl")
        try await ChildProcess.run(
            "leadbench",
            [
                "generate", "--leads", "\(leads)", "--orders", "\(orders)", "--advisors",
                "\(advisors)", "--days", "10", "--seed", "7", "--output", workload,
            ], in: directory)
    }

    /// Gives the daemon the shipped market.
    func found(on daemon: RunningDaemon) async throws {
        try await daemon.leadctl(
            "apply", EndToEnd.repositoryPath("deploy/market.yaml"), "--at",
            "2025-12-31T23:00:00+08:00", in: directory)
    }

    /// What the first lead of the workload is handed in with.
    func someLead() throws -> JSONObject {
        let text = try String(contentsOfFile: workload, encoding: .utf8)
        for line in text.split(separator: "\n") where line.contains("lead.submit") {
            let request = try JSONParser().parse(String(line)).value
            if request["method"] == "lead.submit" { return try #require(request["params"]?.object) }
        }
        throw LineSocket.Failure.notJSON("no lead in \(workload)")
    }

    /// Begins to send the workload.
    func play(to daemon: RunningDaemon) throws -> ChildProcess {
        try ChildProcess(
            "leadctl", ["play", workload, "--socket", daemon.socketPath], in: directory)
    }
}

extension LineSocket {
    /// The digest of writer and follower, which must agree, and its position.
    func digest() async throws -> (digest: String, position: Int64) {
        let result = try await call("market.digest")
        guard let writer = result["writerDigest"]?.string,
            let position = result["position"]?.integer, result["followerDigest"] == .string(writer)
        else { throw Failure.notJSON("writer and follower differ: \(result)") }
        return (writer, position)
    }

    /// Everything that the views answer about the market, as of `position`.
    func look(at position: Int64) async throws -> [String: JSONValue] {
        let atLeast = JSONValue.integer(position)
        var found: [String: JSONValue] = [:]
        for grouping in ["status", "category", "channel"] {
            found["leads by \(grouping)"] = try await call(
                "stats.leads", ["by": .string(grouping), "atLeast": atLeast])
        }
        for grouping in ["bucket", "category", "channel", "advisor"] {
            found["rates by \(grouping)"] = try await call(
                "stats.connectionRate", ["by": .string(grouping), "atLeast": atLeast])
        }
        found["ledger"] = try await call("account.get", ["atLeast": atLeast])
        let orders = try await call("order.list", ["limit": 1_000])
        found["orders"] = orders
        for status in ["released", "rejected", "expired", "waiting"] {
            let leads = try await call("lead.list", ["status": .string(status), "limit": 20])
            found["\(status) leads"] = leads
            for item in leads["items"]?.array?.prefix(8) ?? [] {
                guard let lead = item["lead"] else { continue }
                found["trace of \(lead)"] = try await call("lead.trace", ["lead": lead])
                found["lead \(lead)"] = try await call("lead.get", ["lead": lead])
            }
        }
        let advisors = try await call("advisor.list", ["limit": 3])
        for item in advisors["items"]?.array ?? [] {
            guard let advisor = item["advisor"] else { continue }
            found["statement of \(advisor)"] = try await call(
                "account.statement", ["advisor": advisor, "limit": 200])
        }
        return found
    }
}
