// swift-tools-version: 6.3

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "leadmarket-benchmarks",
    dependencies: [
        .package(name: "leadmarket", path: ".."),
        // Without jemalloc: allocations are counted under callgrind instead.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        .target(name: "CMemory"),
        .target(
            name: "Probes",
            dependencies: [
                "CMemory",
                .product(name: "MarketCore", package: "leadmarket"),
                .product(name: "MarketWorkload", package: "leadmarket"),
                .product(name: "EventLog", package: "leadmarket"),
                .product(name: "MarketRPC", package: "leadmarket"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "Figures",
            dependencies: [
                "Probes", .product(name: "MarketCore", package: "leadmarket"),
                .product(name: "MarketWorkload", package: "leadmarket"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "Counted",
            dependencies: [
                "Probes", .product(name: "MarketWorkload", package: "leadmarket"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "PeerData",
            dependencies: [
                .product(name: "MarketCore", package: "leadmarket"),
                .product(name: "MarketWorkload", package: "leadmarket"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "Market",
            dependencies: [
                "Probes", .product(name: "Benchmark", package: "benchmark"),
                .product(name: "MarketWorkload", package: "leadmarket"),
            ],
            path: "Benchmarks/Market",
            swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ]
)
