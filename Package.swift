// swift-tools-version: 6.2
import PackageDescription

let revision = Context.gitInformation.map {
  $0.currentCommit + ($0.hasUncommittedChanges ? "-modified" : "")
}

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "reflexive-exporter",
  products: [
    .executable(name: "reflexive-exporter", targets: ["reflexive-exporter"]),
    .library(name: "Metacognition", targets: ["Metacognition"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(
      name: "CBuildInfo",
      cSettings: revision.map { [.define("REFLEXIVE_REVISION", to: "\"\($0)\"")] }),
    .target(name: "ReflexiveCore"),
    .target(name: "Exposition"),
    .target(name: "CLinux"),
    .target(name: "LinuxSystem", dependencies: ["CLinux"]),
    .target(name: "OpenTelemetryLogs", dependencies: ["ReflexiveCore"]),
    .target(
      name: "EvidenceStore",
      dependencies: ["CLinux", "COpenSSL", "CSQLite", "LinuxSystem", "ReflexiveCore"]),
    .target(name: "ReadingOrder", dependencies: ["ReflexiveCore"]),
    .target(name: "CPostgres"),
    .target(
      name: "EvidencePostgres",
      dependencies: [
        "CPostgres", "ConfigurationFiles", "EvidenceStore", "LinuxSystem", "ReadingOrder",
        "ReflexiveCore",
      ]),
    .target(name: "RowIndex", dependencies: ["LinuxSystem", "ReflexiveCore"]),
    .target(
      name: "ConfigurationFiles", dependencies: ["CYAML", "LinuxSystem", "ReflexiveCore"]),
    .target(
      name: "Checking",
      dependencies: ["ConfigurationFiles", "EvidencePostgres", "EvidenceStore", "ReflexiveCore"]),
    .target(
      name: "Following",
      dependencies: [
        "ConfigurationFiles", "EvidencePostgres", "EvidenceStore", "LinuxSystem", "ReflexiveCore",
        "RowIndex",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    .target(
      name: "Metacognition",
      dependencies: [
        "EvidenceStore", "LinuxSystem", "ReflexiveCore",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .target(
      name: "ExporterApp",
      dependencies: [
        "CBuildInfo", "CCrypt", "COpenSSL", "CZlib", "ConfigurationFiles", "EvidenceStore",
        "Exposition",
        "Following", "LinuxSystem", "OpenTelemetryLogs", "ReflexiveCore",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "reflexive-exporter",
      dependencies: [
        "Checking", "ConfigurationFiles", "EvidencePostgres", "EvidenceStore", "ExporterApp",
        "Following",
        "LinuxSystem", "ReflexiveCore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      // Relocations in packed form: less of the binary is read at the start and stays resident. gold, the
      // default linker, does not know that form; lld comes with the toolchain. glibc reads it from 2.36 on.
      // Swift's static library exports every symbol; nothing looks for them, and their table takes 2 MB.
      linkerSettings: [
        .unsafeFlags(
          [
            "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker",
            "--no-export-dynamic",
          ],
          .when(platforms: [.linux], configuration: .release))
      ]),
    .executableTarget(
      name: "example-agent",
      dependencies: ["Metacognition", .product(name: "Logging", package: "swift-log")],
      path: "Examples/SwiftAgent"),
    .executableTarget(
      name: "row-index-benchmark",
      dependencies: [
        "Following", "LinuxSystem", "ReflexiveCore",
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Benchmarks/RowIndex"),
    .testTarget(
      name: "ExampleAgentTests",
      dependencies: ["Metacognition", .product(name: "Logging", package: "swift-log")],
      path: "Examples/SwiftAgentTests"),
    .target(
      name: "TestSupport", dependencies: ["ReflexiveCore", "CSQLite"], path: "Tests/TestSupport"),
    .testTarget(
      name: "ReflexiveCoreTests", dependencies: ["ReflexiveCore", "TestSupport"],
      exclude: ["Drops/golden.json", "Evidence/json_oracle.py"]),
    .testTarget(
      name: "ExpositionTests", dependencies: ["Exposition"], exclude: ["Golden"]),
    .testTarget(name: "LinuxSystemTests", dependencies: ["LinuxSystem", "TestSupport"]),
    .testTarget(
      name: "ReadingOrderTests", dependencies: ["ReadingOrder", "ReflexiveCore", "TestSupport"]),
    .testTarget(
      name: "EvidencePostgresTests",
      dependencies: ["ConfigurationFiles", "EvidencePostgres", "EvidenceStore", "ReflexiveCore"]),
    .testTarget(
      name: "RowIndexTests",
      dependencies: ["LinuxSystem", "ReflexiveCore", "RowIndex", "TestSupport"]),
    .testTarget(
      name: "OpenTelemetryLogsTests", dependencies: ["OpenTelemetryLogs"], exclude: ["Python"]),
    .testTarget(
      name: "EvidenceStoreTests",
      dependencies: ["EvidenceStore", "LinuxSystem", "ReflexiveCore", "TestSupport"]),
    .testTarget(
      name: "ConfigurationFilesTests",
      dependencies: ["ConfigurationFiles", "ReflexiveCore", "TestSupport"]),
    .testTarget(
      name: "CheckingTests",
      dependencies: ["Checking", "ConfigurationFiles", "ReflexiveCore", "TestSupport"]),
    .testTarget(
      name: "FollowingTests",
      dependencies: [
        "ConfigurationFiles", "EvidenceStore", "Following", "LinuxSystem", "ReflexiveCore",
        "RowIndex", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .testTarget(
      name: "MetacognitionTests",
      dependencies: [
        "CSQLite", "EvidenceStore", "Metacognition", "ReflexiveCore", "TestSupport",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      exclude: ["Python"]),
    .testTarget(
      name: "ExporterAppTests",
      dependencies: [
        "ConfigurationFiles", "EvidenceStore", "ExporterApp", "Exposition", "Following",
        "LinuxSystem", "OpenTelemetryLogs", "ReflexiveCore", "TestSupport",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ], exclude: ["Golden"]),
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "ConfigurationFiles", "EvidenceStore", "Exposition", "Following", "ReflexiveCore",
      ],
      exclude: ["Corpus"]),
    .testTarget(
      name: "EndToEndTests", dependencies: ["TestSupport", "example-agent", "reflexive-exporter"],
      exclude: ["Golden", "Python"]),
  ],
  swiftLanguageModes: [.v6])

for target in package.targets where target.type != .system {
  target.swiftSettings = settings
}
