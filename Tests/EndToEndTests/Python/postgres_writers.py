"""Writers that commit in another order than their ids have: every row of theirs has to count once.

Prints a line for each profile; ends with 1 where `reflexive_evidence_rows_total` is not `count(*)`.
"""

import argparse
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import postgres_cluster as postgres

INSERT = ("INSERT INTO evidence (event, payload) VALUES ('metacognitive_agent_execution', "
          "'{\"agent\": \"agent :client_id\", \"output_quality\": 0.8}');\n")
WITH_ID = INSERT.replace("(event, payload) VALUES (", "(id, event, payload) VALUES (:id, ")
WAIT = "\\set wait random(0, 200)\n\\sleep :wait ms\n"
END = "\\set fate random(1, 10)\n\\if :fate = 1\nROLLBACK;\n\\else\nCOMMIT;\n\\endif\n"

# What is done before, and what each writer does again and again.
PROFILES = {
    "plain": ("", "BEGIN;\n" + INSERT + WAIT + END),
    "savepoint": ("", "BEGIN;\nSAVEPOINT s;\n" + INSERT + "RELEASE s;\n" + WAIT + END),
    "trigger": (
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_sleep(random() * 0.1); RETURN NEW; END $$;\n"
        "CREATE TRIGGER wait BEFORE INSERT ON evidence FOR EACH ROW EXECUTE FUNCTION wait();",
        INSERT),
    "cache": ("ALTER TABLE evidence ALTER id SET CACHE 20;", "BEGIN;\n" + INSERT + WAIT + END),
    "hilo": ("", "SELECT nextval('evidence_id_seq') AS id \\gset\n" + WAIT + WITH_ID),
    "prepared": (
        "", "BEGIN;\n" + INSERT + "PREPARE TRANSACTION 'writer :client_id';\n" + WAIT
        + "COMMIT PREPARED 'writer :client_id';\n"),
    "jump": (
        "", "\\set n :n + 1\n\\set id 1000000000 + 10000000 * (:client_id * 7 % 16) + :n\nBEGIN;\n"
        + WITH_ID + WAIT + "COMMIT;\n"),
    "autocommit": ("", INSERT + "\\sleep 20 ms\n"),
}


class Exporter:
    def __init__(self, binary: str, port: int, more: str = "", database: str = "agents",
                 host: str = "127.0.0.1"):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="reflexive-exporter-"))
        self.configuration = self.directory / "exporter.yml"
        self.configuration.write_text(
            "stores:\n  - name: prod\n    postgresql: {host: %s, port: %d, database: %s, "
            "user: reflexive%s}\n" % (host, port, database, more))
        self.binary = binary
        self.start()

    def start(self):
        self.log = open(self.directory / "log", "w+")
        self.process = subprocess.Popen(
            [self.binary, "serve", "--config.file", self.configuration, "--state.path",
             self.directory, "--web.listen-address", "127.0.0.1:0"], stderr=self.log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = re.search(r"msg=listening url=(\S+)", self.text())
            if found:
                self.url = found[1]
                return
            time.sleep(0.05)
        raise RuntimeError(self.text())

    def text(self) -> str:
        return (self.directory / "log").read_text()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)

    def page(self) -> str:
        return urllib.request.urlopen(self.url, timeout=10).read().decode()

    def sum(self, family: str) -> int:
        values = re.findall(rf"^{family}(?:\{{.*\}})? (\S+)$", self.page(), re.MULTILINE)
        return int(sum(float(value) for value in values))

    def rows(self) -> int:
        return self.sum("reflexive_evidence_rows_total")


def prepare(cluster: postgres.Cluster, binary: str, before: str):
    """A new table, and a role with the right to read four of its columns alone."""
    sql = subprocess.run([binary, "init", "--postgresql"], capture_output=True, text=True, check=True)
    kept = [
        line for line in sql.stdout.split("\n")
        if "ROLE" not in line and "SEQUENCE" not in line]
    cluster.sql("DROP TABLE IF EXISTS evidence CASCADE; DROP FUNCTION IF EXISTS wait;")
    cluster.sql("\n".join(kept) + before)


def writers(cluster: postgres.Cluster, script: str, seconds: int, count: int):
    path = cluster.directory / "writer.sql"
    path.write_text(script)
    return subprocess.Popen(
        [str(postgres.BIN / "pgbench"), "-n", "-M", "simple", "-h", "127.0.0.1", "-p",
         str(cluster.port), "-U", "owner", "-c", str(count), "-j", "2", "-T", str(seconds), "-D", "n=0",
         "-f", str(path), "agents"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def settle(exporter: Exporter, expected: int) -> int:
    deadline = time.monotonic() + 90
    while exporter.rows() != expected and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(0.5)
    return exporter.rows()


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--binary", required=True)
    options.add_argument("--seconds", type=int, default=4)
    options.add_argument("--profiles", nargs="+", default=list(PROFILES))
    options.add_argument("--through", choices=["primary", "standby", "pgbouncer"], default="primary")
    options.add_argument("--kill", action="store_true", help="kill -9 the exporter again and again")
    options.add_argument("--writers", type=int, default=16)
    chosen = options.parse_args()
    cluster = postgres.Cluster()
    others = []
    failures = 0
    try:
        cluster.sql("CREATE ROLE reflexive LOGIN")
        port = cluster.port
        if chosen.through == "standby":
            standby = postgres.Cluster("standby", source=cluster)
            others.append(standby)
            port = standby.port
        elif chosen.through == "pgbouncer":
            bouncer = postgres.Bouncer(cluster)
            others.append(bouncer)
            port = bouncer.port
        for profile in chosen.profiles:
            before, script = PROFILES[profile]
            prepare(cluster, chosen.binary, before)
            exporter = Exporter(chosen.binary, port)
            work = writers(cluster, script, chosen.seconds, chosen.writers)
            kills = 0
            while work.poll() is None:
                time.sleep(1.3)
                if chosen.kill:
                    exporter.kill()
                    exporter.start()
                    kills += 1
            expected = int(cluster.sql("SELECT count(*) FROM evidence"))
            counted = settle(exporter, expected)
            late = exporter.sum("reflexive_store_late_rows_total")
            resets = exporter.sum("reflexive_store_resets_total")
            log = exporter.text()
            code = exporter.stop()
            isRight = counted == expected > 0 and resets == 0 and code == 0
            failures += not isRight
            print(f"{profile}: {expected} committed, {counted} counted, {late} late, {kills} kills"
                  + ("" if isRight else f", WRONG: {resets} resets, exit code {code}; {log}"
                     + work.stderr.read()), flush=True)
    finally:
        for other in others:
            other.close()
        cluster.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
