import Following
import ReflexiveCore

/// The filter of a list of rows, as a form. Its fields are named as the parameters.
struct EvidenceForm: Sendable {
  let input: PageInput
  let store: StoreReport
  let parameters: EvidenceParameters

  var html: HTML {
    Tag.details {
      Tag.summary { summary }
      Tag.form(.method("get"), .action(input.context.link("/evidence"))) {
        storeField
        field("event", "Event", hint: LabelValue.execution.text)
        field("agent", "Agent")
        field("gate", "Gate")
        field("subject", "Subject of RMM")
        field("score_min", "Score from", hint: "0")
        field("score_max", "Score up to", hint: "0.6")
        field("consistency_min", "Consistency from")
        field("consistency_max", "Consistency up to")
        field("rmm_min", "RMM from")
        field("rmm_max", "RMM up to")
        field("since", "Time after", hint: "1h, or 2026-11-25T08:00:00Z")
        field("until", "Time up to", hint: "2026-11-25T09:00:00Z")
        rejectedField
        limitField
        Tag.div { Tag.button(.type("submit")) { "Show rows" } }
      }
    }
  }

  /// Closed, so that on a small screen the rows are what is seen first.
  private var summary: String {
    let shown = parameters.filterPairs.filter { $0.name != "since" && $0.name != "until" }
    let pairs = shown.map { "\($0.name) \(visible($0.value))" }.joined(separator: ", ")
    return pairs.isEmpty ? "Filter" : "Filter: \(pairs)"
  }

  private var storeField: HTML {
    guard input.stores.count > 1 else {
      return Tag.input(.type("hidden"), .name("store"), .value(store.name))
    }
    return choice(
      "store", "Store",
      input.stores.map { ($0.store.name, visible($0.store.name)) }, chosen: store.name)
  }

  private var rejectedField: HTML {
    choice(
      "rejected", "Rejected",
      [("", "rejected or not"), ("any", "rejected, for any reason")]
        + Rejection.allCases.map { ($0.rawValue, $0.rawValue) },
      chosen: input.parameters["rejected"] ?? "")
  }

  private var limitField: HTML {
    let chosen = String(parameters.request.limit)
    let standard = ["20", "50", "200", "1000"]
    let limits = standard.contains(chosen) ? standard : [chosen] + standard
    return choice("limit", "Rows per page", limits.map { ($0, $0) }, chosen: chosen)
  }

  private func field(_ name: String, _ title: String, hint: String? = nil) -> HTML {
    Tag.div {
      Tag.label(.for("filter-\(name)")) { title }
      Tag.input(
        .id("filter-\(name)"), .name(name), .type("text"), .autocomplete("off"),
        .value(input.parameters[name] ?? ""), hint.map { .placeholder($0) })
    }
  }

  private func choice(
    _ name: String, _ title: String, _ choices: [(value: String, title: String)], chosen: String
  ) -> HTML {
    Tag.div {
      Tag.label(.for("filter-\(name)")) { title }
      Tag.select(.id("filter-\(name)"), .name(name)) {
        for choice in choices {
          Tag.option(.value(choice.value), choice.value == chosen ? .selected : nil) {
            choice.title
          }
        }
      }
    }
  }
}
