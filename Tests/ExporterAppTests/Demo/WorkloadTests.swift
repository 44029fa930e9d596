import EvidenceStore
import ReflexiveCore
import Testing

@testable import ExporterApp

struct WorkloadTests {
  /// Six hours of the workload, as a store's indicators see them at the end.
  private var snapshot: EvidenceSnapshot {
    var workload = Workload(seed: 1)
    var batch = EvidenceBatch()
    let end = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)
    for age in stride(from: 6 * 3600.0, to: 0, by: -10) {
      for row in workload.next(at: end.advanced(by: -age)) {
        func text(_ text: String) -> SQLiteValue {
          var text = text
          return .text(text.withUTF8 { batch.append(UnsafeRawBufferPointer($0)) })
        }
        batch.rows.append(
          EvidenceRow(
            id: Int64(batch.rows.count + 1), event: text(row.event), payload: text(row.payload),
            ts: text(row.ts)))
      }
    }
    EvidenceDecoder(scoreScale: 1).decode(&batch, now: end)
    var indicators = StoreIndicators(StoreIndicators.Settings())
    indicators.apply(batch, at: end)
    return indicators.snapshot(at: end)
  }

  @Test func everythingHasSomethingToShowAndNothingIsRejected() {
    let snapshot = snapshot
    #expect(snapshot.agents.count == 4 && snapshot.gates.count == 3)
    #expect(snapshot.subjects.allSatisfy { $0.progressionPerDay != nil })
    #expect(snapshot.rejected.values.allSatisfy { $0 == 0 })
    for gate in snapshot.gates {
      #expect(gate.own.map { $0.lowConsistencyBreaches > 0 && $0.thresholdMoves > 0 } == true)
    }
  }
}
