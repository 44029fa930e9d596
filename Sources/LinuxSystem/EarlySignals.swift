import CLinux
import Glibc

/// Signals that arrive before a service of the daemon traps them.
///
/// By their default action, SIGHUP, SIGTERM and SIGINT would end the process: a reload of a unit that
/// has just started would stop it for good. A trap replaces these handlers, with no moment between.
/// To block the signals is no way: libdispatch waits on the main thread with none blocked.
package enum EarlySignals {
  /// Notes the signals from now on. Call it before anything that takes time.
  package static func note() { linux_note_signals() }

  /// Gives the signals their default action, for commands that are no daemon.
  package static func restore() { linux_restore_signals() }

  /// Lets SIGTERM and SIGINT end the process with exit code 0, for a daemon that has nothing to clean
  /// up yet. A configuration that is a pipe may block its start for any time.
  package static func exitOnTermination() { linux_exit_on_termination() }

  /// Whether a reload was asked for since this was last called. Ask once SIGHUP is trapped.
  package static func takeHangup() -> Bool { linux_take_noted_signal(SIGHUP) }

  /// Whether the end was asked for since this was last called. Ask once SIGTERM and SIGINT are trapped.
  package static func takeTermination() -> Bool {
    let (terminated, interrupted) = (
      linux_take_noted_signal(SIGTERM), linux_take_noted_signal(SIGINT)
    )
    return terminated || interrupted
  }
}
