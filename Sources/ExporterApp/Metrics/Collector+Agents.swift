import Exposition
import Following
import ReflexiveCore

extension Collector {
  static func agentFamilies(
    _ stores: [StoreSnapshot], withExemplars: Bool
  ) -> [MetricFamily] {
    [
      MetricFamily(.qsrScore, of: stores, each: \.agents) { store, agent, family in
        guard let scores = agent.scores else { return }
        family.append(
          [store, agent.name.text], Histogram(scores, withExemplars: withExemplars))
      },
      MetricFamily(.qsrLatestScore, of: stores, each: \.agents) { store, agent, family in
        family.append([store, agent.name.text], ifKnown: agent.latest)
      },
      MetricFamily(.qsrAverage, of: stores, each: \.agents) { store, agent, family in
        for average in agent.averages {
          family.append([store, agent.name.text, average.window], average.mean)
        }
      },
      MetricFamily(.qsrSamples, of: stores, each: \.agents) { store, agent, family in
        for average in agent.averages {
          family.append([store, agent.name.text, average.window], Double(average.samples))
        }
      },
      MetricFamily(.agentExecutions, of: stores, each: \.agents) { store, agent, family in
        family.append([store, agent.name.text], Double(agent.executions))
      },
      MetricFamily(.agentLastExecution, of: stores, each: \.agents) { store, agent, family in
        family.append([store, agent.name.text], ifKnown: agent.lastExecution?.seconds)
      },
      MetricFamily(.agentObjective, of: stores, each: \.agents) { store, agent, family in
        family.append([store, agent.name.text, "qsr"], agent.objective)
      },
    ]
  }

  static func storeQualityFamilies(_ stores: [StoreSnapshot]) -> [MetricFamily] {
    [
      MetricFamily(.storeQSRAverage, of: stores, each: \.averages) { store, average, family in
        family.append([store, average.window], average.mean)
      },
      MetricFamily(.storeQSRSamples, of: stores, each: \.averages) { store, average, family in
        family.append([store, average.window], Double(average.samples))
      },
    ]
  }
}

extension MetricDescriptor {
  fileprivate static let qsrScore = MetricDescriptor(
    "reflexive_qsr_score", help: "QSR scores of an agent's executions, from 0 to 1.",
    type: .histogram, labelNames: ["store", "agent"])
  fileprivate static let qsrLatestScore = MetricDescriptor(
    "reflexive_qsr_latest_score", help: "QSR score of the agent's latest scored execution.",
    type: .gauge, labelNames: ["store", "agent"])
  fileprivate static let qsrAverage = MetricDescriptor(
    "reflexive_qsr_average", help: "Mean QSR score of an agent's executions in the window.",
    type: .gauge, labelNames: ["store", "agent", "window"])
  fileprivate static let qsrSamples = MetricDescriptor(
    "reflexive_qsr_samples", help: "Number of scores in the agent's mean in the window.",
    type: .gauge, labelNames: ["store", "agent", "window"])
  fileprivate static let agentExecutions = MetricDescriptor(
    "reflexive_agent_executions_total", help: "Executions of the agent, scored or not.",
    type: .counter, labelNames: ["store", "agent"])
  fileprivate static let agentLastExecution = MetricDescriptor(
    "reflexive_agent_last_execution_timestamp_seconds",
    help: "Greatest evidence time of the agent's executions.", type: .gauge, unit: "seconds",
    labelNames: ["store", "agent"])
  fileprivate static let agentObjective = MetricDescriptor(
    "reflexive_agent_objective", help: "The limit in force for the agent.", type: .gauge,
    labelNames: ["store", "agent", "indicator"])
  fileprivate static let storeQSRAverage = MetricDescriptor(
    "reflexive_store_qsr_average", help: "Mean QSR score of all executions in the window.",
    type: .gauge, labelNames: ["store", "window"])
  fileprivate static let storeQSRSamples = MetricDescriptor(
    "reflexive_store_qsr_samples", help: "Number of scores in the store's mean in the window.",
    type: .gauge, labelNames: ["store", "window"])
}
