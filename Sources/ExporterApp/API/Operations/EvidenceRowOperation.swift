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
      guard let id = Int64(request.id) else { throw never(request.id, store) }
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
          detail: "Row \(id) is gone from store \(visible(store.name)): its owner has deleted it.")
      case .never: throw never(request.id, store)
      }
    }
  }

  private func never(_ id: String, _ store: FollowedStore) -> APIProblem {
    APIProblem(
      status: .notFound,
      detail: "No row \(visible(id)) was ever read from store \(visible(store.name)).")
  }
}
