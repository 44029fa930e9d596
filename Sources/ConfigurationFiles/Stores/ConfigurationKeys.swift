/// The keys of a configuration file, section by section.
enum FileKey: String, CaseIterable, Sendable {
  case stores
  case objectives
  case windows
  case limits
  case retireAfter = "retire_after"
  case receiver
}

enum StoreKey: String, CaseIterable, Sendable {
  case path
  case postgresql
  case name
  case scoreScale = "score_scale"
  case receive
  case objectives
}

enum ObjectiveKey: String, CaseIterable, Sendable {
  case qsr
  case consistency
  case consistencyStreak = "consistency_streak"
  case thresholdStaleness = "threshold_staleness"
  case rmm
  case minSamples = "min_samples"
  case evidenceSilence = "evidence_silence"
  case drop
  case clarity
  case agents
  case gates
  case subjects
}

enum DropKey: String, CaseIterable, Sendable {
  case falseAlarmRuns = "false_alarm_runs"
  case tolerance
  case recoveryRuns = "recovery_runs"
  case normalRuns = "normal_runs"
}

enum AgentKey: String, CaseIterable, Sendable {
  case qsr
}

enum GateKey: String, CaseIterable, Sendable {
  case consistency
  case consistencyStreak = "consistency_streak"
  case thresholdStaleness = "threshold_staleness"
}

enum SubjectKey: String, CaseIterable, Sendable {
  case rmm
}

enum LimitKey: String, CaseIterable, Sendable {
  case labelValues = "label_values"
  case payloadBytes = "payload_bytes"
}

enum ReceiverKey: String, CaseIterable, Sendable {
  case maxBytes = "max_bytes"
  case queueBytes = "queue_bytes"
  case otlp
}

enum OTLPKey: String, CaseIterable, Sendable {
  case scores
}

enum ScoreKey: String, CaseIterable, Sendable {
  case name
  case field = "as"
  case scale
}
