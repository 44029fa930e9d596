import Following
import HTTPTypes
import Hummingbird
import ReflexiveCore

/// Exports all rows that match a filter, piece by piece. It reads the next piece once the client
/// has taken the one before.
struct EvidenceExport: Sendable {
  private static let pieceRows = 500
  /// The response keeps the first piece until it ends.
  private static let firstPieceRows = 50
  private static let pause: Duration = .milliseconds(50)
  /// How often to ask for a piece while too many others wait for an answer.
  private static let tries = 100

  let store: FollowedStore
  let parameters: EvidenceParameters
  let queries: EvidenceQueries
  let encoding: ExportEncoding

  typealias Piece = (rows: [ListedEvidence], next: Int64?)

  func firstPiece() async throws(APIProblem) -> Piece {
    try await queries.answer(parameters) { (queries) async throws(EvidenceQueries.Failure) in
      try await piece(after: parameters.request.after, limit: Self.firstPieceRows)
    }
  }

  /// Sends the export. A failure breaks the transfer, and the mark of completeness is missing.
  func send(_ first: Piece, to writer: inout any ResponseBodyWriter) async throws {
    var (next, count) = (first.next, first.rows.count)
    var bytes = ByteBuffer(bytes: encoding.head + encoded(first.rows))
    while let id = next {
      try await writer.write(bytes)
      bytes.clear(minimumCapacity: 0)
      // The rows are freed before the client has taken them: many exports wait at a time.
      let piece = try await patientPiece(after: id)
      (next, count) = (piece.next, count + piece.rows.count)
      bytes = ByteBuffer(bytes: encoded(piece.rows))
    }
    try await writer.write(bytes)
    try await writer.write(ByteBuffer(bytes: encoding.end(count)))
    try await writer.finish(nil)
  }

  private func encoded(_ rows: [ListedEvidence]) -> [UInt8] {
    var bytes: [UInt8] = []
    for row in rows { encoding.append(row, &bytes) }
    return bytes
  }

  private func patientPiece(after id: Int64) async throws -> Piece {
    for _ in 1..<Self.tries {
      do throws(EvidenceQueries.Failure) {
        return try await piece(after: id)
      } catch {
        guard error == .tooManyWaiting else { throw error }
      }
      try await Task.sleep(for: Self.pause)
    }
    return try await piece(after: id)
  }

  private func piece(
    after id: Int64?, limit: Int = pieceRows
  ) async throws(EvidenceQueries.Failure) -> Piece {
    let (store, filter, before) = (store, parameters.filter, parameters.request.before)
    return try await queries.ask { () throws(EvidenceSearchError) in
      try EvidenceSearch(store).rows(filter, after: id, before: before, limit: limit)
    }
  }
}

extension APIRoutes {
  func export(
    _ store: FollowedStore, _ parameters: EvidenceParameters, _ encoding: ExportEncoding
  ) async throws(APIProblem) -> APIAnswer {
    guard let seat = exportSeats.take() else {
      throw .unavailable("All \(exportSeats.limit) exports are taken.")
    }
    let export = EvidenceExport(
      store: store, parameters: parameters, queries: queries, encoding: encoding)
    let first = try await export.firstPiece()
    return .stream(
      Response(
        status: .ok, headers: [.contentType: encoding.contentType],
        body: ResponseBody { writer in
          try await export.send(first, to: &writer)
          withExtendedLifetime(seat) {}
        }))
  }
}
