import MarketRPC
import MarketTestSupport
import Testing

@testable import MarketTools

@Suite(.timeLimit(.minutes(1)))
struct `views for operators` {
    // MARK: Orders

    private static let orders: [JSONValue] = [
        [
            "order": 88, "advisor": "adv-17", "category": "homeOwner", "remaining": 4,
            "state": "notLive", "reasons": ["outsideWindow", "dayCap"],
        ],
        [
            "order": 89, "advisor": "adv-18", "category": "basic", "remaining": 1_234,
            "state": "live", "reasons": [],
        ],
        [
            "order": 90, "advisor": "adv-18", "category": "basic", "remaining": 0,
            "state": "notLive", "reasons": ["dayCap"],
        ],
    ]

    @Test(.rules("R5.3")) func `each order has all its reasons, and each reason its orders`() {
        let overview = OrderOverview(orders: Self.orders)
        #expect(overview.counts.map(\.reason) == ["dayCap", "outsideWindow"])
        #expect(overview.counts.map(\.orders) == [2, 1])
        #expect(overview.text.contains("88  adv-17   homeOwner          4  outsideWindow, dayCap"))
        #expect(overview.text.contains("89  adv-18   basic          1,234  live"))
        #expect(overview.summary.contains("not live             2"))
        #expect(overview.json["reasons"] == ["dayCap": 2, "outsideWindow": 1])
    }

    @Test func `lists are read to their last page`() async throws {
        let daemon = StubDaemon { request in
            let cursor = request["params"]?["cursor"]?.string
            guard cursor != nil || request["params"]?["state"] == "notLive" else {
                return .error(reason: "invalidParams")
            }
            return cursor == nil
                ? .result(["items": .array([Self.orders[0]]), "cursor": "1"])
                : .result(["items": .array([Self.orders[2]])])
        }
        var selection = OrderOverview.Selection()
        selection.areNotLive = true
        selection.atLeast = 5
        let overview = try await OrderOverview(MarketConnection(socketPath: daemon.path), selection)
        #expect(overview.orders.count == 2)
        #expect(daemon.requests.map { $0["params"]?["atLeast"] } == [5, nil])
    }

    @Test func `a limit ends a list in the middle and says so`() async throws {
        let daemon = StubDaemon { request in
            let limit = Int(request["params"]?["limit"]?.integer ?? 0)
            return .result([
                "items": .array(Array(repeating: ["lead": 1], count: limit)), "cursor": "next",
            ])
        }
        let connection = try await MarketConnection(socketPath: daemon.path)
        let (items, areMore) = try await connection.items("lead.list", [:], limit: 1_200)
        #expect(items.count == 1_200 && areMore)
        #expect(daemon.requests.map { $0["params"]?["limit"] } == [1_000, 200])
    }

    // MARK: Waiting leads

    private func waiting(clock: String = "supplied") -> WaitingLeads {
        WaitingLeads(
            leads: [
                [
                    "lead": 17, "channel": "direct", "arrivedAt": "2026-01-01T00:00:00Z",
                    "attributes": ["region": "330106"], "categories": ["homeOwner", "basic"],
                ]
            ], areMore: true,
            information: [
                "time": "2026-01-01T02:00:00Z", "clock": .string(clock),
                "categories": [
                    [
                        "name": "homeOwner",
                        "ladder": [
                            ["maxAge": "5m", "priceFen": 6_000],
                            ["maxAge": "1d", "priceFen": 4_000],
                            ["maxAge": "3d", "priceFen": 2_500],
                        ],
                    ],
                    [
                        "name": "basic",
                        "ladder": [
                            ["maxAge": "12h", "priceFen": 2_500],
                            ["maxAge": "2d", "priceFen": 1_000],
                        ],
                    ],
                ],
            ],
            // 2026-01-01T06:00:00Z
            clock: 1_767_247_200_000_000)
    }

    @Test(.rules("R6.4", "R7.1")) func `a waiting lead has its next rung and its end`() {
        let item = waiting().json["items"]?.array?.first
        #expect(item?["ageSeconds"] == 7_200)
        #expect(item?["cheaperIn"] == "basic" && item?["thenFen"] == 1_000)
        #expect(item?["cheaperInSeconds"] == 36_000)
        #expect(item?["expiresInSeconds"] == 252_000)
        let text = waiting().text
        for part in ["homeOwner, basic", "10 h", "2 h", "2 d 22 h", "basic 10.00", "--limit"] {
            #expect(text.contains(part))
        }
    }

    @Test func `ages go by the clock of the market`() {
        #expect(waiting(clock: "real").json["items"]?.array?.first?["ageSeconds"] == 21_600)
        let none = WaitingLeads(leads: [], areMore: false, information: [:], clock: 0)
        #expect(none.text == "No lead waits.\n")
    }

    // MARK: Returns

