import FoundationEssentials
import ReflexiveCore

extension CheckReport {
  var jsonText: String {
    let document = Document(
      verdict: outcome.word, exitCode: exitCode,
      verdicts: verdicts.map { VerdictRecord($0.verdict) }, errors: errors)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Only a number that is not finite cannot be encoded, and no verdict has one.
    guard let data = try? encoder.encode(document) else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private struct Document: Encodable {
    var verdict: String
    var exitCode: Int32
    var verdicts: [VerdictRecord]
    var errors: [CheckError]

    enum CodingKeys: String, CodingKey {
      case verdict, verdicts, errors
      case exitCode = "exit_code"
    }
  }
}
