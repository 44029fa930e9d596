import EvidenceStore
import OpenTelemetryLogs
import ReflexiveCore

/// The rows of a request to export logs, and counts of the other records.
struct PushedLogs {
  /// The payloads, with a NUL after each.
  private(set) var bytes: [UInt8] = []
  private(set) var rows: [ReceivedBatch.Row] = []
  private(set) var rejected: [PushReason: Int] = [:]
  /// Whether every evaluation has a time.
  private(set) var allHaveTimes = true
  private var bad = 0
  private var firstProblem: String?

  init(
    _ request: LogsRequest, _ mapping: EvaluationMapping, by validator: EvidenceValidator,
    now: UnixTime
  ) {
    if request.otherRecords > 0 { rejected[.otherEvent] = request.otherRecords }
    for resource in request.resources {
      for record in resource.records {
        switch mapping.payload(of: record, resource.attributes, now: now) {
        case .payload(let payload, let hasTime):
          if !hasTime { allHaveTimes = false }
          add(payload, by: validator, now: now)
        case .rejected(let reason, let problem): reject(reason, problem)
        }
      }
    }
  }

  /// The remark of the answer on records that could not be used.
  var remark: ReceivedRemark? {
    firstProblem.map { problem in
      ReceivedRemark(
        rejected: bad,
        message: "\(counted(bad, "evaluation")) can't be used. The first: \(problem).")
    }
  }

  private mutating func add(
    _ payload: [UInt8], by validator: EvidenceValidator, now: UnixTime
  ) {
    let range = ByteRange(offset: bytes.count, count: payload.count)
    bytes += payload
    bytes.append(0)
    do throws(EvidenceValidator.Fault) {
      let found = try validator.check(bytes.span, range, now: now)
      rows.append(
        ReceivedBatch.Row(payload: range, event: found.event, time: found.time ?? now))
    } catch {
      bytes.removeLast(payload.count + 1)
      reject(PushReason(error), error.description)
    }
  }

  private mutating func reject(_ reason: PushReason, _ problem: String) {
    bad += 1
    rejected[reason, default: 0] += 1
    firstProblem = firstProblem ?? problem
  }
}
