extension APIRoutes {
  var document: Operation {
    Operation(
      path: "/api/v1/openapi.json", name: "getOpenAPI", summary: "This document", parameters: [],
      contents: [Operation.Content(mediaType: "application/json", schema: ["type": "object"])]
    ) { _ throws(APIProblem) in
      .content(OpenAPIDocument(self).members)
    }
  }
}