    @Test(.rules("R10.2")) func `an open return stands beside what there is to decide by`()
        async throws
    {
        @Sendable func sale(_ number: Int64, returned: Bool) -> JSONValue {
            var sale: JSONObject = ["assignment": .integer(number), "releasedAt": "2026-01-01"]
            if returned { sale["return"] = ["state": "approved"] }
            return .object(sale)
        }
        let daemon = StubDaemon { request in
            let parameters = request["params"] ?? .null
            switch parameters["returns"]?.string {
            case "open"?:
                return .result([
                    "items": [
                        [
                            "assignment": 31, "advisor": "adv-1", "category": "basic",
                            "channel": "direct", "chargeFen": 2_500,
                            "releasedAt": "2026-01-01T00:00:00Z", "connected": false,
                            "firstCallAt": "2026-01-01T00:01:00Z",
                            "return": [
                                "state": "open", "reason": "wrongPerson", "evidence": "cdr-1",
                            ],
                        ]
                    ]
                ])
            case "decided"?:
                return .result(["items": []])
            default:
                let sales = [
                    sale(31, returned: false), sale(30, returned: true), ["assignment": 2],
                ]
                return .result(["items": .array(sales)])
            }
        }
        let connection = try await MarketConnection(socketPath: daemon.path)
        let queue = try await ReturnQueue(connection, all: true, limit: 100)
        #expect(queue.text.contains("wrongPerson  cdr-1     not reached  1 of 2, 50.00 %"))
        #expect(queue.text.contains("decideReturn"))
        #expect(queue.json["items"]?.array?.first?["advisorReturned"] == 1)
        #expect(
            daemon.requests.map { $0["params"]?["returns"]?.string } == ["open", "decided", nil])
        #expect(daemon.requests.last?["params"] == ["advisor": "adv-1", "limit": 500])
    }

    @Test func `an empty queue says so`() {
        let queue = ReturnQueue(assignments: [], areMore: false, recent: [:])
        #expect(queue.text == "No return waits for a decision.\n")
    }

    // MARK: Explanation

    @Test(
        .rules("R6.5"),
        arguments: [
            (["verdict": "won"], "got it"),
            (["verdict": "laterCategory"], "eligible, but an earlier category got it"),
            (
                ["verdict": "outranked", "by": 88, "key": "leastRecentlyServed"],
                "lost to order 88 on least recently served"
            ),
            (
                ["verdict": "outranked", "by": 88, "key": "order"],
                "equal to order 88, which is older"
            ),
            (
                [
                    "verdict": "ineligible", "rule": "notLive",
                    "reasons": ["outsideWindow", "dayCap"],
                ],
                "outside window, day cap"
            ),
            (["verdict": "ineligible", "rule": "tooOld"], "older than it takes"),
            (["verdict": "ineligible", "rule": "somethingNew"], "something new"),
        ] as [(JSONValue, String)])
    func `a verdict reads as a sentence`(verdict: JSONValue, sentence: String) {
        #expect(LeadExplanation.sentence(verdict) == sentence)
    }

    @Test func `every rule and every verdict has its sentence`() {
        for rule in IneligibilityWord.words {
            let sentence = LeadExplanation.sentence([
                "verdict": "ineligible", "rule": .string(rule),
            ])
            #expect(!sentence.isEmpty && sentence != rule)
        }
        for word in VerdictWord.words {
            #expect(LeadExplanation.sentence(["verdict": .string(word)]) != word)
        }
    }

    @Test func `an explanation is read page by page`() async throws {
        let daemon = StubDaemon { request in
            var result: JSONObject = [
                "lead": 17, "status": "released", "decision": ["position": 18, "kind": "reserved"],
                "position": 99,
            ]
            let isFirst = request["params"]?["cursor"] == nil
            result["items"] = [
                [
                    "order": isFirst ? 5 : 6, "advisor": "adv-1", "category": "basic",
                    "verdict": "won",
                ]
            ]
            if isFirst { result["cursor"] = "1" }
            return .result(.object(result))
        }
        let connection = try await MarketConnection(socketPath: daemon.path)
        let whole = try await LeadExplanation(connection, lead: 17, limit: 100)
        #expect(whole.verdicts.count == 2 && !whole.areMore)
        #expect(
            whole.text.hasPrefix("Lead 17 was given to an order at position 18; it is released"))
        #expect(whole.text.contains("    6  adv-1    basic     got it"))
        let part = try await LeadExplanation(connection, lead: 17, limit: 1)
        #expect(part.verdicts.count == 1 && part.areMore && part.text.contains("--limit"))
    }

    @Test func `who got the lead stands first, then who lost, then who could not`() {
        let verdicts: [JSONValue] = [
            ["order": 1, "verdict": "ineligible", "rule": "tooOld"],
            ["order": 2, "verdict": "outranked", "by": 4, "key": "premium"],
            ["order": 3, "verdict": "laterCategory"], ["order": 4, "verdict": "won"],
        ]
        let text = LeadExplanation(head: ["lead": 9], verdicts: verdicts, areMore: false).text
        let rows = text.split(separator: "\n").suffix(4)
        #expect(
            rows.compactMap { $0.trimmingPrefix(while: \.isWhitespace).first } == [
                "4", "2", "3", "1",
            ])
    }

    @Test func `a rejected lead has its reason and no orders`() {
        let explanation = LeadExplanation(
            head: [
                "lead": 4, "status": "rejected", "reason": "noConsent",
                "decision": ["position": 4, "kind": "rejected"],
            ], verdicts: [], areMore: false)
        #expect(
            explanation.text
                == "Lead 4 was turned away at position 4: no consent\nNo order was looked at.\n")
    }

    @Test(
        arguments: [
            (0, "0 s"), (250_000, "0.250 s"), (20_000_000, "20 s"), (320_000_000, "5 min 20 s"),
            (3_600_000_000, "1 h"), (273_600_000_000, "3 d 4 h"),
        ] as [(Int64, String)])
    func `lengths of time have two units`(microseconds: Int64, text: String) {
        #expect(span(microseconds) == text)
    }
}
