"""What the exporter makes of tables that are rewound or replaced, and of servers that refuse.

Prints a line for each case; ends with 1 where one is not as it should be.
"""

import argparse
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.request

import postgres_cluster as postgres
from postgres_writers import Exporter, prepare

# Parts of a password that libpq takes for an address are easily shown.
WRONG, RIGHT = "TOPSEC%zzRET@x", "GOODONE%zzPASS@y"


class Faults:
    def __init__(self, binary: str):
        self.binary = binary
        self.failures = 0
        self.cluster = postgres.Cluster()
        self.cluster.sql("CREATE ROLE reflexive LOGIN")
        self.exporter = None

    def begin(self, rows: int = 50):
        """A new table with rows, and an exporter that has read them."""
        if self.exporter:
            self.exporter.stop()
        prepare(self.cluster, self.binary, "")
        self.cluster.sql("GRANT SELECT ON SEQUENCE evidence_id_seq TO reflexive")
        self.add(rows)
        self.exporter = Exporter(self.binary, self.cluster.port)
        self.wait(lambda: self.exporter.rows() == rows)

    def add(self, rows: int, cluster: "postgres.Cluster | None" = None):
        (cluster or self.cluster).sql(
            "INSERT INTO evidence (event, payload) SELECT 'metacognitive_agent_execution', "
            "json_build_object('agent', 'a' || i, 'output_quality', random())::text "
            f"FROM generate_series(1, {rows}) i")

    def wait(self, holds, seconds: float = 25) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if holds():
                    return True
            except OSError:
                pass
            time.sleep(0.2)
        return False

    def resets(self) -> dict:
        found = {}
        for line in self.exporter.page().split("\n"):
            if line.startswith("reflexive_store_resets_total{") and not line.endswith(" 0"):
                found[line.split('reason="')[1].split('"')[0]] = float(line.split()[-1])
        return found

    def kinds(self) -> set:
        return {
            line.split('kind="')[1].split('"')[0] for line in self.exporter.page().split("\n")
            if line.startswith("reflexive_store_read_errors_total{") and not line.endswith(" 0")}

    def expect(self, name: str, rows: int, reset: "str | None"):
        wanted = {reset: 1.0} if reset else {}
        is_right = self.wait(lambda: self.exporter.rows() == rows and self.resets() == wanted)
        time.sleep(0.5)
        self.say(name, is_right and self.resets() == wanted,
                 f"{self.exporter.rows()} rows, resets {self.resets()}")

    def say(self, name: str, is_right: bool, found: str):
        self.failures += not is_right
        print(f"{name}: {found}" + ("" if is_right else f"; WRONG\n{self.exporter.text()[-1500:]}"),
              flush=True)

    def tables(self):
        self.begin()
        self.cluster.sql("DELETE FROM evidence WHERE id <= 45")
        self.cluster.sql("VACUUM FULL evidence")
        self.add(10)
        self.expect("pruned, and VACUUM FULL", 60, None)
        self.cluster.sql("TRUNCATE evidence")
        self.add(10)
        self.expect("TRUNCATE, where ids go on", 70, None)
        self.cluster.sql("TRUNCATE evidence RESTART IDENTITY")
        self.add(5)
        self.expect("TRUNCATE RESTART IDENTITY", 5, "truncated")
        self.begin()
        prepare(self.cluster, self.binary, "")
        self.add(7)
        self.expect("another table of the same name", 7, "replaced")
        self.begin()
        self.cluster.sql("UPDATE evidence SET payload = '{}' WHERE id = 50")
        self.expect("a row that changed", 50, "recreated")
        self.begin()
        self.cluster.stop()
        self.cluster.start()
        self.add(3)
        self.expect("a restart of the server", 53, None)

    def failover(self):
        """A standby that has not got the latest rows takes the place of the primary."""
        self.begin(100)
        standby = postgres.Cluster("standby", source=self.cluster)
        try:
            self.wait(lambda: standby.sql("SELECT count(*) FROM evidence") == "100")
            standby.stop()
            self.add(80)
            self.wait(lambda: self.exporter.rows() == 180)
            self.cluster.stop("immediate")
            standby.port = self.cluster.port
            standby.start()
            standby.promote()
            self.add(120, standby)
            expected = int(standby.sql("SELECT count(*) FROM evidence"))
            self.expect("a failover that lost 80 rows, whose ids are used again", expected, "truncated")
            self.exporter.stop()
        finally:
            standby.close()
            self.cluster.start()

    def refusals(self):
        cluster = self.cluster
        self.begin(5)
        self.exporter.stop()
        for name, kind, exporter in [
            ("a database that is not there", "missing",
             lambda: Exporter(self.binary, cluster.port, database="nowhere")),
            ("a table that is not there", "schema",
             lambda: Exporter(self.binary, cluster.port, ", table: nothing")),
        ]:
            self.exporter = exporter()
            self.say(name, self.wait(lambda: self.kinds() == {kind}), f"{self.kinds()}")
            self.exporter.stop()
        self.exporter = Exporter(self.binary, postgres.free_port())
        self.say("nobody listens", self.wait(lambda: self.kinds() == {"missing"}), f"{self.kinds()}")
        self.exporter.stop()
        cluster.sql("REVOKE ALL ON evidence FROM reflexive")
        cluster.sql("REVOKE SELECT (id, event, payload, ts) ON evidence FROM reflexive")
        self.exporter = Exporter(self.binary, cluster.port)
        self.say("no right to the columns", self.wait(lambda: self.kinds() == {"permission"}),
                 f"{self.kinds()}")
        cluster.sql("GRANT SELECT (id, event, payload, ts) ON evidence TO reflexive")
        self.wait(lambda: self.exporter.rows() == 5)
        self.say("the right is given", self.exporter.rows() == 5, f"{self.exporter.rows()} rows")
        cluster.sql("ALTER ROLE reflexive SET lock_timeout = '250ms'")
        self.exporter.stop()
        self.exporter.start()
        self.wait(lambda: self.exporter.rows() == 5)
        holder = subprocess.Popen(cluster.psql(), stdin=subprocess.PIPE, text=True)
        holder.stdin.write("BEGIN; LOCK TABLE evidence; SELECT pg_sleep(3); COMMIT;\n")
        holder.stdin.close()
        is_right = self.wait(lambda: "locked" in self.kinds(), 4)
        holder.wait()
        self.add(1)
        is_right = is_right and self.wait(lambda: self.exporter.rows() == 6)
        self.say("a lock on the table", is_right, f"{self.kinds()}, {self.exporter.rows()} rows")
        self.password()
        self.silence()

    def password(self):
        """A password, wrong or right, is in no log, label, page, argument or message of an error."""
        self.exporter.stop()
        self.cluster.sql(f"ALTER ROLE reflexive PASSWORD '{RIGHT}'")
        access = self.cluster.data / "pg_hba.conf"
        was = access.read_text()
        access.write_text("host agents reflexive 127.0.0.1/32 scram-sha-256\n" + was)
        self.cluster.sql("SELECT pg_reload_conf()")
        secret = self.exporter.directory / "secret"
        secret.write_text(WRONG + "\n")
        self.exporter = Exporter(self.binary, self.cluster.port, f", password_file: {secret}")
        is_right = self.wait(lambda: self.kinds() == {"permission"})
        shown = self.shown()
        secret.write_text(RIGHT + "\n")
        is_right = is_right and self.wait(lambda: self.exporter.rows() == 6, 40)
        shown += self.shown()
        # What a process that ends by a fault of its own says of its memory.
        # Swift's runtime writes a backtrace for the first signal, and lets the process go on.
        while self.exporter.process.poll() is None:
            self.exporter.process.send_signal(signal.SIGABRT)
            time.sleep(0.2)
        shown += self.exporter.text()
        leaks = [part for part in ("TOPSEC", "zzRET", "GOODONE", "zzPASS") if part in shown]
        self.say("a wrong password, and then the right one", is_right and not leaks and "28P01" in shown,
                 f"shown: {leaks or 'nowhere'}")
        self.exporter.start()
        self.wait(lambda: self.exporter.rows() == 6)
        access.write_text(was)
        self.cluster.sql("SELECT pg_reload_conf()")

    def shown(self) -> str:
        """All that the exporter and its commands say now."""
        pages = [
            urllib.request.urlopen(self.exporter.url.replace("/metrics", page)).read().decode()
            for page in ("/metrics", "/", "/status", "/api/v1/stores")]
        commands = [
            subprocess.run([self.binary, command, "--config.file", self.exporter.configuration],
                           capture_output=True, text=True)
            for command in ("check-config", "check")]
        said = [done.stdout + done.stderr for done in commands]
        arguments = pathlib.Path(f"/proc/{self.exporter.process.pid}/cmdline").read_text()
        return "".join([*pages, *said, arguments, self.exporter.text()])

    def silence(self):
        """A server that does not answer holds up no scrape, and is read again when it does."""
        pids = [
            int(line) for line in self.cluster.sql(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'reflexive'").split()]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        is_down = self.wait(lambda: self.exporter.sum("reflexive_store_up") == 0, 15)
        start = time.monotonic()
        self.exporter.page()
        took = time.monotonic() - start
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        is_up = self.wait(lambda: self.exporter.sum("reflexive_store_up") == 1)
        self.say("a server that does not answer", is_down and is_up and took < 1,
                 f"down {is_down}, up again {is_up}, scrape {'in time' if took < 1 else took}")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--binary", required=True)
    faults = Faults(options.parse_args().binary)
    try:
        faults.tables()
        faults.refusals()
        faults.failover()
    finally:
        if faults.exporter:
            faults.exporter.stop()
        faults.cluster.close()
    return 1 if faults.failures else 0


if __name__ == "__main__":
    sys.exit(main())
