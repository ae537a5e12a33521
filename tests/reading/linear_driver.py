"""Reads each of the worst inputs in a process of its own, with a ceiling of processor time."""

from __future__ import annotations

import json
import os
import resource
import sys

from tests.reading.worst_inputs import ROWS

SECONDS = 60  # what takes the square of its input takes minutes, what reads it once a second


def main() -> None:
    """Print a line of JSON for each row: its name, its exit code (below 0, a signal), its seconds."""
    for name, row in ROWS.items():
        text = row.make(row.size)
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            try:
                row.read(text)
            except BaseException as fault:  # noqa: BLE001 - the test tells of it
                sys.stderr.write(f"{name}: {fault!r:.200}\n")
                os._exit(1)
            os._exit(0)
        _, status, used = os.wait4(child, 0)
        told = json.dumps([name, os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime])
        print(told, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
