import ReflexiveCore
import RowIndex

/// Finds rows through the index of one store. The index names candidates, and rows that it is not
/// sure about are read from the database.
struct IndexedSearch {
  /// The reason why a search has to start over.
  enum Interruption: Error {
    /// Blocks have moved, or rows turned out to be gone.
    case indexChanged
    case indexUnavailable(RowIndex.Unavailable)
    case failed(EvidenceSearchError)
  }

  let index: RowIndex
  let reader: RowReader

  /// Matching ids in the order of a search, and the number of all matches.
  struct Found {
    var ids: [Int64] = []
    /// `nil` if the search ended early.
    var matches: Int?
  }

  /// - Parameters:
  ///   - limit: the most ids to find.
  ///   - span: the range of wanted ids.
  ///   - counting: whether to look at every row, even after the ids have been found.
  func find(
    limit: Int, in span: ClosedRange<Int64>, ascending: Bool, counting: Bool
  ) throws(Interruption) -> Found {
    var found = Found()
    var matches = 0
    var scan = try begin(ascending: ascending, span: counting ? nil : span)
    while let block = try next(&scan, wanted: limit - found.ids.count, in: span) {
      let sure = try verified(block.uncertain)
      matches += block.certain + sure.count
      let unsure = Set(block.uncertain)
      for id in block.candidates where found.ids.count < limit {
        if !unsure.contains(id) || sure.contains(id) { found.ids.append(id) }
      }
      if !counting, found.ids.count >= limit { return found }
    }
    found.matches = matches
    return found
  }

  /// Returns the rows with these ids, in the same order.
  func rows(_ ids: [Int64]) throws(Interruption) -> [ListedEvidence] {
    let rows = try read(ids)
    guard rows.gone.isEmpty else { throw try forget(rows.gone) }
    return rows.matching
  }

  private func begin(
    ascending: Bool, span: ClosedRange<Int64>?
  ) throws(Interruption) -> IndexScan {
    do throws(RowIndex.Unavailable) {
      return try index.beginScan(
        reader.filter, now: reader.now, ascending: ascending,
        from: span.map { ascending ? $0.lowerBound : $0.upperBound })
    } catch {
      throw .indexUnavailable(error)
    }
  }

  private func next(
    _ scan: inout IndexScan, wanted: Int, in span: ClosedRange<Int64>
  ) throws(Interruption) -> BlockMatches? {
    do throws(EvidenceSearchError) { try reader.checkTime() } catch { throw .failed(error) }
    do throws(RowIndex.Unavailable) {
      return try index.next(&scan, wanted: wanted, in: span)
    } catch {
      throw .indexUnavailable(error)
    }
  }

  /// Returns the ids of the rows that match.
  private func verified(_ ids: [Int64]) throws(Interruption) -> Set<Int64> {
    if ids.isEmpty { return [] }
    let rows = try read(ids)
    guard rows.gone.isEmpty else { throw try forget(rows.gone) }
    return Set(rows.matching.map(\.id))
  }

  private func read(_ ids: [Int64]) throws(Interruption) -> RowReader.Rows {
    do throws(EvidenceSearchError) { return try reader.rows(ids) } catch { throw .failed(error) }
  }

  /// Makes the index forget rows that are gone, and all others that are gone from the same blocks,
  /// because deletions seldom come alone.
  private func forget(_ ids: [Int64]) throws(Interruption) -> Interruption {
    var rest = ids.sorted()[...]
    while let first = rest.first {
      let mark = index.mark
      guard let span = index.span(after: first == .min ? nil : first - 1) else { break }
      do throws(EvidenceSearchError) {
        index.retain(try reader.ids(in: span), in: span, since: mark)
      } catch {
        throw .failed(error)
      }
      rest = rest.drop { $0 <= span.upperBound }
    }
    return .indexChanged
  }
}
