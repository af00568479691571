// swift-tools-version: 6.3

import PackageDescription

/// Settings of every Swift target: warnings are errors, imports are internal unless said otherwise.
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// Settings of the targets that touch no raw memory without saying so.
let safe: [SwiftSetting] = common + [.strictMemorySafety()]

/// Lets a value be tied to what it points into (SE-0446, SE-0456): spans of the log's map cannot
/// outlive their transaction.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "leadmarket",
    products: [
        .library(name: "MarketCore", targets: ["MarketCore"]),
        .library(name: "EventLog", targets: ["EventLog"]),
        .library(name: "MarketRPC", targets: ["MarketRPC"]),
        .library(name: "MarketWorkload", targets: ["MarketWorkload"]),
        .library(name: "MarketClient", targets: ["MarketClient"]),
        .executable(name: "leadmarketd", targets: ["leadmarketd"]),
        .executable(name: "leadctl", targets: ["leadctl"]),
        .executable(name: "leadreplay", targets: ["leadreplay"]),
        .executable(name: "leadbench", targets: ["leadbench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        .target(name: "CChecksum"),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(
            name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "CSimdJSON",
            linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
        .target(name: "CPeerCredentials"),
        .target(name: "CPolling"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "LMDB", dependencies: ["CLMDB"], swiftSettings: common + lifetimes),
        .target(
            name: "MarketCore",
            dependencies: [.product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: safe),
        .target(name: "MarketWorkload", dependencies: ["MarketCore"], swiftSettings: safe),
        .target(
            name: "EventLog",
            dependencies: [
                "CChecksum", "CLibCrypto", "MarketCore", "LMDB",
            ],
            swiftSettings: safe + lifetimes),
        .target(
            name: "Projections", dependencies: ["MarketCore", "LMDB"],
            swiftSettings: safe),
        .target(
            name: "MarketRPC",
            dependencies: [
                "CSimdJSON", "MarketCore", .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: safe),
        .target(
            name: "MarketServer",
            dependencies: [
                "CPeerCredentials", "MarketCore", "EventLog", "Projections", "MarketRPC",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Configuration", package: "swift-configuration"),
            ],
            swiftSettings: safe),
        .target(
            name: "MarketClient",
            dependencies: [
                "MarketRPC",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: safe),
        .target(
            name: "MarketTools",
            dependencies: [
                "CPeerCredentials", "CPolling", "CZlib", "LMDB", "MarketClient", "MarketCore",
                "MarketRPC", "MarketWorkload", "Yams",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: safe),
        .executableTarget(
            name: "leadmarketd", dependencies: ["MarketServer", argumentParser],
            swiftSettings: safe),
        .executableTarget(
            name: "leadctl",
            dependencies: ["MarketClient", "MarketRPC", "MarketTools", argumentParser],
            swiftSettings: safe),
        .executableTarget(
            name: "leadreplay",
            dependencies: [
                "MarketCore", "EventLog", "MarketRPC", "MarketTools", argumentParser,
            ],
            swiftSettings: safe),
        .executableTarget(
            name: "leadbench", dependencies: ["MarketRPC", "MarketTools", argumentParser],
            swiftSettings: safe),
        .target(
            name: "MarketTestSupport", dependencies: ["MarketCore", "MarketRPC"],
            path: "Tests/MarketTestSupport", swiftSettings: common),
        .testTarget(
            name: "LMDBTests", dependencies: ["LMDB", "MarketTestSupport"], swiftSettings: common),
        .testTarget(
            name: "MarketCoreTests", dependencies: ["MarketCore", "MarketTestSupport"],
            swiftSettings: common),
        .testTarget(
            name: "EventLogTests",
            dependencies: [
                "EventLog", "LMDB", "MarketTestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Fixtures"], swiftSettings: common),
        .testTarget(
            name: "ProjectionsTests", dependencies: ["Projections", "MarketTestSupport"],
            swiftSettings: common),
        .testTarget(
            name: "MarketRPCTests",
            dependencies: [
                "MarketRPC", "MarketClient", "MarketTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: common),
        .testTarget(
            name: "MarketServerTests",
            dependencies: [
                "EventLog", "MarketServer", "MarketClient", "MarketCore", "MarketRPC",
                "MarketTestSupport", "Projections",
                "leadmarketd", .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: common),
        .testTarget(
            name: "MarketToolsTests",
            dependencies: [
                "MarketTools", "MarketRPC", "MarketCore", "MarketTestSupport", "MarketWorkload",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: common),
        .testTarget(
            name: "MarketWorkloadTests",
            dependencies: ["MarketCore", "MarketTestSupport", "MarketWorkload"],
            swiftSettings: common),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["MarketCore", "EventLog", "MarketTestSupport"],
            swiftSettings: common),
        .testTarget(
            name: "ReplayTests",
            dependencies: ["EventLog", "LMDB", "MarketRPC", "MarketTestSupport", "leadreplay"],
            exclude: ["Fixtures"], swiftSettings: common),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "EventLog", "LMDB", "MarketRPC", "MarketTestSupport", "leadmarketd", "leadctl",
                "leadreplay", "leadbench", .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: common),
        .testTarget(
            name: "ArchitectureTests", dependencies: ["MarketTestSupport"], swiftSettings: common),
    ],
    cxxLanguageStandard: .cxx17
)
