"""Runs slowhttptest in its modes (slow head, slow body, slow reading) and scrapes beside it."""

from __future__ import annotations

import argparse
import subprocess
import time

import raw_http

MODES = {
    "slow head": ["-H", "-i", "1"],
    "slow body": ["-B", "-i", "1", "-s", "8192", "-t", "POST"],
    "slow reading": ["-X", "-w", "1", "-y", "8", "-n", "1", "-z", "8", "-k", "3"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--connections", default="1000")
    parser.add_argument("--seconds", type=float, default=5)
    arguments = parser.parse_args()
    raw_http.use_all_descriptors()
    for name, options in MODES.items():
        command = ["slowhttptest", "-c", arguments.connections, "-r", "500"]
        command += ["-l", str(int(arguments.seconds)), "-p", "1", "-u", arguments.url + "/metrics"]
        with subprocess.Popen(
            command + options, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as attack:
            time.sleep(arguments.seconds / 2)
            print(f"{name}:")
            raw_http.expect_scrapes(arguments.url)
            output, _ = attack.communicate()
        print("\n".join(output.splitlines()[-8:]))


if __name__ == "__main__":
    main()
