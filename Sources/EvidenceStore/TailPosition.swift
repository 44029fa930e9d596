import LinuxSystem
package import ReflexiveCore

/// The file that a tail reads, and how far it has read. This is enough to continue in another
/// process, and to tell whether the file is still the same.
package struct TailPosition: Hashable, Sendable {
  /// The last row that was read.
  struct Row: Hashable, Sendable {
    var id: Int64
    var fingerprint: RowFingerprint
  }

  var identity: FileIdentity
  var row: Row?
  /// The database file beneath the WAL; `nil` if it was read without one.
  var fileBeneathWAL: FileBeneathWAL?

  /// The id of the last row that was read; `nil` before the first.
  package var tailID: Int64? { row?.id }
}

extension TailPosition: BinaryFields {
  package static var blank: Self { Self(identity: .blank, row: nil, fileBeneathWAL: nil) }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&identity)
    try coder.code(&row)
    try coder.code(&fileBeneathWAL)
  }
}

extension TailPosition.Row: BinaryFields {
  static var blank: Self { Self(id: 0, fingerprint: .blank) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&id)
    try coder.code(&fingerprint)
  }
}

extension FileIdentity: BinaryFields {
  static var blank: Self { Self(device: 0, inode: 0, birth: nil) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&device)
    try coder.code(&inode)
    try coder.code(&birth)
  }
}
