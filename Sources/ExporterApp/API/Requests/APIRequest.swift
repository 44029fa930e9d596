import ConfigurationFiles
import Following
import HTTPTypes
import NIOCore
import ReflexiveCore

/// The input of an answer of the API: a request, and one moment of all that is followed.
struct APIRequest: Sendable {
  let parameters: QueryParameters
  /// The variable part of the path; empty if it has none.
  let id: String
  let headers: HTTPFields
  let now: UnixTime
  let configuration: ExporterConfiguration
  let followed: [FollowedStore]
  /// The connection of the request.
  let channel: any Channel

  /// The stores that an answer covers: that of the parameter `store`, or all.
  func stores() throws(APIProblem) -> [FollowedStore] {
    parameters["store"] == nil ? followed : [try store()]
  }

  /// The store of the parameter `store`, or the only one.
  func store() throws(APIProblem) -> FollowedStore {
    guard let name = parameters["store"] else {
      guard let only = followed.first, followed.count == 1 else {
        throw .bad(
          QueryParameters.Problem(
            parameter: "store", reason: followed.isEmpty ? "no store is followed" : choice))
      }
      return only
    }
    guard let store = followed.first(where: { LabelValue($0.name) == LabelValue(name) }) else {
      throw APIProblem(
        status: .notFound, detail: "There is no store \(quoted(name)).",
        flaws: [APIProblem.Flaw(parameter: "store", reason: choice)])
    }
    return store
  }

  /// The range of the parameter `range`.
  func range() throws(APIProblem) -> PageRange {
    let text = parameters["range"]
    guard let range = PageRange(text, windows: configuration.windows) else {
      let labels = configuration.rangeLabels.joined(separator: ", ")
      throw .bad(
        QueryParameters.Problem(
          parameter: "range", value: text, reason: "expected one of \(labels)"))
    }
    return range
  }

  func evidenceParameters() throws(APIProblem) -> EvidenceParameters {
    do throws(QueryParameters.Problem) {
      return try EvidenceParameters(parameters, now: now)
    } catch {
      throw .bad(error)
    }
  }

  private var choice: String {
    let names = followed.prefix(100).map { visible($0.name) }.joined(separator: ", ")
    return "expected one of \(names)\(followed.count > 100 ? ", …" : "")"
  }
}

extension ExporterConfiguration {
  /// The ranges that verdicts may have.
  var rangeLabels: [String] { windows.map(\.label) + [Window.allLabel] }
}
