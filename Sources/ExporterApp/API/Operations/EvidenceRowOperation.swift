import ConfigurationFiles
import Following
import HTTPTypes
import ReflexiveCore

extension APIRoutes {
  var evidenceRow: Operation {
    Operation(
      path: "/api/v1/evidence/{id}", name: "getEvidence", summary: "One row with its payload",
      parameters: [
        Parameter(
          name: "id", place: .path, description: "The id of the row.", schema: Parameter.idSchema,
          isRequired: true, example: 1), storeOfSeveral,
      ], contents: [.json("StoredEvidence")],
      statuses: [.notFound, .gone, .serviceUnavailable]
    ) { request throws(APIProblem) in
      let store = try request.store()
      guard let id = Int64(request.id) else { throw noID(request.id, store) }
      let found = try await queries.answer { (queries) async throws(EvidenceQueries.Failure) in
        try await queries.row(id, of: store)
      }
      switch found {
      case .found(let stored):
        let payload = stored.payload.map { String(decoding: $0, as: UTF8.self) }
        return .content(
          stored.row.members + [JSON.Member("payload", .text(ifKnown: payload))])
      case .gone:
        throw APIProblem(
          status: .gone,
          detail: "Store \(visible(store.name)) has no row \(id). Rows with ids as high have been "
            + "read, so it was deleted, or never written.")
      case .never: throw never(id, store)
      }
    }
  }

  private func never(_ id: Int64, _ store: FollowedStore) -> APIProblem {
    APIProblem(
      status: .notFound,
      detail: "No row \(id) has been read from store \(visible(store.name)), nor one above it.")
  }

  private func noID(_ text: String, _ store: FollowedStore) -> APIProblem {
    APIProblem(
      status: .notFound,
      detail: "Store \(visible(store.name)) has no row \(quoted(text)): an id is a whole number.")
  }
}
