"""Has schemathesis ask the API whatever its OpenAPI document allows, and what it does not.

    schema_check.py URL [--seconds N] [--seed N]

The events are left out: events_check.py listens to them.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
import sysconfig
import tempfile

# An export has all matches, so it takes no limit: OpenAPI has no word for parameters that exclude each
# other. Cases of both are left out here, and the routes are tested with them.
HOOKS = '''
import schemathesis


@schemathesis.hook
def filter_case(context, case):
    query = case.query or {}
    return not (query.get("format") in ("csv", "ndjson") and query.get("limit") not in (None, ""))
'''

# A row that is gone is a fair answer, too.
CONFIGURATION = '''
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "404", "410"]
'''


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        (folder / "hooks.py").write_text(HOOKS)
        (folder / "schemathesis.toml").write_text(CONFIGURATION)
        command = [
            sysconfig.get_path("scripts") + "/schemathesis", "run",
            arguments.url + "/api/v1/openapi.json", "--checks", "all", "--no-color",
            "--exclude-path", "/api/v1/events", "--seed", str(arguments.seed),
            "--generation-database", "none", "--continue-on-failure",
        ]
        if arguments.seconds:
            command += ["--max-time", str(arguments.seconds)]
        else:
            command += ["--max-examples", "20"]
        environment = os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": directory}
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
