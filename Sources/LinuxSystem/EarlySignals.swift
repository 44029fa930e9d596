import CLinux
import Glibc

/// Signals that arrive before a service of the daemon traps them.
///
/// By default, SIGHUP, SIGTERM and SIGINT end the process, so the reload of a unit that has just
/// started would stop it for good. A trap replaces these handlers without a gap. To block the
/// signals does not help: libdispatch waits on the main thread with none blocked.
package enum EarlySignals {
  /// Records the signals from now on. Call it before anything that takes time.
  package static func note() { linux_note_signals() }

  /// Restores the default action of the signals, for all commands but the daemon.
  package static func restore() { linux_restore_signals() }

  /// Lets SIGTERM and SIGINT end the process with exit code 0, for a daemon that has nothing to
  /// clean up yet. Its start may block for any time if the configuration is a pipe.
  package static func exitOnTermination() { linux_exit_on_termination() }

  /// Whether a reload was requested since the last call. Ask once SIGHUP is trapped.
  package static func takeHangup() -> Bool { linux_take_noted_signal(SIGHUP) }

  /// Whether the end was requested since the last call. Ask once SIGTERM and SIGINT are trapped.
  package static func takeTermination() -> Bool {
    let (terminated, interrupted) = (
      linux_take_noted_signal(SIGTERM), linux_take_noted_signal(SIGINT)
    )
    return terminated || interrupted
  }
}
