import Foundation
import ReflexiveCore
import Testing

@testable import ConfigurationFiles

/// Users copy the documented example, so it must be right.
struct ExampleConfigurationTests {
  private let example: String

  init() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    example = try String(
      contentsOf: root.appendingPathComponent("deploy/reflexive-exporter.example.yml"),
      encoding: .utf8)
  }

  @Test func theExampleIsAccepted() throws {
    let configuration = try configuration(example)
    #expect(configuration.stores.map(\.plainName) == ["maestro", nil])
    #expect(configuration.stores.map(\.objectives.qsr) == [0.7, 0.6])
    #expect(configuration.objectives.gates["ResearchGate"]?.thresholdStaleness == 172_800)
    #expect(configuration.retireAfter == 2_592_000)
  }

  @Test func whatItCallsADefaultIsOne() throws {
    let lines = example.split(separator: "\n").filter { line in
      line.hasSuffix("# default") && !line.contains("score_scale")
        && !line.contains("receive:")
        || ["objectives:", "  drop:", "limits:", "receiver:"].contains(line)
    }
    #expect(lines.count == 21)
    #expect(try configuration(lines.joined(separator: "\n")) == ExporterConfiguration())
    #expect(example.contains("score_scale: 1 # default"))
    #expect(try configuration("stores: [{ path: a.db }]").stores.map(\.scoreScale) == [1])
    #expect(try configuration("stores: [{ path: a.db }]").receivingStores.isEmpty)
  }

  @Test func itHasEveryKeyOfEverySection() throws {
    guard case .mapping(let file) = try YAMLDocument(bytes: Array(example.utf8)).root?.content
    else {
      Issue.record("not a mapping")
      return
    }
    let root = try #require(try YAMLDocument(bytes: Array(example.utf8)).root)
    #expect(file.map(\.key) == FileKey.allCases.map(\.rawValue))
    let ofFiles = StoreKey.allCases.filter { $0 != .postgresql }
    #expect(keys(root, "stores", 0) == ofFiles.map(\.rawValue))
    #expect(keys(root, "objectives") == ObjectiveKey.allCases.map(\.rawValue))
    #expect(keys(root, "objectives", "drop") == DropKey.allCases.map(\.rawValue))
    #expect(keys(root, "objectives", "agents", 0) == AgentKey.allCases.map(\.rawValue))
    #expect(keys(root, "objectives", "gates", 0) == GateKey.allCases.map(\.rawValue))
    #expect(keys(root, "objectives", "subjects", 0) == SubjectKey.allCases.map(\.rawValue))
    #expect(keys(root, "limits") == LimitKey.allCases.map(\.rawValue))
    #expect(keys(root, "receiver") == ReceiverKey.allCases.map(\.rawValue))
    #expect(keys(root, "receiver", "otlp") == OTLPKey.allCases.map(\.rawValue))
    #expect(keys(root, "receiver", "otlp", "scores", 0) == ScoreKey.allCases.map(\.rawValue))
  }

  /// The keys of the mapping at a path of keys and positions.
  private func keys(_ node: YAMLNode, _ way: any Sendable...) -> [String]? {
    var node = node
    for step in way {
      switch node.content {
      case .mapping(let entries):
        let entry =
          (step as? String).flatMap { key in entries.first { $0.key == key } }
          ?? (step as? Int).map { entries[$0] }
        guard let entry else { return nil }
        node = entry.value
      case .sequence(let items):
        guard let index = step as? Int, items.indices.contains(index) else { return nil }
        node = items[index]
      case .scalar: return nil
      }
    }
    guard case .mapping(let entries) = node.content else { return nil }
    return entries.map(\.key)
  }
}
