import EvidenceStore
import Exposition
import Following
import ReflexiveCore

extension Collector {
  static func evidenceFamilies(_ stores: [StoreSnapshot]) -> [MetricFamily] {
    [
      MetricFamily(.evidenceRows, of: stores, each: \.events) { store, event, family in
        family.append([store, event.name.text], Double(event.rows))
      },
      MetricFamily(.evidenceRejected, of: stores) { store, family in
        guard let evidence = store.evidence else { return }
        for reason in Rejection.allCases {
          family.append([store.name, reason.rawValue], Double(evidence.rejected[reason] ?? 0))
        }
      },
      MetricFamily(.evidenceLastTimestamp, of: stores, each: \.events) { store, event, family in
        family.append([store, event.name.text], ifKnown: event.lastTime?.seconds)
      },
      MetricFamily(.labelOverflow, of: stores) { store, family in
        guard let evidence = store.evidence else { return }
        for label in EvidenceLabel.allCases {
          family.append([store.name, label.rawValue], Double(evidence.overflowed[label] ?? 0))
        }
      },
    ]
  }

  static func storeFamilies(_ stores: [StoreSnapshot]) -> [MetricFamily] {
    [
      MetricFamily(.storeUp, of: stores) { store, family in
        family.append([store.name], store.status.isUp ? 1 : 0)
      },
      MetricFamily(.storeInfo, of: stores) { store, family in
        guard let info = store.status.info else { return }
        family.append([store.name, store.path, info.timeColumn.description, info.journalMode], 1)
      },
      MetricFamily(.storeTailID, of: stores) { store, family in
        family.append([store.name], Double(store.status.tailID))
      },
      MetricFamily(.storeBacklog, of: stores) { store, family in
        family.append([store.name], Double(store.status.backlog))
      },
      MetricFamily(.storeLastRead, of: stores) { store, family in
        family.append([store.name], ifKnown: store.status.lastRead?.seconds)
      },
      MetricFamily(.storeReadErrors, of: stores) { store, family in
        for kind in StoreReadError.Kind.allCases {
          family.append([store.name, kind.rawValue], Double(store.status.readErrors[kind] ?? 0))
        }
      },
      MetricFamily(.storeResets, of: stores) { store, family in
        for reason in ResetReason.allCases {
          family.append([store.name, reason.rawValue], Double(store.status.resets[reason] ?? 0))
        }
      },
      MetricFamily(.storeSize, of: stores) { store, family in
        family.append([store.name], ifKnown: store.status.sizeBytes.map(Double.init))
      },
      MetricFamily(.storeUnreadGaps, of: stores) { store, family in
        family.append([store.name], ifKnown: store.status.gaps.map { Double($0.unread) })
      },
      MetricFamily(.storeLateRows, of: stores) { store, family in
        family.append([store.name], ifKnown: store.status.gaps.map { Double($0.late) })
      },
      MetricFamily(.storeForgottenGaps, of: stores) { store, family in
        family.append([store.name], ifKnown: store.status.gaps.map { Double($0.forgotten) })
      },
      MetricFamily(.storeCommitToVisible, of: stores) { store, family in
        family.append([store.name], Histogram(store.status.commitToVisible, .commitToVisible))
      },
    ]
  }
}

extension MetricDescriptor {
  fileprivate static let evidenceRows = MetricDescriptor(
    "reflexive_evidence_rows_total", help: "Rows of evidence read.", type: .counter,
    labelNames: ["store", "event"])
  fileprivate static let evidenceRejected = MetricDescriptor(
    "reflexive_evidence_rejected_total",
    help: "Rows with something unusable, by the first reason that applies.",
    type: .counter, labelNames: ["store", "reason"])
  fileprivate static let evidenceLastTimestamp = MetricDescriptor(
    "reflexive_evidence_last_timestamp_seconds", help: "Greatest evidence time of the event.",
    type: .gauge, unit: "seconds", labelNames: ["store", "event"])
  fileprivate static let labelOverflow = MetricDescriptor(
    "reflexive_label_overflow_total",
    help: "Rows whose value of the label was folded into _other.", type: .counter,
    labelNames: ["store", "label"])
  fileprivate static let storeUp = MetricDescriptor(
    "reflexive_store_up",
    help: "1 if the latest read of the store worked; a lock makes it 0 only after 30 s.",
    type: .gauge,
    labelNames: ["store"])
  fileprivate static let storeInfo = MetricDescriptor(
    "reflexive_store_info", help: "The store's file, time column and journal mode.", type: .gauge,
    labelNames: ["store", "path", "time_column", "journal_mode"])
  fileprivate static let storeTailID = MetricDescriptor(
    "reflexive_store_tail_id", help: "Highest id read.", type: .gauge, labelNames: ["store"])
  fileprivate static let storeBacklog = MetricDescriptor(
    "reflexive_store_backlog_rows", help: "Committed rows not read yet, by id distance.",
    type: .gauge, labelNames: ["store"])
  fileprivate static let storeLastRead = MetricDescriptor(
    "reflexive_store_last_read_timestamp_seconds",
    help: "When the store was last read to its end.", type: .gauge, unit: "seconds",
    labelNames: ["store"])
  fileprivate static let storeReadErrors = MetricDescriptor(
    "reflexive_store_read_errors_total", help: "Failed reads of the store.", type: .counter,
    labelNames: ["store", "kind"])
  fileprivate static let storeResets = MetricDescriptor(
    "reflexive_store_resets_total",
    help: "How often the store was replaced, truncated or recreated, and was read anew.",
    type: .counter, labelNames: ["store", "reason"])
  fileprivate static let storeSize = MetricDescriptor(
    "reflexive_store_size_bytes", help: "Size of the database file and its WAL.", type: .gauge,
    unit: "bytes", labelNames: ["store"])
  fileprivate static let storeUnreadGaps = MetricDescriptor(
    "reflexive_store_unread_gaps",
    help: "Intervals of ids below the tail that have not been read; PostgreSQL only.", type: .gauge,
    labelNames: ["store"])
  fileprivate static let storeLateRows = MetricDescriptor(
    "reflexive_store_late_rows_total",
    help: "Rows counted after one with a higher id; PostgreSQL only.", type: .counter,
    labelNames: ["store"])
  fileprivate static let storeForgottenGaps = MetricDescriptor(
    "reflexive_store_forgotten_gaps_total",
    help: "Intervals of ids that are no longer looked at; PostgreSQL only.", type: .counter,
    labelNames: ["store"])
  fileprivate static let storeCommitToVisible = MetricDescriptor(
    "reflexive_store_commit_to_visible_seconds",
    help: "Time from a row's evidence time until it is visible, for rows read after catch-up.",
    type: .histogram, unit: "seconds", labelNames: ["store"])
}
