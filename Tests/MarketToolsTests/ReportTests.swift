import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

/// Answers of a daemon that a report is made of.
enum Reports {
    static let counts: JSONValue = [
        "rows": [
            [
                "key": "all", "submitted": 13, "rejected": ["duplicate": 2], "waiting": 0,
                "released": 5, "expired": 3, "withdrawn": 0, "suppressed": 0, "erased": 0,
                "consentTimedOut": 1, "pingUnmatched": 2, "pinged": 4, "posted": 2, "returned": 1,
                "tested": 7, "chargedFen": 30_000, "payoutFen": 900,
            ]
        ]
    ]

    /// A report of a market where all is well, but for what `change` does to it.
    static func report(_ change: (inout JSONObject) -> Void = { _ in }) -> MarketReport {
        var json: JSONObject = [
            "health": ["status": "ok", "position": 4_711], "time": "2026-01-01T00:00:00Z",
            "leads": counts, "categories": counts,
            "channels": ["rows": [["key": "partner-a", "submitted": 13, "released": 5]]],
            "ledger": ["cashFen": 100, "revenueFen": 100, "balanced": true],
        ]
        json["channelStates"] = [
            [
                "channel": "partner-a", "state": "paused",
                "quality": ["decided": 200, "bad": 81, "span": 200, "limitBasisPoints": 4_000],
            ],
            [
                "channel": "new", "state": "test",
                "quality": ["decided": 0, "bad": 0, "span": 200, "limitBasisPoints": 4_000],
            ],
        ]
        json["matching"] = [
            "taken": 9, "released": 5, "fillBasisPoints": 5_555, "medianMilliseconds": 12,
            "p90Milliseconds": 93_600_000,
            "buckets": [
                ["key": "within5Minutes", "released": 4], ["key": "within72Hours", "released": 1],
            ],
        ]
        json["connectionRates"] = [
            "rows": [
                [
                    "key": "within5Minutes", "reported": 100, "connected": 90,
                    "rateBasisPoints": 9_000, "lowBasisPoints": 8_256, "highBasisPoints": 9_448,
                ]
            ]
        ]
        json["returns"] = [
            "released": 5,
            "rows": [
                [
                    "reason": "wrongPerson", "requested": 4, "approved": 2, "automatic": 1,
                    "refused": 1, "open": 1, "refundedFen": 12_000,
                ]
            ],
        ]
        json["orders"] = [
            "items": [["order": 1, "state": "notLive", "reasons": ["noFunds", "dayCap"]]]
        ]
        change(&json)
        return MarketReport(json: .object(json))
    }
}

struct `the report of a market` {
    @Test func `what became of the leads is there, and that it adds up`() {
        let report = Reports.report()
        #expect(report.isSound)
        for part in [
            "released", "38.46 %", "rejected: duplicate", "15.38 %", "consentTimedOut",
            "pingUnmatched", "- pinged", "besides: tested", "balanced",
        ] {
            #expect(report.text.contains(part), "\(part)")
        }
    }

    @Test func `how fast leads were sold is there`() {
        let text = Reports.report().text
        for part in ["55.55 %", "0.012 s", "1 d 2 h", "≤ 5 min", "80.00 %", "≤ 72 h"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test(.rules("R9.3")) func `rates of connection have their intervals`() {
        #expect(Reports.report().text.contains("82.56 % - 94.48 %"))
    }

    @Test(.rules("R10.2")) func `returns are told by reason and by how they were decided`() {
        let text = Reports.report().text
        #expect(
            text.contains("wrongPerson          4         2          1        1     1    120.00"))
        #expect(text.contains("80.00 % of 5 sales were asked back, 40.00 % given back"))
    }

    @Test func `orders that are not live are told by reason`() {
        let text = Reports.report().text
        #expect(text.contains("- noFunds") && text.contains("- dayCap"))
    }

    @Test(.rules("R3.2")) func `channels have their state and what they are judged by`() {
        let text = Reports.report().text
        #expect(text.contains("partner-a  paused"))
        #expect(text.contains("81 of 200, 40.50 %") && text.contains("40.00 %"))
        #expect(text.contains("new        test"))
    }

    static let faults: [@Sendable (inout JSONObject) -> Void] = [
        { $0["ledger"] = ["balanced": false] },
        { $0["health"] = ["status": "damaged"] },
        { $0["leads"] = ["rows": [["submitted": 14, "released": 5, "expired": 8]]] },
        { $0["leads"] = ["rows": [["submitted": 4, "released": 4]]] },
        { $0["matching"] = ["released": 5, "buckets": [["released": 4]]] },
        {
            $0["returns"] = [
                "rows": [["reason": "duplicate", "requested": 2, "approved": 1, "open": 0]]
            ]
        },
        {
            $0["returns"] = [
                "rows": [["reason": "duplicate", "requested": 1, "approved": 1, "automatic": 2]]
            ]
        },
    ]

    @Test(arguments: faults.indices) func `what does not add up is told and is a failure`(
        index: Int
    ) {
        let report = Reports.report(Self.faults[index])
        #expect(!report.isSound && report.problems.count == 1)
        #expect(report.text.contains("NOT RIGHT: "))
    }

    @Test func `an empty market has an empty report`() {
        let report = MarketReport(json: [
            "health": ["status": "ok"], "ledger": ["balanced": true],
        ])
        #expect(report.isSound && report.text.contains("Nothing sold."))
    }

    @Test func `every question is asked once, as of one position`() async throws {
        let daemon = StubDaemon { _ in .result(["rows": [], "items": [], "balanced": true]) }
        let connection = try await MarketConnection(socketPath: daemon.path)
        _ = try await MarketReport(connection, atLeast: 9)
        let asked = daemon.requests.compactMap { $0["method"]?.string }
        #expect(asked.contains("stats.matching") && asked.contains("stats.returns"))
        #expect(
            daemon.requests.first { $0["method"] == "stats.matching" }?["params"]?["atLeast"] == 9)
        for request in daemon.requests {
            let method = try #require(Catalogue.method(named: request["method"]?.string ?? ""))
            let known = method.allParameters.map(\.name)
            for member in request["params"]?.object?.members ?? [] {
                #expect(known.contains(member.name), "\(method.name) takes no \(member.name)")
            }
        }
    }
}
