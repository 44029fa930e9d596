import Exposition
import ReflexiveCore

extension Collector {
  static func receiverFamilies(_ stores: [ReceiverSnapshot]) -> [MetricFamily] {
    var rows = MetricFamily(.receiverRows)
    var rejected = MetricFamily(.receiverRejected)
    var success = MetricFamily(.receiverLastSuccess)
    var queue = MetricFamily(.receiverQueue)
    for store in stores {
      for kind in PushProtocol.allCases {
        rows.append([store.store, kind.rawValue], Double(store.rows[kind] ?? 0))
        for reason in PushReason.allCases {
          rejected.append(
            [store.store, kind.rawValue, reason.rawValue],
            Double(store.rejected[kind]?[reason] ?? 0))
        }
      }
      success.append([store.store], ifKnown: store.lastSuccess?.seconds)
      queue.append([store.store], Double(store.queueBytes))
    }
    return [rows, rejected, success, queue]
  }
}

extension MetricDescriptor {
  fileprivate static let receiverRows = MetricDescriptor(
    "reflexive_receiver_rows_total", help: "Rows written that were pushed.", type: .counter,
    labelNames: ["store", "protocol"])
  fileprivate static let receiverRejected = MetricDescriptor(
    "reflexive_receiver_rejected_total",
    help: "Payloads and records that were pushed and refused or ignored.", type: .counter,
    labelNames: ["store", "protocol", "reason"])
  fileprivate static let receiverLastSuccess = MetricDescriptor(
    "reflexive_receiver_last_success_timestamp_seconds", help: "Latest push that was accepted.",
    type: .gauge, unit: "seconds", labelNames: ["store"])
  fileprivate static let receiverQueue = MetricDescriptor(
    "reflexive_receiver_queue_bytes", help: "Bytes received and not written yet.", type: .gauge,
    unit: "bytes", labelNames: ["store"])
}
