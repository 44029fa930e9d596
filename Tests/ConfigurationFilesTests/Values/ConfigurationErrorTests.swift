import Testing

@testable import ConfigurationFiles

struct ConfigurationErrorTests {
  @Test(arguments: [
    (
      "objectives:\n  qsr: 1.2\n",
      #"2:8: objectives.qsr: "1.2" is not allowed: expected a number from 0 to 1 with at most 9 decimals"#
    ),
    (
      "stores:\n  - path: a.db\n    objectives: { gates: { ResearchGate: { consistency: high } } }\n",
      #"3:57: stores[0].objectives.gates.ResearchGate.consistency: "high" is not allowed: expected a number from 0 to 1 with at most 9 decimals"#
    ),
    (
      "objectives: { agents: { \"a b\\n.c\": { qsr: [] } } }",
      #"1:43: objectives.agents["a b\n.c"].qsr: a list is not allowed: expected a number from 0 to 1 with at most 9 decimals"#
    ),
    (
      "objectives: { consistency_streak: 0 }",
      #"1:35: objectives.consistency_streak: "0" is not allowed: expected a whole number from 1 to 1000000"#
    ),
    (
      "retire_after: never",
      #"1:15: retire_after: "never" is not allowed: expected a duration from 1ms to 100y, such as 24h or 1h30m"#
    ),
    (
      "limits: { payload_bytes: 1MB }",
      #"1:26: limits.payload_bytes: "1MB" is not allowed: expected a size from 1KiB to 512MiB, such as 65536 or 1MiB"#
    ),
    (
      "windws: [1h]",
      #"1:1: windws: the key "windws" is not allowed: expected one of stores, objectives, windows, limits, retire_after, receiver; did you mean windows?"#
    ),
    (
      "objectives: { qrs: 1 }",
      #"1:15: objectives.qrs: the key "qrs" is not allowed: expected one of qsr, consistency, consistency_streak, threshold_staleness, rmm, min_samples, evidence_silence, drop, clarity, agents, gates, subjects; did you mean qsr?"#
    ),
    (
      "limits:\n  colour: red",
      #"2:3: limits.colour: the key "colour" is not allowed: expected one of label_values, payload_bytes"#
    ),
    (
      "- a\n",
      "1:1: a list is not allowed: expected a mapping with the keys stores, objectives, windows, limits, retire_after, receiver"
    ),
    ("stores: { path: a.db }", "1:9: stores: a mapping is not allowed: expected a list of stores"),
    (
      "stores: [a.db]",
      #"1:10: stores[0]: "a.db" is not allowed: expected a mapping with the keys path, postgresql, name, score_scale, receive, objectives"#
    ),
    (
      "stores: [{ name: a, receive: true, postgresql: { host: db, database: a } }]",
      #"1:30: stores[0].receive: "true" is not allowed: the store is in PostgreSQL: expected it beside the path of a file"#
    ),
    (
      "stores:\n  - name: a\n",
      "2:5: stores[0]: a store without path is not allowed: expected path, the path of a database file, or a glob such as /data/*.db, and no URI"
    ),
    (
      "stores:\n  - path: /d/*.db\n    receive: true\n",
      #"3:14: stores[0].receive: "true" is not allowed: "/d/*.db" is a glob: expected it beside a plain path"#
    ),
    (
      "stores: [{ path: a.db, receive: yes }]",
      #"1:33: stores[0].receive: "yes" is not allowed: expected true or false"#
    ),
    (
      "receiver: { otlp: { scores: [{ name: a, as: qsr }] } }",
      #"1:45: receiver.otlp.scores[0].as: "qsr" is not allowed: expected output_quality or rmm_score"#
    ),
    (
      "receiver: { otlp: { scores: [{ name: a, as: rmm_score }, { name: a, as: rmm_score }] } }",
      #"1:58: receiver.otlp.scores[1]: "a" is not allowed: it is in the list already: expected each name once"#
    ),
    (
      "receiver: { otlp: { scores: [{ as: rmm_score }] } }",
      #"1:30: receiver.otlp.scores[0]: a score without name is not allowed: expected name, that of an evaluation"#
    ),
    (
      "receiver: { queue_bytes: 1MiB }",
      #"1:26: receiver.queue_bytes: "1MiB" is not allowed: a body of receiver.max_bytes, 8388608 bytes, would never be taken: expected receiver.queue_bytes, 1048576 now, to be at least as large"#
    ),
    (
      "stores:\n  - path: /d/*.db\n    name: a\n",
      #"3:11: stores[0].name: "a" is not allowed: each file that the glob "/d/*.db" finds has its own: expected no name"#
    ),
    (
      "stores:\n  - path: /x/a.db\n  - path: /y/a.sqlite\n",
      #"3:5: stores[1]: "/y/a.sqlite" is not allowed: stores[0] on line 2 has the same name "a": expected a path and a name of its own"#
    ),
    (
      "stores:\n  - path: /x/a.db\n    name: b\n  - path: //x/./a.db\n",
      #"4:5: stores[1]: "/x/a.db" is not allowed: stores[0] on line 2 has the same path: expected a path and a name of its own"#
    ),
    (
      "stores: [{ path: /x/*.db }, { path: /x/*.db }]",
      #"1:29: stores[1]: "/x/*.db" is not allowed: stores[0] on line 1 has the same path: expected a path and a name of its own"#
    ),
    (
      "windows: [1h, 1h]",
      #"1:15: windows[1]: "1h" is not allowed: it is in the list already: expected each window once"#
    ),
    (
      "windows: [all]",
      #"1:11: windows[0]: "all" is not allowed: it is always served: expected the other windows"#
    ),
    (
      "windows: [1h, ~]",
      #"1:15: windows[1]: nothing is not allowed: expected a duration from 1ms to 10y, such as 24h or 1h30m"#
    ),
    (
      "windows: 1h",
      #"1:10: windows: "1h" is not allowed: expected a list of durations, such as [1h, 24h, 7d]"#
    ),
    (
      "windows: [1h,2h,3h,4h,5h,6h,7h,8h,9h,10h,11h]",
      "1:10: windows: a list of 11 is not allowed: expected at most 10 windows"
    ),
    (
      "objectives:\n  agents:\n    _other: { qsr: 1 }",
      #"3:5: objectives.agents._other: the name "_other" is not allowed: it always has the store's objectives: expected the name of an agent"#
    ),
    (
      "objectives: { gates: { '': { consistency: 1 } } }",
      #"1:24: objectives.gates[""]: the name "" is not allowed: expected 1 to 256 bytes of UTF-8"#
    ),
    (
      "objectives: { agents: [A] }",
      "1:23: objectives.agents: a list is not allowed: expected a mapping from the name of an agent to its objectives"
    ),
    (
      "objectives: { subjects: { S: 0.8 } }",
      #"1:30: objectives.subjects.S: "0.8" is not allowed: expected a mapping with the keys rmm"#
    ),
    (
      "objectives:\n  drop: true\n",
      #"2:9: objectives.drop: "true" is not allowed: expected false, or a mapping with the keys false_alarm_runs, tolerance, recovery_runs, normal_runs"#
    ),
    (
      "objectives: { drop: { false_alarm_runs: 99 } }",
      #"1:41: objectives.drop.false_alarm_runs: "99" is not allowed: expected a number from 100 to 1000000000"#
    ),
    (
      "stores: [{ path: a.db, objectives: { drop: { tolerance: 0.51 } } }]",
      #"1:57: stores[0].objectives.drop.tolerance: "0.51" is not allowed: expected a number from 0 to 0.5"#
    ),
    (
      "objectives: { drop: { recovery_runs: 1 } }",
      #"1:38: objectives.drop.recovery_runs: "1" is not allowed: expected a number from 2 to 1000000"#
    ),
    (
      "objectives: { drop: { normal_runs: 19 } }",
      #"1:36: objectives.drop.normal_runs: "19" is not allowed: expected a whole number from 20 to 1000000000"#
    ),
    (
      "objectives: { drop: { false_alarms_runs: 100 } }",
      #"1:23: objectives.drop.false_alarms_runs: the key "false_alarms_runs" is not allowed: expected one of false_alarm_runs, tolerance, recovery_runs, normal_runs; did you mean false_alarm_runs?"#
    ),
    (
      "windows: [1h\nlimits: {}",
      "2:7: not usable as YAML: did not find expected ',' or ']' (while parsing a flow sequence of line 1): expected one document without tags"
    ),
    (
      "limits: {}\nlimits: {}",
      #"2:1: not usable as YAML: the key "limits" is given twice, first on line 1: expected one document without tags"#
    ),
    (
      "<<: {}",
      #"1:1: ["<<"]: the key "<<" is not allowed: expected one of stores, objectives, windows, limits, retire_after, receiver"#
    ),
  ])
  func aMistakeIsNamedInOneLine(yaml: String, expected: String) {
    #expect(message(yaml) == "exporter.yml:\(expected)")
  }

