import MarketCore

extension Catalogue {
    /// The methods about the interface, the market as a whole and the daemon.
    static let market: [Method] = [
        Method(
            "rpc.discover", .control, roles: .everybody,
            "Describes this interface as an OpenRPC document.",
            result: [
                .required("openrpc", .text(1...32), "the version of OpenRPC"),
                .required("info", .anything, "title and version"),
                .required("methods", .anything, "the methods"),
            ]
        ) { (_: inout Parameters, _) throws(RPCError) in .control(.discover) },
        Method(
            "market.info", .query, roles: .everybody,
            "Tells what the market is and how it is configured; a supplier sees no prices, and no channel but its own.",
            result: MarketMembers.information
        ) { (_: inout Parameters, context: CallContext) throws(RPCError) in
            .query(.marketInfo(onlyOf: try context.supplierChannel()))
        },
        Method(
            "market.health", .control, roles: .everybody,
            "Tells how the daemon is and how far each of its parts has come.",
            result: MarketMembers.health
        ) { (_: inout Parameters, _) throws(RPCError) in .control(.health) },
        Method(
            "market.digest", .control, roles: .overseers,
            "Compares the state of the writer and of the follower at one position.",
            result: [
                .asOf,
                .required("writerDigest", .hexadecimal(bytes: 32), "SHA-256 of the writer's state"),
                .required(
                    "followerDigest", .hexadecimal(bytes: 32), "SHA-256 of the follower's state"),
            ]
        ) { (_: inout Parameters, _) throws(RPCError) in .control(.digest) },
        Method(
            "market.advance", .control, roles: .operators,
            "Lets time pass on a supplied clock, and does all work due until then.",
            parameters: [.required("at", .time, "the market's new time")],
            result: [.required("time", .time, "the market's time"), .position],
            errors: [.wrongClock, .timeInPast, .storageFull],
            example: ["at": "2026-11-21T21:00:00+08:00"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .control(.advance(to: try parameters.time("at")))
        },
        Method(
            "market.apply", .mutation, roles: .operators,
            "Applies a declarative configuration; what it leaves out stays as it is (R2.2).",
            parameters: [
                .required(
                    "configuration", .object(MarketMembers.configuration),
                    "attributes, categories, channels, payees and settings"),
                .optional("dryRun", .flag, "say what would change and change nothing"),
            ],
            result: MarketMembers.applied, errors: [.invalidConfiguration],
            example: [
                "configuration": [
                    "attributes": [
                        ["name": "ownsHouse", "kind": "flag"],
                        [
                            "name": "monthlyIncome", "kind": "integer", "unit": "yuan",
                            "minimum": 0, "maximum": 10_000_000,
                        ],
                        [
                            "name": "age", "kind": "integer", "unit": "year", "minimum": 18,
                            "maximum": 70,
                        ],
                        [
                            "name": "employment", "kind": "choice",
                            "words": ["employee", "retired"],
                        ],
                        ["name": "tier", "kind": "choice", "words": ["A", "B", "C"]],
                        ["name": "region", "kind": "region", "lengths": [2, 4, 6]],
                    ],
                    "categories": [
                        [
                            "name": "homeOwner", "title": "有房一族",
                            "qualification": ["ownsHouse": true],
                            "ladder": [
                                ["maxAge": "5m", "priceFen": 6_000],
                                ["maxAge": "1d", "priceFen": 4_000],
                            ],
                            "exclusivity": "forever",
                            "splits": [["payee": "platform", "basisPoints": 500]],
                            "rank": ["dedicated", "premium", "gradeFit", "leastRecentlyServed"],
                            "gates": ["namedConsent": true, "acceptance": "45s"],
                            "returns": [
                                "window": "72h", "automaticShareBasisPoints": 1_500,
                                "automaticSpan": 50,
                            ],
                        ]
                    ],
                    "channels": [
                        [
                            "name": "partner-a", "title": "合作渠道甲", "payoutFen": 1_200,
                            "dailyCap": 500,
                        ],
                        ["name": "trial", "payoutBasisPoints": 2_000, "test": true],
                    ],
                    "payees": [["name": "platform", "title": "平台"]],
                    "settings": [
                        "duplicateWindow": "30d", "phonePattern": #"1[3-9]\d{9}"#,
                        "categoryOrder": ["homeOwner"], "pingTimeout": "3m", "qualitySpan": 200,
                        "qualityLimitBasisPoints": 4_000, "tierAttribute": "tier",
                        "tierRules": [
                            "rules": [
                                [
                                    "aspect": "ability", "when": ["ownsHouse": true], "points": 5,
                                ],
                                [
                                    "aspect": "ability",
                                    "when": ["monthlyIncome": ["minimum": 8_000]], "points": 3,
                                ],
                            ],
                            "firstTierFrom": 8, "secondTierFrom": 3,
                        ],
                        "gradeRules": [
                            "window": 20,
                            "elite": [
                                "connectionBasisPoints": 8_000, "disciplineBasisPoints": 9_000,
                                "approvalBasisPoints": 1_500,
                            ],
                            "standard": [
                                "connectionBasisPoints": 5_000, "disciplineBasisPoints": 6_000,
                                "approvalBasisPoints": 500,
                            ],
                        ],
                    ],
                ],
                "dryRun": true,
            ]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .mutation(
                .applyConfiguration(
                    try parameters.configuration("configuration"),
                    dryRun: try parameters.optionalBool("dryRun") ?? false))
        },
        Method(
            "market.backup", .control, roles: .operators,
            "Writes a consistent copy of the log and the keys while the market runs; what one that fails has made is removed.",
            parameters: [
                .required(
                    "directory", .text(1...4_096),
                    "an absolute path on the daemon's machine, which must not exist or be empty")
            ],
            result: [
                .required("position", .identifier, "the copy's last log position"),
                .required("bytes", .count, "the copy's size"),
            ],
            errors: [.storageFull], example: ["directory": "/var/backups/leadmarket/2026-11-21"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .control(.backup(directory: try parameters.absolutePath("directory")))
        },
        Method(
            "market.depth", .query, roles: .trade,
            "Tells live demand and waiting supply by category and region (R13.1).",
            parameters: [.someCategory],
            result: [
                .required(
                    "categories", .list(.object(MarketMembers.depth), count: 0...4_096),
                    "the categories"),
                .asOf,
            ],
            errors: [.unknownCategory], example: ["category": "homeOwner"]
        ) { (parameters: inout Parameters, _) throws(RPCError) in
            .query(.marketDepth(category: try parameters.optionalName("category")))
        },
    ]
}

extension Parameters {
    fileprivate mutating func absolutePath(_ name: String) throws(RPCError) -> String {
        let text = try string(name, length: 1...4_096)
        guard text.hasPrefix("/"), !text.utf8.contains(0) else {
            throw RPCError.invalidParameter(
                path.member(name), "must be an absolute path, beginning with /.")
        }
        return text
    }
}
