import MarketCore
import MarketRPC
import MarketTestSupport
import Testing

struct CallContentTests {
    private func content(
        _ method: String, _ parameters: JSONObject, _ role: Role = .operator
    ) throws -> CallContent {
        try Catalogue.content(
            of: Request(identifier: .integer(1), method: method, parameters: parameters),
            context: try SampleMarket.context(role)
        ).content
    }

    private func command(_ method: String, _ parameters: JSONObject) throws -> Command {
        guard case .mutation(.command(let command), _) = try content(method, parameters) else {
            throw SampleMarket.Unexpected()
        }
        return command
    }

    private func failure(
        _ method: String, _ parameters: JSONObject, _ role: Role = .operator
    ) -> RPCError? {
        #expect(throws: RPCError.self) { try content(method, parameters, role) }
    }

    @Test func `a submitted lead is read whole`() throws {
        let parameters: JSONObject = [
            "phone": "+86 138-0013-8000", "channel": "partner-a", "at": 1_800_000_000_000_000,
            "attributes": [
                "region": "330106", "ownsHouse": true, "age": 34, "employment": "retired",
            ],
            "contact": ["note": "晚上", "name": "王"], "idempotencyKey": "k",
            "preferredAdvisor": "adv-17",
            "consent": [
                "institutions": ["Xihu Bank"], "givenAt": "2027-01-15T16:00:00+08:00",
                "agreementSha256":
                    "0000000000000001000000000000000200000000000000030000000000000004",
            ],
        ]
        guard
            case .mutation(.submitLead(let lead), let options) = try content(
                "lead.submit", parameters)
        else { throw SampleMarket.Unexpected() }
        #expect(lead.channel.description == "partner-a")
        #expect(lead.contact == ContactDetails(phone: "13800138000", name: "王", note: "晚上"))
        #expect(lead.preferredAdvisor?.description == "adv-17")
        #expect(options == MutationOptions(idempotencyKey: "k", at: SampleMarket.time(0)))
        let schema = try SampleMarket.make().schema
        var writer = JSONWriter()
        writer.attributes(lead.attributes, schema: schema)
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"ownsHouse":true,"age":34,"employment":"retired","region":"330106"}"#)
        let consent = try #require(lead.consent)
        #expect(consent.institutions == ["Xihu Bank"])
        #expect(consent.givenAt == SampleMarket.time(0))
        #expect(
            consent.agreement
                == Digest32(high: Bytes16(high: 1, low: 2), low: Bytes16(high: 3, low: 4)))
        let identity = Identity(high: 5, low: 6)
        let submission = lead.submission(identity: identity, sealedContact: [7])
        #expect(submission.identity == identity && submission.contact == [7])
    }

    @Test func `a supplier's channel is its own`() throws {
        var lead: JSONObject = ["phone": "13800138000", "attributes": [:]]
        guard case .mutation(.submitLead(let own), _) = try content("lead.submit", lead, .supplier)
        else { throw SampleMarket.Unexpected() }
        #expect(own.channel.description == "partner-a")
        #expect(failure("lead.submit", lead, .frontend)?.field == "channel")
        lead["channel"] = "partner-b"
        let error = failure("lead.submit", lead, .supplier)
        #expect(error?.code == .forbidden && error?.field == "channel")
        #expect(failure("channel.get", ["channel": "partner-b"], .supplier)?.code == .forbidden)
        guard
            case .query(.lead(_, onlyOf: let channel), _) = try content(
                "lead.get", ["lead": 1], .supplier)
        else { throw SampleMarket.Unexpected() }
        #expect(channel?.description == "partner-a")
        let lost = #expect(throws: RPCError.self) {
            try Catalogue.content(
                of: Request(identifier: nil, method: "channel.list"),
                context: try SampleMarket.context(.supplier, channel: nil))
        }
        #expect(lost?.code == .forbidden)
    }

    @Test(.rules("R5.1", "R5.2")) func `grade and priority are for operators`() {
        let advisor: JSONObject = ["advisor": "a", "institution": "i", "grade": "elite"]
        #expect(throws: Never.self) { try content("advisor.register", advisor) }
        let grade = failure("advisor.register", advisor, .frontend)
        #expect(grade?.code == .forbidden && grade?.field == "grade")
        let order: JSONObject = ["advisor": "a", "category": "c", "quantity": 1, "priority": 9]
        #expect(throws: Never.self) { try content("order.place", order) }
        let priority = failure("order.place", order, .frontend)
        #expect(priority?.code == .forbidden && priority?.field == "priority")
    }

    @Test(.rules("R5.2")) func `order terms have their defaults and limits`() throws {
        let least = try command("order.place", ["advisor": "a", "category": "c", "quantity": 1])
        #expect(
            least
                == .placeOrder(
                    advisor: try SampleMarket.name("a"), category: try SampleMarket.name("c"),
                    terms: OrderTerms(filter: .everything, quantity: 1)))
        let most = try command(
            "order.place",
            [
                "advisor": "a", "category": "c", "quantity": 1_000_000, "premiumFen": 500,
                "priority": 9, "maxAge": "36500d", "startsAt": 1, "expiresAt": 2,
                "filter": ["age": ["maximum": 55], "region": "3301", "ownsHouse": false],
            ])
        guard case .placeOrder(_, _, let terms) = most else { throw SampleMarket.Unexpected() }
        #expect(terms.maximumAge == .maximum && terms.priority == 9 && terms.premium.fen == 500)
        #expect(terms.filter.predicates.count == 3)
    }

    @Test func `an amendment tells keeping from clearing`() throws {
        let amendment = try command(
            "order.amend", ["order": 88, "quantity": 20, "maxAge": nil, "expiresAt": 7])
        var expected = OrderAmendment()
        expected.quantity = .set(20)
        expected.maximumAge = .set(nil)
        expected.expiresAt = .set(Timestamp(microseconds: 7))
        #expect(amendment == .amendOrder(OrderID(88), expected))
    }

    @Test(
        arguments: [
            (["income": true], "filter.income"), (["age": true], "filter.age"),
            (["age": ["minimum": 50, "maximum": 40]], "filter.age"),
            (["age": ["minimum": 17]], "filter.age"),
            (["age": [:]], "filter.age"), (["employment": ["astronaut"]], "filter.employment"),
            (["region": ["3301", "330"]], "filter.region"),
            (["ownsHouse": "yes"], "filter.ownsHouse"),
            (["age": ["minimum": 20, "least": 1]], "filter.age.least"),
            (["employment": ["retired", 7]], "filter.employment[1]"),
        ] as [(JSONObject, String)])
    func `a condition that does not fit is named`(filter: JSONObject, field: String) {
        let error = failure(
            "order.place",
            ["advisor": "a", "category": "c", "quantity": 1, "filter": .object(filter)])
        #expect(error?.code == .invalidParameters)
        #expect(error?.field == field)
        #expect(error?.message.hasPrefix("\(field): ") == true)
    }

    @Test func `messages tell what an attribute takes`() {
        func message(_ attributes: JSONObject) -> String? {
            failure(
                "lead.submit",
                ["channel": "c", "phone": "13800138000", "attributes": .object(attributes)])?
                .message
        }
        #expect(
            message(["age": 17])
                == "attributes.age: 17 does not fit; it takes integers from 18 to 70 (year).")
        #expect(
            message(["employment": "astronaut"])
                == "attributes.employment: \"astronaut\" does not fit; it takes one of employee, retired."
        )
        #expect(
            message(["region": "3"])
                == "attributes.region: \"3\" does not fit; it takes codes of these lengths, in digits and capital letters: 2, 4, 6."
        )
    }

    @Test(
        arguments: [
            ("lead.erase", [:], "lead"),
            ("lead.erase", ["lead": 1, "phone": "13800138000"], "phone"),
            ("contact.suppress", [:], "phone"),
            (
                "contact.suppress",
                ["phone": "13800138000", "identity": "00112233445566778899aabbccddeeff"], "identity"
            ),
            (
                "assignment.reportStage",
                ["assignment": 1, "stage": "drawn", "passed": true, "reason": "x"], "reason"
            ),
            (
                "assignment.reportStage",
                ["assignment": 1, "stage": "applied", "passed": true, "amountFen": 5], "amountFen"
            ),
            (
                "assignment.reportStage",
                ["assignment": 1, "stage": "drawn", "passed": false, "amountFen": 5], "amountFen"
            ),
            ("market.backup", ["directory": "backups"], "directory"),
            (
                "market.apply",
                [
                    "configuration": [
                        "attributes": [["name": "a", "kind": "region", "lengths": [4, 2]]]
                    ]
                ],
                "configuration.attributes[0].lengths"
            ),
            (
                "market.apply",
                [
                    "configuration": [
                        "attributes": [["name": "a", "kind": "choice", "words": ["x", "x"]]]
                    ]
                ],
                "configuration.attributes[0].words"
            ),
            (
                "market.apply",
                [
                    "configuration": [
                        "attributes": [
                            ["name": "a", "kind": "integer", "minimum": 2, "maximum": 1]
                        ]
                    ]
                ], "configuration.attributes[0].maximum"
            ),
            (
                "market.apply",
                [
                    "configuration": [
                        "categories": [
                            [
                                "name": "c",
                                "ladder": [
                                    ["maxAge": "1d", "priceFen": 1],
                                    ["maxAge": "24h", "priceFen": 1],
                                ],
                            ]
                        ]
                    ]
                ], "configuration.categories[0].ladder[1].maxAge"
            ),
            (
                "market.apply", ["configuration": ["settings": ["phonePattern": "[9-1]"]]],
                "configuration.settings.phonePattern"
            ),
        ] as [(String, JSONObject, String)])
    func `parameters that do not go together are named`(
        method: String, parameters: JSONObject, field: String
    ) {
        let error = failure(method, parameters)
        #expect(error?.code == .invalidParameters)
        #expect(error?.field == field)
    }

    @Test func `a clock asks for at or refuses it`() {
        let without = MutationOptions()
        let with = MutationOptions(at: .epoch)
        #expect(throws: Never.self) { try without.check(clock: .real) }
        #expect(throws: Never.self) { try with.check(clock: .supplied) }
        let refused = #expect(throws: RPCError.self) { try with.check(clock: .real) }
        let required = #expect(throws: RPCError.self) { try without.check(clock: .supplied) }
        #expect(refused?.code == .wrongClock && refused?.field == "at")
        #expect(required?.code == .wrongClock && required?.message != refused?.message)
    }

    @Test func `the content behind an idempotency key is the method and the parameters`() {
        let one = Request(
            identifier: .integer(1), method: "a.b",
            parameters: ["x": 1, "idempotencyKey": "k", "y": 2])
        var other = Request(identifier: nil, method: "a.b", parameters: ["y": 2, "x": 1])
        #expect(one.idempotentContent == other.idempotentContent)
        other.method = "a.c"
        #expect(one.idempotentContent != other.idempotentContent)
    }
}