  @Test(arguments: [
    "objectives: { qsr: -0.1 }", "objectives: { qsr: 1.0001 }", "objectives: { qsr: nan }",
    "objectives: { consistency: 2 }", "objectives: { consistency_streak: 1.5 }",
    "objectives: { consistency_streak: 1000001 }", "objectives: { consistency_streak: -1 }",
    "objectives: { threshold_staleness: 0s }", "objectives: { threshold_staleness: 24 }",
    "objectives: { threshold_staleness: 101y }", "objectives: { rmm: 75% }",
    "objectives: { rmm: {} }",
    "objectives: { min_samples: 0 }", "objectives: { min_samples: 1000001 }",
    "objectives: { evidence_silence: -1h }", "objectives: { evidence_silence: 1h1h }",
    "objectives: { clarity: 1.1 }",
    "objectives: { agents: { A: { rmm: 1 } } }", "objectives: { agents: { A: { qsr: 3 } } }",
    "objectives: { gates: { G: { qsr: 1 } } }",
    "objectives: { gates: { G: { consistency_streak: 0 } } }",
    "objectives: { gates: { G: { threshold_staleness: 0s } } }",
    "objectives: { gates: { G: { consistency: x } } }",
    "objectives: { subjects: { S: { rmm: 7 } } }",
    "objectives: { drop: [] }", "objectives: { drop: 1 }", "objectives: { drop: on }",
    "objectives: { drop: { false_alarm_runs: 1000000001 } }",
    "objectives: { drop: { tolerance: -0.01 } }", "objectives: { drop: { tolerance: true } }",
    "objectives: { drop: { recovery_runs: 1000001 } }",
    "objectives: { drop: { normal_runs: 1000000001 } }",
    "objectives: { drop: { normal_runs: 20.5 } }",
    "objectives: []", "objectives: 1", "windows: {}", "windows: [0s]", "windows: [11y]",
    "windows: [1]",
    "windows: [[1h]]", "limits: 5", "limits: { label_values: 0 }",
    "limits: { label_values: 100001 }",
    "limits: { payload_bytes: 1023 }", "limits: { payload_bytes: 513MiB }",
    "limits: { payload_bytes: {} }",
    "retire_after: 0s", "retire_after: []", "stores: a.db", "stores: [~]", "stores: [[]]",
    "stores: [{ path: '' }]", "stores: [{ path: / }]", "stores: [{ path: /data/ }]",
    "stores: [{ path: .. }]", "stores: [{ path: \"a\\0.db\" }]", "stores: [{ path: [a.db] }]",
    "stores: [{ path: \"a\\nb.db\" }]", "stores: [{ path: a.db, name: '' }]",
    "stores: [{ path: a.db, name: \"a\\tb\" }]", "stores: [{ path: a.db, name: [] }]",
    "stores: [{ path: a.db, score_scale: 0 }]", "stores: [{ path: a.db, score_scale: -1 }]",
    "stores: [{ path: a.db, score_scale: 1e400 }]",
    "stores: [{ path: a.db, objectives: { qsr: 2 } }]",
    "stores: [{ path: a.db, objectives: 1 }]", "stores: [{ path: a.db, windows: [1h] }]",
    "stores: [{ path: x/b.db, name: a }, { path: a.db }]", "text", "1",
  ])
  func eachOfTheseIsRefusedByPlaceValueAndWhatIsAllowed(yaml: String) {
    #expect(
      message(yaml).contains(/^exporter\.yml:\d+:\d+: ([^ ]+: )?.+ is not allowed: .*expected ./))
  }

  @Test(arguments: [
    "objectives: { qsr: 0 }", "objectives: { qsr: 1 }", "objectives: { qsr: \"0.6\" }",
    "objectives: { consistency_streak: 1000000, min_samples: 1000000, evidence_silence: 100y }",
    "objectives: { drop: { false_alarm_runs: 100, tolerance: 0, recovery_runs: 2, normal_runs: 20 } }",
    "objectives: { drop: { false_alarm_runs: 1e9, tolerance: 0.5, recovery_runs: 1e6 } }",
    "objectives: { drop: { normal_runs: 1000000000 } }",
    "windows: []", "windows: [10y, 1ms]", "windows: [1h,2h,3h,4h,5h,6h,7h,8h,9h,10h]",
    "limits: { label_values: 1, payload_bytes: 1024 }",
    "limits: { label_values: 100000, payload_bytes: 512MiB }",
    "stores: [{ path: \"a\\nb.db\", name: a }]", "stores: [{ path: a.db, score_scale: 1e-9 }]",
    "stores: [{ path: x/a.db }, { path: y/a.db, name: b }, { path: z/*.db }]",
    "stores: [{ path: '[a].db' }, { path: '\\[a\\].db' }]",
  ])
  func eachOfTheseIsAccepted(yaml: String) {
    #expect(message(yaml) == "no error")
  }

  @Test func namesMayHave256Bytes() {
    let name = String(repeating: "é", count: 128)
    for yaml in [
      "stores: [{ path: a.db, name: NAME }]", "objectives: { agents: { NAME: { qsr: 1 } } }",
    ] {
      let (before, after) = (yaml.prefix { $0 != "N" }, yaml.drop { $0 != "N" }.dropFirst(4))
      #expect(message("\(before)\(name)\(after)") == "no error")
      #expect(message("\(before)\(name)x\(after)").contains("256 bytes"))
    }
  }

  @Test func aLongOrHostileValueIsCutAndEscaped() {
    let long = String(repeating: "x", count: 81)
    #expect(message("retire_after: \(long.dropLast())").contains("\"\(long.dropLast())\" is not"))
    #expect(
      message("retire_after: \(long)")
        == "exporter.yml:1:15: retire_after: \"\(long.dropLast())…\" is not allowed: expected a duration from 1ms to 100y, such as 24h or 1h30m"
    )
    #expect(
      message("retire_after: \"\\e[31m\\u202e\\N\\r\\n\\\"\\\\\\u2028\"").hasPrefix(
        #"exporter.yml:1:15: retire_after: "\u{1b}[31m\u{202e}\u{85}\r\n\"\\\u{2028}" is not"#))
    #expect(
      message(yaml: Array("a: 1".utf8), file: "x\ny").hasPrefix(#"x\ny:1:1: a: the key "a" is not"#)
    )
  }

  @Test func aFileOverAMebibyteIsRefused() {
    let spaces = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)
    #expect(message(yaml: spaces) == "no error")
    #expect(
      message(yaml: spaces + spaces)
        == "exporter.yml:1:1: a file of more than 1048576 bytes is not allowed: expected at most 1048576"
    )
  }
}
