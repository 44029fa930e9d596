import Foundation
import Testing

extension EndToEndTests {
  /// The command as a user calls it.
  struct CommandTests {
    private func run(
      _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) throws -> Tool {
      try Tool.run(Paths.exporter, arguments, input: input, environment: environment)
    }

    @Test(arguments: [
      ([], "nothing to follow"),
      (["--stor", "x"], "--stor"),
      (["--store", "x", "--log.level", "loud"], #"--log.level: "loud" is not allowed"#),
      (["--store", "x", "--log.format", "xml"], #"--log.format: "xml" is not allowed"#),
      (["--store", "x", "--web.listen-address", "9"], #"--web.listen-address: "9" is not"#),
      (["--store", "x", "--web.telemetry-path", "m"], #"--web.telemetry-path: "m" is not"#),
      (["--config.file", "/does/not/exist.yml"], "/does/not/exist.yml: cannot be read"),
      (["--store", "a/x.db", "--store", "b/x.db"], "--store"),
    ])
    func aWrongCommandLineIsOneLineAndExitCode2(arguments: [String], message: String) throws {
      let tool = try run(arguments)
      #expect(tool.status == 2)
      #expect(tool.errors.contains(message), "\(tool.errors)")
      #expect(tool.errors.split(separator: "\n").count == 1)
    }

    @Test func everyFlagCanComeFromTheEnvironment() throws {
      let tool = try run(
        ["serve"],
        environment: [
          "REFLEXIVE_EXPORTER_STORE": "x.db", "REFLEXIVE_EXPORTER_WEB_LISTEN_ADDRESS": "nowhere",
        ])
      #expect(tool.status == 2)
      #expect(tool.errors.contains(#"--web.listen-address: "nowhere""#))
    }

    @Test func aListInTheEnvironmentHasLinesOfEitherKind() throws {
      let tool = try run(
        ["check-config"],
        environment: ["REFLEXIVE_EXPORTER_STORE": "/x/a.db\r\n/x/b.db\n\r\n/x/c.db\r\n"])
      #expect(tool.status == 0)
      #expect(
        tool.output
          == "store a: /x/a.db\nstore b: /x/b.db\nstore c: /x/c.db\nthe configuration is valid\n")
    }

    @Test func aMessageIsOneLineWhateverEndsLinesInIt() throws {
      let tool = try run(["--no-such\r\nflag"])
      #expect(tool.status == 2)
      #expect(tool.errors.utf8.count { $0 == 0x0A || $0 == 0x0D } == 1, "\(tool.errors)")
    }

    @Test func theVersionSaysWhatItWasBuiltFrom() throws {
      let tool = try run(["--version"])
      #expect(tool.status == 0)
      #expect(tool.output.contains("reflexive-exporter, version 0.1.0 (revision: "))
    }

    @Test func checkConfigNamesTheKeyTheValueAndWhatIsAllowed() throws {
      let scratch = try ScratchDirectory()
      let bad = try scratch.write(
        "bad.yml", "stores: [{path: x.db}]\nobjectives:\n  qsr: 1.2\n")
      let refused = try run(["check-config", "--config.file", bad])
      #expect(refused.status == 2)
      #expect(
        refused.errors.contains(
          #"bad.yml:3:8: objectives.qsr: "1.2" is not allowed: expected a number from 0 to 1 with at most 9 decimals"#
        ),
        "\(refused.errors)")
      let good = try scratch.write("good.yml", "stores: [{path: x.db, name: main}]\n")
      let accepted = try run(["check-config", "--config.file", good])
      #expect(accepted.status == 0)
      #expect(accepted.output.contains("store main: "))
    }

    @Test func aPortInUseIsSaidWithExitCode1() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      let port = String(exporter.url.split(separator: ":").last ?? "")
      let tool = try run(
        ["--store", "/does/not/exist.db", "--web.listen-address", "127.0.0.1:\(port)"])
      #expect(tool.status == 1)
      #expect(
        tool.errors.hasSuffix("cannot listen on 127.0.0.1:\(port): Address already in use\n"),
        "\(tool.errors)")
    }

    @Test func aPortAloneIsEveryAddressOfBothFamilies() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"], address: ":0")
      let port = exporter.url.split(separator: ":").last ?? ""
      for host in ["127.0.0.1", "[::1]"] {
        #expect(try Exporter.get("http://\(host):\(port)/-/healthy").status == 200, "\(host)")
      }
    }

