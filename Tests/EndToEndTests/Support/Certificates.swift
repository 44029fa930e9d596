import Foundation

/// Certificates and keys for one test, made by openssl.
struct Certificates {
  let directory: ScratchDirectory

  init(in directory: ScratchDirectory) { self.directory = directory }

  func path(_ name: String) -> String { directory.file(name) }

  /// Makes `NAME.pem` and `NAME.key`, which signs itself.
  func makeAuthority(_ name: String) throws {
    try openssl(
      ["req", "-x509", "-days", "2", "-subj", "/CN=\(name)", "-out", path("\(name).pem")]
        + newKey(name))
  }

  /// Makes `NAME.pem` and `NAME.key`.
  ///
  /// - Parameters:
  ///   - authority: who signs it.
  ///   - names: the subject alternative names, as openssl writes them.
  ///   - days: how long it is valid; before 0 for one that has expired.
  ///   - isRSA: with a key of RSA; else of ECDSA.
  func make(
    _ name: String, by authority: String = "ca", names: String = "IP:127.0.0.1", days: Int = 2,
    isRSA: Bool = false
  ) throws {
    try openssl(
      [
        "req", "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(names)", "-out",
        path("\(name).csr"),
      ] + newKey(name, isRSA: isRSA))
    try openssl([
      "x509", "-req", "-in", path("\(name).csr"), "-CA", path("\(authority).pem"), "-CAkey",
      path("\(authority).key"), "-CAcreateserial", "-days", String(days), "-copy_extensions",
      "copy", "-out", path("\(name).pem"),
    ])
  }

  private func newKey(_ name: String, isRSA: Bool = false) -> [String] {
    (isRSA
      ? ["-newkey", "rsa:2048"] : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
      + ["-nodes", "-keyout", path("\(name).key")]
  }

  private func openssl(_ arguments: [String]) throws {
    let tool = try Tool.run("openssl", arguments)
    guard tool.status == 0 else { throw Failure(tool.errors) }
  }

  /// The options with which curl trusts the authority, and shows a certificate.
  func curl(trusting authority: String = "ca", showing client: String? = nil) -> [String] {
    let shown = client.map { ["--cert", path("\($0).pem"), "--key", path("\($0).key")] } ?? []
    return ["--cacert", path("\(authority).pem")] + shown
  }
}
