import Foundation
import Testing

extension EndToEndTests {
  /// The systemd unit is hardened, and the exporter works under it.
  struct ServiceUnitTests {
    private static let unit = URL(fileURLWithPath: Paths.tests).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("deploy/reflexive-exporter.service").path

    /// systemd's own measure, from 0 (nothing exposed) to 10; in tenths here.
    @Test func itsExposureIsAtMostTwo() throws {
      let tool = try Tool.run(
        "systemd-analyze",
        ["security", "--offline=true", "--no-pager", "--threshold=20", Self.unit]
      )
      #expect(tool.output.contains("Overall exposure level"), "\(tool.errors)")
      #expect(tool.status == 0, "\(tool.output)")
    }

    /// To systemd, an end by SIGHUP or SIGTERM is a success, after which `on-failure` leaves the
    /// service dead (systemd.service(5), `Restart=`). A wrong configuration stays wrong.
    @Test func itStartsAgainAfterEveryEndButAWrongConfiguration() throws {
      let lines = try String(contentsOfFile: Self.unit, encoding: .utf8).split(separator: "\n")
      #expect(lines.filter { $0.hasPrefix("Restart=") } == ["Restart=always"])
      #expect(lines.contains("RestartPreventExitStatus=2"))
    }

    @Test(.enabled(if: Rights.isRoot, Rights.reason), arguments: ["delete", "wal"])
    func underItsRestrictionsEvidenceIsServedAndStateKept(journal: String) async throws {
      let scratch = try ScratchDirectory()
      for name in ["evidence", "state"] {
        try FileManager.default.createDirectory(
          atPath: scratch.file(name), withIntermediateDirectories: false)
      }
      let table = try EvidenceTable(scratch.file("evidence/evidence.db"), journal: journal)
      try table.recordExecutions("a", [0.5, 0.6])
      try scratch.write("config.yml", "stores: [{path: /tmp/evidence/*.db}]\n")

      let first = try await start(scratch)
      try expectRestricted(first)
      let executions = #"reflexive_agent_executions_total{store="evidence",agent="a"}"#
      let page = try first.scrape()
      #expect(page[executions] == 2)
      for name in ["start_time_seconds", "cpu_seconds_total", "resident_memory_bytes", "open_fds"] {
        #expect(page["process_" + name] != nil, "process_\(name)")
      }
      try table.recordExecutions("a", [0.7])
      _ = try await eventually("the new row is counted") {
        try first.scrape()[executions] == 3 ? true : nil
      }
      first.signal(SIGHUP)
      _ = try await eventually("the configuration is taken up anew") {
        try first.log.contains("reloaded") ? true : nil
      }
      #expect(first.stop() == 0)
      #expect(try !first.log.contains("level=warning") && !first.log.contains("level=error"))
      #expect(try first.checkpoints(scratch.file("state")).count == 1)

      try table.execute("DELETE FROM evidence;")
      let second = try await start(scratch)
      #expect(try second.scrape()[executions] == 3)
      #expect(try ownersOfFiles(in: scratch.file("evidence")) == [geteuid()])
    }

    private func start(_ scratch: ScratchDirectory) async throws -> Exporter {
      let exporter = try await Exporter.start(
        [],
        by: [
          "/usr/bin/python3", Paths.python + "/hardened.py", Self.unit, Paths.exporter,
          scratch.path,
        ])
      try await exporter.waitUntilReady()
      return exporter
    }

    /// What the kernel reports of the process. Without this the test would show nothing.
    private func expectRestricted(_ exporter: Exporter) throws {
      let status = try String(
        contentsOfFile: "/proc/\(exporter.processID)/status", encoding: .utf8)
      for line in [
        "Uid:\t61234\t61234\t61234\t61234", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1",
        "Seccomp:\t2", "Seccomp_filters:\t2",
      ] {
        #expect(status.contains(line), "\(status)")
      }
    }
  }
}

/// The users who own the files of a directory.
func ownersOfFiles(in directory: String) throws -> Set<UInt32> {
  let manager = FileManager.default
  return try Set(
    manager.contentsOfDirectory(atPath: directory).compactMap { name in
      let attributes = try manager.attributesOfItem(atPath: directory + "/" + name)
      return (attributes[.ownerAccountID] as? NSNumber)?.uint32Value
    })
}
