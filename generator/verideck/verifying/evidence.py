"""Evidence: what checks computed, kept in `evidence.json`, so that a build need not compute it again.

The file is a JSON list with one object per line, sorted by key. It is read line by line, so that what a merge
leaves behind, such as a missing comma, costs nothing, and a damaged line costs only itself.
A key is the hash of the code, the names given to it, the language's epoch and the reference code that the
check uses: where one of these changes, the old line is no longer found. Verdicts are not kept: they are
decided anew at every build.

Anyone can write such a file. So a line is believed only if it was computed on this machine: `here` says of
which lines that is known, by the hash of the line as it was read (`local_record`). The other lines are
computed again (`run`), or trusted if the user says so.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from verideck.cards import Location
from verideck.problems import LineProblems, Problem, warning
from verideck.verifying import snippets
from verideck.verifying.evaluator import LANGUAGE
from verideck.verifying.records import JobKind, Record, expect, outcome_from_json, outcome_to_json

CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
MEND = "delete the line, or build with `--fresh`: it is computed again"
RELEASE = re.compile(r"\d[0-9A-Za-z.+-]{0,63}")  # a release of torch, such as `2.13.0+cpu`


@dataclass(frozen=True, slots=True)
class Evidence:
    """Computed values by key.

    `here` are the keys of the records that were computed on this machine; `hashes` are those of the lines
    that were read, by key.
    """

    records: Mapping[str, Record] = field(default_factory=lambda: MappingProxyType({}))
    path: str = "evidence.json"
    here: frozenset[str] = frozenset()
    hashes: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, key: str, code: str) -> Record | None:
        """Give the record of a key, if it is of this very code."""
        record = self.records.get(key)
        return record if record is not None and record.code == code else None

    def with_records(self, records: Iterable[Record], keep: Iterable[str] | None = None) -> Evidence:
        """Add records that were computed here; with `keep`, drop every other one whose key is not in it."""
        added = {record.key: record for record in records}
        merged = {**self.records, **added}
        here = self.here.union(added)
        if keep is not None:
            wanted = set(keep)
            merged = {key: record for key, record in merged.items() if key in wanted}
            here &= wanted
        return replace(self, records=MappingProxyType(merged), here=here)

    def computed_since(self, before: Evidence) -> tuple[Record, ...]:
        """Return the records that were computed here after `before`."""
        return tuple(self.records[key] for key in sorted(self.here - before.here))


def key(kind: JobKind, code: str, references: Mapping[str, str], given: str = "") -> str:
    """Make the key of some code, from the hash of the reference code behind each function it names.

    `given` are the names that a variant binds before the code runs.
    """
    varied = [given] if given else []
    language = snippets.LANGUAGE if kind is JobKind.RUN else LANGUAGE
    return _hash([kind.value, language, code, sorted(references.items()), *varied])[:24]


def reference(references: Mapping[str, str]) -> str:
    """Make one hash of the reference code behind several functions; empty for none."""
    return _hash(sorted(references.items()))[:16] if references else ""


def load(text: str, path: str) -> tuple[Evidence, tuple[Problem, ...]]:
    """Read evidence. Lines that cannot be read are warned of and passed over: they are computed again.

    No record counts as computed here: see `local_record.mark`.
    """
    records: dict[str, Record] = {}
    hashes: dict[str, bytes] = {}
    problems = LineProblems()
    dropped: set[str] = set()
    for number, line in enumerate(_lines(text), 1):
        bare = line.strip().removesuffix(",")
        if bare in ("", "[", "]", "[]"):
            continue
        record, problem = _read(bare, Location(path, number, len(line) - len(line.lstrip()) + 1))
        if record is None:
            problems.add([problem] if problem else [])
        elif record.key in records and records[record.key] != record:
            dropped.add(record.key)
            message = "two lines of evidence with one key and different values"
            problems.add([warning(Location(path, number), message, MEND)])
        else:
            records[record.key] = record
            hashes[record.key] = hash_line(bare)
    kept = {name: record for name, record in records.items() if name not in dropped}
    evidence = Evidence(MappingProxyType(kept), path, hashes=MappingProxyType(hashes))
    return evidence, problems.closed(MEND)


def dump(evidence: Evidence) -> str:
    """Write evidence: the exact inverse of load."""
    lines = [write_line(evidence.records[name]) for name in sorted(evidence.records)]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def write_line(record: Record) -> str:
    """Write one record: a line of the file, without what separates it from the next one."""
    return _compact(_to_json(record))


def hash_line(text: str) -> bytes:
    """Hash a line as it is written: every byte of it counts."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _compact(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _lines(text: str) -> list[str]:
    """Split into lines; a file that an editor has laid out anew is brought back to one object per line."""
    lines = text.split("\n")
    if any(line.strip() == "{" for line in lines):
        try:
            return [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in json.loads(text)]
        except (ValueError, TypeError, RecursionError):
            pass
    return lines


def _read(text: str, at: Location) -> tuple[Record | None, Problem | None]:
    if text.startswith(CONFLICT):
        return None, warning(at, "a merge that is not finished: a conflict mark in the evidence", MEND)
    try:
        data = json.loads(text)
        _compact(data).encode()  # what could not be written again: NaN, half a character
        return _from_json(data), None
    except json.JSONDecodeError as wrong:
        place = Location(at.path, at.line, at.column + wrong.colno - 1)
        return None, warning(
            place, f"a damaged line of evidence: {wrong.msg[:1].lower()}{wrong.msg[1:]}", MEND
        )
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as wrong:
        return None, warning(at, f"a damaged line of evidence: {str(wrong)[:120]}", MEND)


def _to_json(record: Record) -> dict[str, object]:
    data: dict[str, object] = {"key": record.key, "kind": record.kind.value, "code": record.code}
    if record.given:
        data["given"] = record.given
    data |= outcome_to_json(record.outcome)
    if record.reference:
        data["reference"] = record.reference
    if record.seeds:
        data["seeds"] = list(record.seeds)
    if record.spread is not None:
        data["spread"] = record.spread
    return data


def _from_json(data: Any) -> Record:
    outcome = outcome_from_json(data)
    expect(not outcome.faults, "evidence of a check that failed")
    texts = [data.get(name, "") for name in ("key", "kind", "code", "reference", "given")]
    expect(
        all(isinstance(text, str) for text in texts),
        "a line's names are texts",
    )
    kind = JobKind(data["kind"])
    whole = (kind is JobKind.HEATMAP) == (outcome.heatmap is not None)
    expect(whole, "a heatmap without its weights, or a check with some")
    ran = (kind is JobKind.RUN) == (outcome.run is not None)
    expect(ran, "a run without its result, or a check with one")
    expect(outcome.torch is None or bool(RELEASE.fullmatch(outcome.torch)), "`torch` is not a release")
    seeds, spread = data.get("seeds", []), data.get("spread")
    expect(isinstance(seeds, list) and all(type(seed) is int for seed in seeds), "`seeds` are whole numbers")
    expect(isinstance(spread, int | float | None), "`spread` is a number")
    return Record(
        data["key"],
        kind,
        data["code"],
        outcome,
        data.get("reference", ""),
        tuple(seeds),
        spread,
        data.get("given", ""),
    )


def _hash(data: object) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
