"""Reads hostile files, each in a process of its own with limits of memory and processor time, and counts."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The process only forks, so that what one file takes is not seen in the figures of the next one.
_SCRIPT = """
import json, os, resource, sys, zipfile
from pathlib import Path
from verideck.reading import formats, markdown, pages
from verideck.reading.formats import anki_database

memory, seconds = int(sys.argv[2]), int(sys.argv[3])
counts = {"rows": 0, "bytes": 0}
rows, read = anki_database.Database.rows, zipfile.ZipExtFile.read

def counted_rows(self, name):
    for row in rows(self, name):
        counts["rows"] += 1
        yield row

def counted_read(self, *arguments):
    data = read(self, *arguments)
    counts["bytes"] += len(data)
    return data

anki_database.Database.rows, zipfile.ZipExtFile.read = counted_rows, counted_read

def report(path):
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    data = path.read_bytes()
    if path.suffix == ".md":
        found = markdown.read(data.decode(), path.name)
        count = len(found.cards)
    else:
        found = formats.read(data, path.name) or pages.read(data, path.name)
        count = len(found.items)
    problems = [[one.place, one.severity, one.message] for one in found.problems]
    return {"items": count, "problems": problems, **counts}

for path in sorted(Path(sys.argv[1]).iterdir()):
    into, out = os.pipe()
    child = os.fork()
    if not child:
        os.close(into)
        try:
            text = json.dumps(report(path))
        except BaseException as fault:
            text = json.dumps({"raised": repr(fault)})
        os.write(out, text[:60_000].encode())
        os._exit(0)
    os.close(out)
    told = b""
    while piece := os.read(into, 65536):
        told += piece
    os.close(into)
    _, status, used = os.wait4(child, 0)
    print(json.dumps([path.name, json.loads(told or b"{}"), used.ru_maxrss, os.WTERMSIG(status)]), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading one file came to: what was found and taken, or the signal that ended it."""

    items: int
    messages: tuple[str, ...]
    rows: int  # of a database
    inflated: int  # bytes out of a zip
    peak: int  # bytes of memory
    signal: int  # 0 if it ended by itself
    raised: str


def read_each(folder: Path, memory: int = 1_500_000_000, seconds: int = 30) -> dict[str, Outcome]:
    """Read each file of a folder, with `memory` bytes of addresses and `seconds` of processor time."""
    command = [sys.executable, "-c", _SCRIPT, str(folder), str(memory), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {}
    for line in done.stdout.splitlines():
        name, told, peak, signal = json.loads(line)
        found[name] = Outcome(
            told.get("items", 0),
            tuple(message for _, _, message in told.get("problems", ())),
            told.get("rows", 0),
            told.get("bytes", 0),
            peak * 1024,
            signal,
            told.get("raised", ""),
        )
    return found
