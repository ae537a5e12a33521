"""How long the commands take: whole processes, medians. Run: python tests/benchmarks/builds.py [RUNS]."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "sources"
VERIDECK = [sys.executable, "-c", "from verideck.cli import main; main()"]

# What is timed, and which of the build's own files lie beside the sources when it starts.
CASES = {
    "--help": (["--help"], ()),
    "library": (["library"], ()),
    "build, nothing known": (["build", "sources", "--fresh"], ()),
    "build, evidence trusted": (["build", "sources", "--trust-evidence"], ("evidence.json", "deck.lock")),
    "build, with evidence": (["build", "sources"], ("evidence.json",)),
    "build, unchanged": (["build", "sources"], ("evidence.json", "deck.lock")),
    "check, unchanged": (["check", "sources"], ("evidence.json", "deck.lock")),
}


def seconds(arguments: list[str], kept: tuple[str, ...], state: str) -> float:
    """Run one command on a copy of the sources; gives its wall-clock time.

    What `state` remembers from the case before counts as computed here.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "sources"
        shutil.copytree(SOURCES, copy)
        for name in {"evidence.json", "deck.lock"} - set(kept):
            (copy / name).unlink()
        started = time.perf_counter()
        room = {**os.environ, "XDG_STATE_HOME": state}
        subprocess.run([*VERIDECK, *arguments], cwd=folder, check=True, capture_output=True, env=room)
        return time.perf_counter() - started


def main() -> None:
    """Time each case in turn, several times, so that a noisy moment is shared by all."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    times: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as state:
            for name, (arguments, kept) in CASES.items():
                times[name].append(seconds(arguments, kept, state))
    for name, found in times.items():
        sys.stdout.write(f"{name:<22} median {statistics.median(found):6.2f} s  min {min(found):6.2f} s\n")


if __name__ == "__main__":
    main()
