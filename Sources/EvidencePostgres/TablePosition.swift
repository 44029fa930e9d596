import EvidenceStore
package import ReadingOrder
package import ReflexiveCore

/// How far a table has been read: enough to go on in another process, and to tell whether it is still
/// the same.
package struct TablePosition: Hashable, Sendable {
  var identity: ServerIdentity
  /// With the ids of rows that were read and wait to be counted.
  package var unread: UnreadIDs
  var witnesses: Witnesses
  package var tailID: Int64?
  var lateRows: Int
}

extension TablePosition: BinaryFields {
  package static var blank: Self {
    Self(identity: .blank, unread: UnreadIDs(), witnesses: .blank, tailID: nil, lateRows: 0)
  }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&identity)
    try coder.code(&unread)
    try coder.code(&witnesses)
    try coder.code(&tailID)
    try coder.code(&lateRows)
  }
}
