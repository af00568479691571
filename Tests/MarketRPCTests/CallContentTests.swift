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

    @Test(.rules("R5.2")) func `windows, caps and renewal are read`() throws {
        let placed = try command(
            "order.place",
            [
                "advisor": "a", "category": "c", "quantity": 1, "hourCap": 2, "dayCap": 3,
                "daySpendFen": 900, "renews": true,
                "windows": [
                    ["weekday": 7, "from": "00:00", "to": "24:00"],
                    ["weekday": "monday", "from": "09:00", "to": "18:30"],
                ],
            ])
        guard case .placeOrder(_, _, let terms) = placed else { throw SampleMarket.Unexpected() }
        #expect(
            terms.schedule.windows == [
                .init(weekday: 1, startMinute: 540, endMinute: 1_110),
                .init(weekday: 7, startMinute: 0, endMinute: 1_440),
            ])
        #expect(terms.hourCap == 2 && terms.dayCap == 3 && terms.daySpend == Money(fen: 900))
        #expect(terms.renews)
        let cleared = try command(
            "order.amend",
            [
                "order": 1, "windows": nil, "hourCap": nil, "dayCap": 9, "daySpendFen": nil,
                "renews": false,
            ])
        var expected = OrderAmendment()
        expected.schedule = .set(.always)
        expected.hourCap = .set(nil)
        expected.dayCap = .set(9)
        expected.daySpend = .set(nil)
        expected.renews = .set(false)
        #expect(cleared == .amendOrder(OrderID(1), expected))
    }

    @Test(.rules("R8.5")) func `a ping is read by digest or phone, and a post with its contact`()
        throws
    {
        let digest = "00112233445566778899aabbccddeeff"
        guard
            case .mutation(.pingLead(let ping), _) = try content(
                "lead.ping", ["phoneMd5": .string(digest.uppercased()), "attributes": [:]],
                .supplier)
        else { throw SampleMarket.Unexpected() }
        #expect(ping.channel.description == "partner-a" && ping.person == .md5(digest))
        let identity = Identity(high: 5, low: 6)
        #expect(ping.ping(identity: identity).identity == identity)
        guard
            case .mutation(.pingLead(let byPhone), _) = try content(
                "lead.ping", ["channel": "c", "phone": "138 0013 8000", "attributes": [:]])
        else { throw SampleMarket.Unexpected() }
        #expect(byPhone.person == .phone(digits: "13800138000"))
        let parameters: JSONObject = [
            "lead": 7, "phone": "13800138000", "contact": ["name": "王"],
        ]
        guard
            case .mutation(.postLead(let own), _) = try content(
                "lead.post", parameters, .supplier),
            case .mutation(.postLead(let any), _) = try content("lead.post", parameters)
        else { throw SampleMarket.Unexpected() }
        #expect(own.channel?.description == "partner-a" && any.channel == nil)
        #expect(own.contact == ContactDetails(phone: "13800138000", name: "王"))
        #expect(own.consent == nil && own.lead == LeadID(7))
    }

    @Test func `suppliers name no advisors`() {
        let lead: JSONObject = [
            "phone": "13800138000", "attributes": [:], "preferredAdvisor": "adv-17",
        ]
        for method in ["lead.submit", "lead.ping"] {
            let error = failure(method, lead, .supplier)
            #expect(error?.code == .forbidden && error?.field == "preferredAdvisor")
        }
    }

    @Test func `an advisor's limits are set, kept and lifted`() throws {
        func revised(_ parameters: JSONObject) throws -> AdvisorProfile {
            guard
                case .mutation(.updateAdvisor(let revision), _) = try content(
                    "advisor.update", parameters)
            else { throw SampleMarket.Unexpected() }
            let profile = AdvisorProfile(institution: "i", dailyCap: 5, openWorkLimit: 6)
            return revision.applied(to: profile, identity: nil)
        }
        #expect(try revised(["advisor": "a"]).dailyCap == 5)
        let lifted = try revised(["advisor": "a", "dailyCap": nil, "openWorkLimit": 9])
        #expect(lifted.dailyCap == nil && lifted.openWorkLimit == 9)
        #expect(try revised(["advisor": "a", "gradeDerived": true]).derivesGrade)
        let derived = failure("advisor.update", ["advisor": "a", "gradeDerived": true], .frontend)
        #expect(derived?.code == .forbidden && derived?.field == "gradeDerived")
    }

    @Test func `a gate's time-out has its usual length, another or none`() throws {
        func gates(_ gates: JSONValue) throws -> Gates? {
            let category: JSONValue = [
                "name": "c", "ladder": [["maxAge": "1d", "priceFen": 1]], "gates": gates,
            ]
            guard
                case .mutation(.applyConfiguration(let configuration, _), _) = try content(
                    "market.apply", ["configuration": ["categories": [category]]])
            else { throw SampleMarket.Unexpected() }
            return configuration.categories.first?.gates
        }
        #expect(
            try gates(["namedConsent": true, "acceptance": true])
                == Gates(namedConsent: .minutes(10), acceptance: .seconds(60)))
        #expect(try gates(["acceptance": "5s"]) == Gates(acceptance: .seconds(5)))
        #expect(try gates(["acceptance": false]) == Gates())
    }

    @Test func `null ends tier and grade rules and absence keeps them`() throws {
        func settings(_ settings: JSONValue) throws -> MarketConfiguration.Settings {
            guard
                case .mutation(.applyConfiguration(let configuration, _), _) = try content(
                    "market.apply", ["configuration": ["settings": settings]])
            else { throw SampleMarket.Unexpected() }
            return configuration.settings
        }
        let kept = try settings([:])
        #expect(kept.tierRules == .keep && kept.gradeRules == .keep)
        let ended = try settings(["tierRules": nil, "gradeRules": nil])
        #expect(ended.tierRules == .set(nil) && ended.gradeRules == .set(nil))
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
            (
                "market.apply",
                [
                    "configuration": [
                        "channels": [["name": "a", "payoutFen": 1, "payoutBasisPoints": 1]]
                    ]
                ], "configuration.channels[0].payoutBasisPoints"
            ),
            (
                "market.apply",
                [
                    "configuration": [
                        "categories": [
                            [
                                "name": "c", "ladder": [["maxAge": "1d", "priceFen": 1]],
                                "rank": ["premium", "premium"],
                            ]
                        ]
                    ]
                ], "configuration.categories[0].rank[1]"
            ),
            (
                "market.apply",
                [
                    "configuration": [
                        "settings": [
                            "tierRules": [
                                "rules": [["aspect": "ability", "when": [:], "points": 1]],
                                "firstTierFrom": 1, "secondTierFrom": 2,
                            ]
                        ]
                    ]
                ], "configuration.settings.tierRules.secondTierFrom"
            ),
            ("lead.ping", ["channel": "c", "attributes": [:]], "phoneMd5"),
            (
                "lead.ping",
                [
                    "channel": "c", "attributes": [:], "phone": "13800138000",
                    "phoneMd5": "00112233445566778899aabbccddeeff",
                ], "phone"
            ),
            ("assignment.subscribe", ["advisor": "a", "institution": "b"], "institution"),
            (
                "order.amend",
                [
                    "order": 1, "windows": [["weekday": 1, "from": "10:00", "to": "10:00"]],
                ], "windows[0].to"
            ),
            (
                "order.amend",
                [
                    "order": 1,
                    "windows": [
                        ["weekday": 1, "from": "09:00", "to": "12:00"],
                        ["weekday": "monday", "from": "11:59", "to": "24:00"],
                    ],
                ], "windows"
            ),
            ("order.list", ["reason": "sleepy"], "reason"),
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
