import ConfigurationFiles
import EvidenceStore
import OpenTelemetryLogs
import ReflexiveCore

extension Push {
  /// Decompresses and checks a push.
  func prepare(_ limits: PushLimits, now: UnixTime) -> PreparedPush {
    let bytes: [UInt8]
    do throws(Gunzip.Failure) {
      bytes = try isCompressed ? Gunzip.decompress(body, limit: limits.maxBytes) : body
    } catch {
      switch error {
      case .broken: return .settled(.malformed("The body is not a whole gzip file."), rejected: [:])
      case .tooLarge: return .settled(.tooLarge, rejected: [:])
      }
    }
    guard bytes.count <= limits.maxBytes else { return .settled(.tooLarge, rejected: [:]) }
    let validator = EvidenceValidator(
      scoreScale: limits.store.scoreScale, payloadLimit: limits.payloadBytes)
    switch content {
    case .object, .lines:
      return prepare(PushedLines(bytes, isOneObject: content == .object), bytes, validator, now)
    case .logs(let encoding):
      return prepare(logs: bytes, encoding, limits, validator, now)
    }
  }

  private func prepare(
    _ lines: PushedLines, _ bytes: [UInt8], _ validator: EvidenceValidator, _ now: UnixTime
  ) -> PreparedPush {
    var lines = lines
    lines.check(by: validator, now: now)
    guard lines.payloads > 0 else {
      return .settled(.malformed("The body has no payload."), rejected: [:])
    }
    guard lines.bad == 0 else {
      return .settled(
        .refused(lines.faults, bad: lines.bad, of: lines.payloads), rejected: lines.rejected)
    }
    let key = receivedKey(bodyDigest: SHA256.hash(bytes), isNewEachTime: !lines.allHaveTimes)
    return .ready(
      ReceivedBatch(bytes: lines.bytes, rows: lines.rows, key: key), rejected: [:])
  }

  private func prepare(
    logs bytes: [UInt8], _ encoding: LogsAnswer.Encoding, _ limits: PushLimits,
    _ validator: EvidenceValidator, _ now: UnixTime
  ) -> PreparedPush {
    let request: LogsRequest
    do throws(LogsError) {
      request =
        switch encoding {
        case .protobuf: try EvaluationMapping.reader.read(protobuf: bytes)
        case .json: try EvaluationMapping.reader.read(json: bytes)
        }
    } catch {
      return .settled(.malformed("The body can't be read: \(error)."), rejected: [:])
    }
    let mapping = EvaluationMapping(
      rules: limits.scoreRules, scoreScale: limits.store.scoreScale)
    let logs = PushedLogs(request, mapping, by: validator, now: now)
    // There is nothing to write, and no key to keep.
    if logs.rows.isEmpty, key == nil {
      let receipt = ReceivedReceipt(ids: nil, rows: 0, remark: logs.remark)
      return .settled(.accepted(receipt, isReplayed: false), rejected: logs.rejected)
    }
    let key = receivedKey(bodyDigest: SHA256.hash(bytes), isNewEachTime: !logs.allHaveTimes)
    return .ready(
      ReceivedBatch(bytes: logs.bytes, rows: logs.rows, key: key, remark: logs.remark),
      rejected: logs.rejected)
  }

  /// Without a key from the client, the same body is the same push, unless it tells no times: two
  /// equal runs without a time are two.
  private func receivedKey(bodyDigest: [UInt8], isNewEachTime: Bool) -> ReceivedKey? {
    // The first byte keeps clients' keys and digests apart, and the protocol keeps their bodies
    // apart.
    let digest = Array(self.protocol.rawValue.utf8) + [0] + bodyDigest
    if let key { return ReceivedKey(name: [1] + key, bodyDigest: digest) }
    return isNewEachTime ? nil : ReceivedKey(name: [2] + digest, bodyDigest: digest)
  }
}
