package import ReflexiveCore

/// The checked rows of one push, to be written all or not at all.
package struct ReceivedBatch: Sendable {
  /// A row, with its texts as ranges of ``ReceivedBatch/bytes``.
  package struct Row: Hashable, Sendable {
    package var payload: ByteRange
    package var event: ByteRange
    /// The value for each of the time columns that the table has.
    package var time: UnixTime

    package init(payload: ByteRange, event: ByteRange, time: UnixTime) {
      self.payload = payload
      self.event = event
      self.time = time
    }
  }

  package var bytes: [UInt8]
  package var rows: [Row]
  /// The key by which a repeated push is recognised; `nil` for one that is always new.
  package var key: ReceivedKey?
  /// What the answer says besides the ids. It is kept with the key.
  package var remark: ReceivedRemark?

  package init(
    bytes: [UInt8], rows: [Row], key: ReceivedKey? = nil, remark: ReceivedRemark? = nil
  ) {
    self.bytes = bytes
    self.rows = rows
    self.key = key
    self.remark = remark
  }
}

/// The key of a push: the client's, or a digest of the body.
package struct ReceivedKey: Hashable, Sendable {
  package var name: [UInt8]
  /// The digest of the body. Two pushes with the same key are the same if their digests are.
  package var bodyDigest: [UInt8]

  package init(name: [UInt8], bodyDigest: [UInt8]) {
    self.name = name
    self.bodyDigest = bodyDigest
  }
}

/// The remark of an answer on records that did not become rows.
package struct ReceivedRemark: Hashable, Sendable {
  package var rejected: Int
  package var message: String

  package init(rejected: Int, message: String) {
    self.rejected = rejected
    self.message = message
  }
}

/// What was written for one push, now or before.
package struct ReceivedReceipt: Hashable, Sendable {
  /// The ids of the first and the last row; `nil` for a push without rows.
  package var ids: ClosedRange<Int64>?
  package var rows: Int
  package var remark: ReceivedRemark?

  package init(ids: ClosedRange<Int64>?, rows: Int, remark: ReceivedRemark? = nil) {
    self.ids = ids
    self.rows = rows
    self.remark = remark
  }
}

/// The outcome of one push.
package enum ReceivedOutcome: Hashable, Sendable {
  case written(ReceivedReceipt)
  /// The push was written before.
  case replayed(ReceivedReceipt)
  /// The key belongs to another body.
  case keyTaken
  /// A constraint or a trigger of the table refuses one of its rows, or drops it.
  case refused(String)
}

/// The reason why nothing could be written.
package struct ReceiveError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    case locked, missing, full, readOnly
    /// The table refuses a row.
    case refused
    case other
  }

  package var kind: Kind
  /// The message, with the path.
  package var description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
