import Foundation
import Testing

/// A file system of 64 KiB in the mount namespace of its own process: nobody else sees it, and it
/// ends with that process.
final class SmallDisk {
  /// Its path for commands that run ``inside``.
  let path: String
  private let holder = Process()

  init(_ scratch: ScratchDirectory) throws {
    path = scratch.file("disk")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let output = Pipe()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    holder.arguments = [
      "unshare", "--mount", "sh", "-ec",
      #"mount -t tmpfs -o size=64k tmpfs "$0"; echo mounted; exec sleep 600"#, path,
    ]
    holder.standardOutput = output
    try holder.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    try #require(line == "mounted\n")
  }

  deinit { if holder.isRunning { kill(holder.processIdentifier, SIGKILL) } }

  /// The start of a command that runs in the namespace with the disk.
  var inside: [String] {
    ["nsenter", "--mount=/proc/\(holder.processIdentifier)/ns/mnt"]
  }

  /// Writes until there is no room left.
  func fill() throws {
    let tool = try run(["dd", "if=/dev/zero", "of=\(path)/filler", "bs=4096"])
    try #require(tool.errors.contains("No space left"), "\(tool.errors)")
  }

  func free() throws { try #require(run(["rm", path + "/filler"]).status == 0) }

  func remount(_ option: String) throws {
    let tool = try run(["mount", "-o", "remount," + option, path])
    try #require(tool.status == 0, "\(tool.errors)")
  }

  func files() throws -> [String] {
    try run(["ls", "-A", path]).output.split(separator: "\n").map { String($0) }
  }

  private func run(_ command: [String]) throws -> Tool { try Tool.run("env", inside + command) }
}
