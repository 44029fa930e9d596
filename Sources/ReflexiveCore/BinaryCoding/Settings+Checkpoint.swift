extension StoreIndicators.Settings {
  /// Writes the settings that counts depend on. Two settings give the same bytes if and only if
  /// they are compatible: see ``isCompatible(with:)``.
  package func writeCounting(to writer: inout ByteWriter) {
    writer.writeInteger(UInt32(clamping: windows.count))
    for window in windows {
      writer.write(window.label)
      writer.write(window.length)
    }
    writer.write(labelValues)
    objectives.writeCounting(to: &writer)
  }
}

extension Objectives {
  fileprivate func writeCounting(to writer: inout ByteWriter) {
    let common = limits(of: .overflow)
    writer.write(common.consistency)
    writer.write(common.consistencyStreak)
    writer.write(drop)
    if drop != nil { writeDropLimits(to: &writer) }
    for gate in gates.keys.sorted() where gate != .overflow {
      let own = limits(of: gate)
      guard
        own.consistency != common.consistency || own.consistencyStreak != common.consistencyStreak
      else { continue }
      writer.write(gate)
      writer.write(own.consistency)
      writer.write(own.consistencyStreak)
    }
  }

  /// Writes what drops depend on, apart from their own settings and the consistency limits.
  private func writeDropLimits(to writer: inout ByteWriter) {
    writer.write(minSamples)
    writer.write(qsr)
    let agentNames = agents.keys.filter { qsr(of: $0) != qsr }.sorted()
    writer.write(agentNames)
    for name in agentNames { writer.write(qsr(of: name)) }
    writer.write(rmm)
    let subjectNames = subjects.keys.filter { rmm(of: $0) != rmm }.sorted()
    writer.write(subjectNames)
    for name in subjectNames { writer.write(rmm(of: name)) }
  }
}
