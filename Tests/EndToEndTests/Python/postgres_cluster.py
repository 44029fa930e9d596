"""A PostgreSQL cluster of its own, on a free port and under its own user, and a pgbouncer before it."""

import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile

# A test runner blocks signals, and what it starts blocks them, too: pgbench would never end.
signal.pthread_sigmask(signal.SIG_SETMASK, [])

BIN = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(*words) -> list[str]:
    """PostgreSQL does not run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return prefix + [str(word) for word in words]


def run(*words) -> str:
    done = subprocess.run(command(*words), capture_output=True, text=True, cwd="/")
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]}: {done.stdout}{done.stderr}")
    return done.stdout


class Cluster:
    """A server with the database agents; trusts everybody who asks from this machine."""

    def __init__(self, name: str = "primary", source: "Cluster | None" = None):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix=f"reflexive-{name}-"))
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.directory, user.pw_uid, user.pw_gid)
        self.data = self.directory / "data"
        self.port = free_port()
        if source:
            run(BIN / "pg_basebackup", "-R", "-D", self.data, "-h", "127.0.0.1", "-p", source.port,
                "-U", "owner", "-c", "fast")
        else:
            run(BIN / "initdb", "-D", self.data, "-A", "trust", "-U", "owner", "-E", "UTF8",
                "--locale", "C.UTF-8")
        self.start()
        if not source:
            self.sql("CREATE DATABASE agents", database="postgres")

    def start(self):
        options = (
            f"-c port={self.port} -c listen_addresses=127.0.0.1 -c fsync=off "
            f"-c unix_socket_directories={self.directory} -c max_connections=100 "
            "-c max_prepared_transactions=50")
        run(BIN / "pg_ctl", "-D", self.data, "-l", self.directory / "log", "-w", "-o", options, "start")

    def stop(self, mode: str = "fast"):
        run(BIN / "pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def promote(self):
        run(BIN / "pg_ctl", "-D", self.data, "-w", "promote")

    def psql(self, database: str = "agents", user: str = "owner") -> list[str]:
        return [str(BIN / "psql"), "-X", "-h", "127.0.0.1", "-p", str(self.port), "-U", user, "-d",
                database, "-v", "ON_ERROR_STOP=1", "-qAt"]

    def sql(self, text: str, database: str = "agents", user: str = "owner") -> str:
        done = subprocess.run(self.psql(database, user), input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def close(self):
        try:
            self.stop("immediate")
        except RuntimeError:
            pass
        shutil.rmtree(self.directory, ignore_errors=True)


class Bouncer:
    """A pgbouncer in transaction mode."""

    def __init__(self, cluster: Cluster):
        self.port = free_port()
        self.directory = cluster.directory
        path = self.directory / "pgbouncer.ini"
        path.write_text(
            f"[databases]\nagents = host=127.0.0.1 port={cluster.port} dbname=agents\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nauth_type = any\n"
            f"pool_mode = transaction\nunix_socket_dir =\nlogfile = {self.directory}/bouncer.log\n"
            f"[users]\n")
        text = path.read_text().replace("dbname=agents\n", "dbname=agents user=reflexive\n")
        path.write_text(text)
        self.process = subprocess.Popen(
            command("pgbouncer", "-q", path), cwd="/", stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def close(self):
        self.process.terminate()
        self.process.wait()