    @Test func aNameWithoutAnAddressIsSaidWithExitCode1() throws {
      let address = "no.such.host.invalid:9"
      let tool = try run(["--store", "/does/not/exist.db", "--web.listen-address", address])
      #expect(tool.status == 1)
      #expect(
        tool.errors.contains(
          "cannot listen on \(address): the name \"no.such.host.invalid\" has no"),
        "\(tool.errors)")
    }

    @Test func initCreatesAStoreThatRecordFillsAndServeReads() async throws {
      let scratch = try ScratchDirectory()
      let store = scratch.file("new.db")
      #expect(try run(["init", store]).status == 0)
      #expect(try run(["init", store]).status == 0)
      let lines = """
        {"event": "metacognitive_agent_execution", "agent": "a", "output_quality": 0.5}
        {"event": "quality_gate_evaluation", "gate": "g", "timestamp": "2026-01-02T03:04:05"}

        """
      let recorded = try run(["record", "--store", store], input: lines)
      #expect(recorded.status == 0, "\(recorded.errors)")
      let exporter = try await Exporter.follow(store)
      let page = try exporter.scrape()
      #expect(page[#"reflexive_agent_executions_total{store="new",agent="a"}"#] == 1)
      #expect(
        page[#"reflexive_gate_last_evaluation_timestamp_seconds{store="new",gate="g"}"#]
          == 1_767_323_045)
    }

    @Test func initAndRecordSayWhyTheyCannotOpenAPath() throws {
      let scratch = try ScratchDirectory()
      let lost = scratch.file("no/such/new.db")
      let directory = scratch.file("no/such")
      for arguments in [["init", lost], ["record", "--store", lost]] {
        let tool = try run(arguments, input: "{}\n")
        #expect(tool.status == 1)
        #expect(
          tool.errors.hasSuffix("\(lost): there is no directory \(directory)\n"), "\(tool.errors)")
      }
      let missing = scratch.file("missing.db")
      let tool = try run(["record", "--store", missing], input: "{}\n")
      #expect(tool.errors.hasSuffix("\(missing): there is no such file; create it with `init`\n"))
      #expect(
        try run(["init", scratch.path]).errors.contains("a directory or a device, not a file"))
    }

    @Test(arguments: ["0x10", "nan", "inf", "1_000", " 1", "0"])
    func aScaleIsADecimalNumber(text: String) throws {
      let tool = try run(["record", "--store", "x.db", "--score-scale", text])
      #expect(tool.status == 2)
      #expect(
        tool.errors.contains("--score-scale: \"\(text)\" is not allowed: expected a number above 0")
      )
    }

    @Test(arguments: [
      ("{", "line 2: not one JSON value"),
      ("[1]", "line 2: not a JSON object"),
      ("{\"agent\": \"a\"}", "line 2: event: "),
      (execution("\"output_quality\": 1.5"), "line 2: output_quality: "),
      (execution("\"output_quality\": \"high\""), "line 2: output_quality: "),
      (execution("\"rmm_score\": NaN"), "line 2: rmm_score: "),
      (execution("\"timestamp\": \"yesterday\""), "line 2: timestamp: "),
    ])
    func recordRefusesWhatWouldBeRejectedAndKeepsTheRest(line: String, message: String) throws {
      let scratch = try ScratchDirectory()
      let store = scratch.file("new.db")
      #expect(try run(["init", store]).status == 0)
      let good = Self.execution("\"output_quality\": 0.5")
      let tool = try run(["record", "--store", store], input: "\(good)\n\(line)\n\(good)\n")
      #expect(tool.status == 1)
      #expect(tool.errors.contains(message), "\(tool.errors)")
      let count = try Tool.run("python3", ["-c", countRows, store])
      #expect(count.output == "2\n")
    }

    /// Memory and time grow with the limit, not with the line.
    @Test func recordHoldsNoLongLineAndTakesItsLimitFromTheConfiguration() throws {
      let scratch = try ScratchDirectory()
      let store = scratch.file("new.db")
      #expect(try run(["init", store]).status == 0)
      let config = try scratch.write(
        "c.yml", "stores: [{path: new.db, score_scale: 100}]\nlimits: {payload_bytes: 1KiB}\n")
      let frame = Self.execution(#""x": """#).utf8.count
      let largest = String(repeating: "x", count: 1024 - frame)
      let lines = [
        Self.execution(#""output_quality": 50"#), Self.execution("\"x\": \"\(largest)x\""),
        String(repeating: "x", count: 8 << 20), Self.execution(#""output_quality": 101"#),
        Self.execution("\"x\": \"\(largest)\""),
      ]
      let input = try scratch.write("input", lines.joined(separator: "\n"))
      let tool = try Tool.run(
        "bash",
        [
          "-c",
          #"exec timeout 10 "$0" record --store "$1" --config.file "$2" < "$3""#,
          Paths.exporter, store, config, input,
        ])
      #expect(tool.status == 1)
      #expect(
        tool.errors.split(separator: "\n").dropLast() == [
          "line 2: more than 1024 bytes", "line 3: more than 1024 bytes",
          "line 4: output_quality: expected a number that divided by 100.0 is from 0 to 1",
        ], "\(tool.errors)")
      #expect(try Tool.run("python3", ["-c", countRows, store]).output == "2\n")
    }

    private static func execution(_ field: String) -> String {
      #"{"event": "metacognitive_agent_execution", "agent": "a", \#(field)}"#
    }

    private let countRows = """
      import sqlite3, sys
      print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM evidence").fetchone()[0])
      """
  }
}
