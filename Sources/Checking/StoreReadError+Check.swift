import EvidenceStore

extension StoreReadError {
  func checkError(of store: CheckedStore) -> CheckError {
    CheckError(store: store.name, kind: kind.rawValue, reason: message)
  }
}
