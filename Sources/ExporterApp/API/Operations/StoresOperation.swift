import ConfigurationFiles
import Following
import HTTPTypes
import ReflexiveCore

extension APIRoutes {
  var stores: Operation {
    Operation(
      path: "/api/v1/stores", name: "getStores", summary: "The stores that are followed",
      parameters: [], contents: [.json("Stores")]
    ) { request throws(APIProblem) in
      let receiving = Set(request.configuration.receivingStores.map { LabelValue($0.path) })
      let stores = request.followed.map { store in
        store.state.snapshot(at: request.now)
          .json(receives: receiving.contains(LabelValue(store.path)))
      }
      return .content([JSON.Member("stores", .array(stores))], time: request.now)
    }
  }

  var indicators: Operation {
    Operation(
      path: "/api/v1/indicators", name: "getIndicators",
      summary: "The indicators of every agent, gate and subject",
      description: "The numbers of the metrics, except histograms.",
      parameters: [.store(isRequired: false, Self.storeOrAll)], contents: [.json("Indicators")],
      statuses: [.notFound]
    ) { request throws(APIProblem) in
      let stores = try request.stores().map { $0.state.snapshot(at: request.now).indicators }
      return .content([JSON.Member("stores", .array(stores))], time: request.now)
    }
  }

  static let storeOrAll = "The name of a store. All stores if it is left out."
}
