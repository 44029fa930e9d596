"""Servers and tables of other kinds: TLS, a database without an encoding, partitions, a view.

Prints a line for each case; ends with 1 where one is not as it should be.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import postgres_cluster as postgres
from postgres_writers import Exporter

INSERT = ("INSERT INTO evidence (event, payload) SELECT 'metacognitive_agent_execution', "
          "json_build_object('agent', 'a', 'output_quality', 0.5)::text FROM generate_series(1, {})")
COLUMNS = "event text NOT NULL, payload text NOT NULL, ts timestamptz NOT NULL DEFAULT clock_timestamp()"


def authority(directory: pathlib.Path, name: str) -> pathlib.Path:
    """A certificate authority of our own; returns its certificate."""
    openssl(directory, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.crt")
    return directory / f"{name}.crt"


def openssl(directory: pathlib.Path, *words: str):
    subprocess.run(["openssl", *words], cwd=directory, capture_output=True, check=True)


def use_tls(cluster: postgres.Cluster, authority: pathlib.Path):
    """Gives the server a certificate for the name localhost, and refuses connections without TLS."""
    directory, name = authority.parent, authority.stem
    (directory / "names").write_text("subjectAltName = DNS:localhost\n")
    openssl(directory, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout",
            "server.key", "-out", "server.csr")
    openssl(directory, "x509", "-req", "-in", "server.csr", "-CA", f"{name}.crt", "-CAkey", f"{name}.key",
            "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "server.crt")
    for suffix in ("crt", "key"):
        place = cluster.data / f"server.{suffix}"
        text = (directory / f"server.{suffix}").read_text()
        subprocess.run(postgres.command("sh", "-c", f"umask 077; cat > {place}"), input=text, text=True,
                       cwd="/", check=True)
    access = cluster.data / "pg_hba.conf"
    access.write_text("hostnossl agents reflexive all reject\n" + access.read_text())
    cluster.sql("ALTER SYSTEM SET ssl = on")
    cluster.sql("SELECT pg_reload_conf()")


class Kinds:
    def __init__(self, binary: str):
        self.binary = binary
        self.failures = 0
        self.cluster = postgres.Cluster()
        self.cluster.sql("CREATE ROLE reflexive LOGIN")

    def make(self, statements: str, database: str = "agents"):
        self.cluster.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public "
                         f"TO reflexive; {statements}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO "
                         "reflexive;", database)

    def follow(self, name: str, wanted: dict, change: str = "", then: "dict | None" = None,
               pause: float = 0, **place):
        """Starts an exporter, and a pause after it serves what is wanted, changes the table."""
        exporter = Exporter(self.binary, self.cluster.port, **place)
        try:
            found = self.wait(exporter, wanted)
            if found == wanted and then:
                time.sleep(pause)
                self.cluster.sql(change, place.get("database", "agents"))
                wanted, found = then, self.wait(exporter, then)
        finally:
            exporter.stop()
        self.failures += found != wanted
        print(f"{name}: {found}" + ("" if found == wanted else f", WRONG: not {wanted}\n{exporter.text()}"),
              flush=True)

    @staticmethod
    def wait(exporter: Exporter, wanted: dict) -> dict:
        deadline = time.monotonic() + 15
        while True:
            lines = exporter.page().split("\n")
            found = {
                series: sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(series))
                for series in wanted}
            if found == wanted or time.monotonic() > deadline:
                return found
            time.sleep(0.05)

    def tables(self):
        rows = "reflexive_evidence_rows_total"
        self.make(f"CREATE TABLE evidence (id bigint GENERATED ALWAYS AS IDENTITY, {COLUMNS}, "
                  "PRIMARY KEY (id, ts)) PARTITION BY RANGE (ts); "
                  "CREATE TABLE old PARTITION OF evidence FOR VALUES FROM ('2020-01-01') TO ('2026-01-01'); "
                  "CREATE TABLE new PARTITION OF evidence FOR VALUES FROM ('2026-01-01') TO ('2100-01-01'); "
                  + INSERT.format(5))
        self.follow("a table with partitions by time", {rows: 5},
                    change="CREATE TABLE later PARTITION OF evidence FOR VALUES FROM ('2100-01-01') TO "
                    "('2200-01-01'); INSERT INTO evidence (event, payload, ts) VALUES ('note', '{}', "
                    "'2150-01-01'); DROP TABLE old; " + INSERT.format(2),
                    then={rows: 8})
        self.make(f"CREATE TABLE kept (id serial PRIMARY KEY, {COLUMNS}, hidden bool DEFAULT false); "
                  "CREATE VIEW evidence AS SELECT id, event, payload, ts FROM kept WHERE NOT hidden; "
                  + INSERT.format(4) + "; INSERT INTO kept (event, payload, hidden) VALUES ('x', '{}', true)")
        self.follow("a view that hides a row", {rows: 4}, change=INSERT.format(3), then={rows: 7})
        self.make("CREATE TABLE evidence (id smallint PRIMARY KEY, event varchar(40), payload jsonb, "
                  "\"timestamp\" double precision); INSERT INTO evidence VALUES (-3, 'note', '{}', "
                  "extract(epoch FROM now())), (5, NULL, NULL, NULL)")
        self.follow("small ids, and times as numbers",
                    {rows: 2, 'reflexive_evidence_rejected_total{store="prod",reason="invalid_json"}': 1})

    def bytes(self):
        """In a database without an encoding any bytes are text."""
        self.cluster.sql("CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0",
                         "postgres")
        self.make(f"CREATE TABLE evidence (id serial PRIMARY KEY, {COLUMNS}); " + INSERT.format(3)
                  + "; INSERT INTO evidence (event, payload) VALUES ('note', E'{\"agent\": \"\\xff\"}'), "
                  "(E'caf\\xe9', '{}'); " + INSERT.format(2), "bytes")
        self.follow("a database without an encoding",
                    {"reflexive_evidence_rows_total": 7,
                     'reflexive_evidence_rejected_total{store="prod",reason="invalid_json"}': 1},
                    database="bytes")

    def follow_after_pause(self, connection: str, **place):
        """In a pause the exporter asks only for a row above all that it read."""
        rows = "reflexive_evidence_rows_total"
        self.make(f"CREATE TABLE evidence (id serial PRIMARY KEY, {COLUMNS}); " + INSERT.format(3))
        self.follow(f"rows after a pause, {connection}", {rows: 3}, pause=1.5,
                    change="BEGIN; " + INSERT.format(1) + "; ROLLBACK; " + INSERT.format(2),
                    then={rows: 5}, **place)

    def pauses(self):
        self.follow_after_pause("TCP")
        self.follow_after_pause("a Unix socket", host=self.cluster.directory)
        self.follow_after_pause("TCP, a poll every 2 seconds", more=", poll_interval: 2s")

    def tls(self, directory: pathlib.Path):
        self.make(f"CREATE TABLE evidence (id serial PRIMARY KEY, {COLUMNS}); " + INSERT.format(6))
        right, wrong = authority(directory, "right"), authority(directory, "wrong")
        use_tls(self.cluster, right)
        rows = {"reflexive_evidence_rows_total": 6}
        refused = {"reflexive_store_up": 0,
                   'reflexive_store_read_errors_total{store="prod",kind="permission"}': 1}
        full = ", sslmode: verify-full, sslrootcert: "
        self.follow("TLS", rows, host="localhost", more=f"{full}{right}")
        self.follow_after_pause("TLS", host="localhost", more=f"{full}{right}")
        self.follow("TLS by an authority that is not trusted", refused, host="localhost",
                    more=f"{full}{wrong}")
        self.follow("TLS for another name", refused, more=f"{full}{right}")
        self.follow("a server that wants TLS", refused, more=", sslmode: disable")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--binary", required=True)
    kinds = Kinds(options.parse_args().binary)
    try:
        kinds.tables()
        kinds.bytes()
        kinds.pauses()
        with tempfile.TemporaryDirectory() as directory:
            kinds.tls(pathlib.Path(directory))
    finally:
        kinds.cluster.close()
    return 1 if kinds.failures else 0


if __name__ == "__main__":
    sys.exit(main())
