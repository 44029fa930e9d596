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
}
