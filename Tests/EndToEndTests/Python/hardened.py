"""Runs the exporter as systemd would run a unit, on a machine without systemd.

usage: /usr/bin/python3 hardened.py UNIT EXPORTER DIRECTORY [ARGUMENT...]

Needs root, systemd-analyze and libseccomp's Python module. The exporter sees `evidence`
and `config.yml` of DIRECTORY, which it can only read, and `state`, which is its state directory. All
three and the binary are in a private /tmp. The arguments in ExecStart are kept.

Not done: ProtectHome (a toolchain's libraries may be there), cgroups, and settings whose system
calls the filter refuses anyway. Source of what each setting does: systemd.exec(5).
"""

import ctypes
import errno
import os
import resource
import shlex
import subprocess
import sys

import seccomp

# A user that nobody has, as DynamicUser= takes one.
USER = 61234
LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
NAMESPACES = 0x7E020080
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24
PROT_WRITE_EXEC, PROT_EXEC, SHM_EXEC = 0x6, 0x4, 0o100000
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16}
PLACES = {"exporter": "/tmp/exporter", "evidence": "/tmp/evidence", "config": "/tmp/config.yml",
          "state": "/tmp/state"}


def settings_of(unit):
    """Each setting's values, in their order."""
    settings = {}
    for line in open(unit):
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            settings.setdefault(name, []).append(value)
    return settings


def call(function, *arguments):
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{function.__name__}{arguments}")


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def build_file_system(exporter, directory):
    """ProtectSystem=strict, PrivateTmp, PrivateDevices, ProcSubset=pid and ProtectProc=invisible."""
    sources = {"exporter": exporter, "evidence": directory + "/evidence",
               "config": directory + "/config.yml", "state": directory + "/state"}
    call(LIBC.unshare, CLONE_NEWNS)
    held = {name: os.open(path, os.O_PATH) for name, path in sources.items()}
    mount("--make-rprivate", "/")
    points = [line.split()[4] for line in open("/proc/self/mountinfo")]
    for point in points:
        # A mount that is hidden below a later mount cannot be reached, and need not be.
        subprocess.run(["mount", "-o", "remount,bind,ro", point], stderr=subprocess.DEVNULL)
    mount("-t", "tmpfs", "tmpfs", "/var/tmp")
    mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/tmp")
    for name, place in PLACES.items():
        if name in ("evidence", "state"):
            os.mkdir(place)
        else:
            open(place, "w").close()
        subprocess.run(["mount", "--bind", f"/proc/self/fd/{held[name]}", place], check=True,
                       pass_fds=list(held.values()))
        mount("-o", "remount,bind," + ("rw" if name == "state" else "ro"), place)
    devices = {name: os.open("/dev/" + name, os.O_PATH) for name in ("null", "zero", "urandom")}
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/dev")
    for name, descriptor in devices.items():
        open("/dev/" + name, "w").close()
        subprocess.run(["mount", "--bind", f"/proc/self/fd/{descriptor}", "/dev/" + name],
                       check=True, pass_fds=[descriptor])
    mount("-t", "proc", "-o", "subset=pid,hidepid=invisible", "proc", "/proc")
    os.chdir("/")


def become(user, groups):
    """User=, PrivateUsers=, CapabilityBoundingSet=, AmbientCapabilities= and NoNewPrivileges=."""
    os.setgroups(groups)
    maps = f"0 0 1\n{user} {user} 1\n"
    asked, ask = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.read(asked, 1)
        for name in ("uid_map", "gid_map"):
            with open(f"/proc/{parent}/{name}", "w") as file:
                file.write(maps)
        os._exit(0)
    call(LIBC.unshare, CLONE_NEWUSER)
    os.write(ask, b"!")
    if os.waitpid(child, 0)[1] != 0:
        sys.exit("the users cannot be mapped")
    last = int(open("/proc/self/status").read().split("CapBnd:\t")[1].split()[0], 16).bit_length()
    os.setresgid(user, user, user)
    for capability in range(last):
        call(LIBC.prctl, PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setresuid(user, user, user)
    call(LIBC.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def calls_in(group):
    """The system calls of a group, as systemd on this machine lists them."""
    if not group.startswith("@"):
        return {group}
    shown = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", group], check=True,
                           capture_output=True, text=True, env={"PATH": os.environ["PATH"]}).stdout
    lines = [line.strip() for line in shown.splitlines()[1:]]
    return set().union(*(calls_in(line) for line in lines if line and not line.startswith("#")))


def allowed_calls(values):
    """SystemCallFilter=: the first line allows calls, one with a tilde removes some."""
    allowed = set()
    for value in values:
        calls = set().union(*(calls_in(word) for word in value.lstrip("~").split()))
        allowed = allowed - calls if value.startswith("~") else allowed | calls
    # What systemd itself needs to start the program: in @default.
    return allowed | calls_in("@default")


def refuse_special(families):
    """MemoryDenyWriteExecute=, RestrictNamespaces= and RestrictAddressFamilies=."""
    refused = seccomp.SyscallFilter(seccomp.ALLOW)
    denied = seccomp.ERRNO(errno.EPERM)

    def masked(argument, mask):
        return seccomp.Arg(argument, seccomp.MASKED_EQ, mask, mask)

    refused.add_rule(denied, "mmap", masked(2, PROT_WRITE_EXEC))
    refused.add_rule(denied, "mprotect", masked(2, PROT_EXEC))
    refused.add_rule(denied, "pkey_mprotect", masked(2, PROT_EXEC))
    refused.add_rule(denied, "shmat", masked(2, SHM_EXEC))
    refused.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    for bit in range(32):
        if NAMESPACES >> bit & 1:
            refused.add_rule(denied, "clone", masked(0, 1 << bit))
    for name in ("unshare", "setns"):
        refused.add_rule(denied, name)
    for family in set(range(64)) - {FAMILIES[name] for name in families}:
        refused.add_rule(seccomp.ERRNO(errno.EAFNOSUPPORT), "socket",
                         seccomp.Arg(0, seccomp.EQ, family))
    refused.load()


def allow_only(calls):
    filter = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    for name in sorted(calls):
        try:
            filter.add_rule(seccomp.ALLOW, name)
        except (RuntimeError, OSError, ValueError):
            pass  # A call of another processor, or one that this libseccomp does not know.
    filter.load()


def main(unit, exporter, directory, *more):
    settings = settings_of(unit)
    calls = allowed_calls(settings["SystemCallFilter"])
    families = settings["RestrictAddressFamilies"][0].split()
    command = shlex.split(settings["ExecStart"][0])
    command[0] = PLACES["exporter"]
    command[command.index("--config.file") + 1] = PLACES["config"]
    os.chown(directory + "/state", USER, USER)
    os.chmod(directory + "/state", int(settings["StateDirectoryMode"][0], 8))
    build_file_system(exporter, directory)
    files = min(int(settings["LimitNOFILE"][0]), resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    become(USER, [])
    os.umask(int(settings["UMask"][0], 8))
    refuse_special(families)
    allow_only(calls)
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "STATE_DIRECTORY": PLACES["state"]}
    os.execve(command[0], command + list(more), environment)


if __name__ == "__main__":
    main(*sys.argv[1:])
