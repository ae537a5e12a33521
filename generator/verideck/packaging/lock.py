"""`deck.lock`: which card is which note in Anki, for ever. Read, written, and carried on by each build.

The first line names the format and the namespace; each further line is a card, sorted by guid. Git
merges it by union (`deck.lock merge=union` in `.gitattributes`); `load` mends what that leaves.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from verideck.cards import Location
from verideck.packaging import entry as entries
from verideck.packaging import mending
from verideck.packaging.entry import Entry, Lock, State
from verideck.packaging.matching import Scope
from verideck.packaging.planning import Change, Changes, Plan, plan
from verideck.problems import LineProblems, Problem, error, nearest

__all__ = [
    "Change", "Changes", "Entry", "Lock", "Plan", "Scope", "State", "dump", "load", "plan", "released",
    "with_media",
]  # fmt: skip

FORMAT = 1
_LAST_DAY = 253_402_300_799  # that a date can be written of
_DAY = 86_400  # clocks of two machines may differ, not by more than this

_MARKER = re.compile(r"(<{7}|>{7}|={7}|\|{7})( |$)")
_RESTORE = "take the line from an earlier commit of this file; deleting it would cost reviews"


class _RepeatedKeyError(ValueError):
    """A key stands twice in one object."""


def load(text: str, path: str, namespace: str, now: int) -> tuple[Lock, tuple[Problem, ...]]:
    """Read a lock; an empty text is a deck that was never built. `now` is in seconds since 1970.

    Lines that a union merge doubled are mended. Whatever else is wrong is a problem at its place, and
    the lock then holds the lines that are good.
    """
    problems = LineProblems()
    found: list[tuple[Location, Entry]] = []
    headers = 0
    # Not `splitlines`, which also cuts at characters that may stand in a question.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        place = Location(path, number)
        data = _object(line.rstrip("\r"), place, problems)
        if data is None:
            continue
        if "format" in data:
            problems.add(_header_problems(data, place, line, namespace))
            headers += 1
        elif faults := list(entries.faults(data)):
            problems.add(_fault(place, line, name, message) for name, message in faults)
        else:
            found.append((place, entries.from_json(data)))
    if text and not headers:
        hint = "the first line names the namespace; take it from an earlier commit of this file"
        problems.add([error(Location(path), "the lock has no header", hint)])
    problems.add(_two_guids(found))
    told = (*problems.closed(_RESTORE), *_future(found, now))
    return Lock(namespace, mending.one_each(entry for _, entry in found)), told


def dump(lock: Lock) -> str:
    """Write a lock; the exact inverse of `load`."""
    header = json.dumps({"format": FORMAT, "namespace": lock.namespace}, ensure_ascii=False)
    lines = (entries.to_json(entry) for entry in sorted(lock.entries, key=lambda entry: entry.guid))
    return "".join(f"{line}\n" for line in (header, *lines))


def with_media(lock: Lock, media: Mapping[str, Collection[str]]) -> Lock:
    """Keep the names of the media files that each note has now (by guid), and those it had before."""

    def updated(entry: Entry) -> Entry:
        if entry.guid not in media:
            return entry
        now = set(media[entry.guid])
        before = {*entry.media, *entry.media_before} - now
        return dataclasses.replace(entry, media=tuple(sorted(now)), media_before=tuple(sorted(before)))

    return Lock(lock.namespace, tuple(updated(entry) for entry in lock.entries))


def released(lock: Lock, version: str, now: int) -> Lock:
    """Say that the cards as they stand go out to learners as `version`.

    What changed since the last release is stamped anew: `mod` then says when learners could first have it.
    """

    def updated(entry: Entry) -> Entry:
        if not entry.live or entry.release:
            return entry
        return dataclasses.replace(
            entry,
            mod=max(entry.mod, now),
            release=version,
            first_release=entry.first_release or version,
        )

    return Lock(lock.namespace, tuple(updated(entry) for entry in lock.entries))


def _object(line: str, place: Location, problems: LineProblems) -> dict[str, Any] | None:
    """Read a line's JSON object; None where there is none, and then why is a problem."""
    if not line.strip():
        return None
    if _MARKER.match(line):
        hint = "keep the lines of both sides and delete the marker: the next build mends doubled cards"
        problems.add([error(place, "a conflict marker of git", hint)])
        return None
    try:
        data = json.loads(line, object_pairs_hook=_unique)
    except json.JSONDecodeError as fault:
        at = dataclasses.replace(place, column=fault.colno)
        problems.add([error(at, f"damaged line: {_lower(fault.msg)}", _RESTORE)])
    except _RepeatedKeyError as fault:
        problems.add([_fault(place, line, str(fault), f"`{fault}` stands twice")])
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        problems.add([error(place, "damaged line: not what a build writes", _RESTORE)])
    else:
        if isinstance(data, dict):
            return data
        problems.add([error(place, "damaged line: not a JSON object", _RESTORE)])
    return None


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            raise _RepeatedKeyError(key)
        data[key] = value
    return data


def _fault(place: Location, line: str, name: str, message: str) -> Problem:
    """Report a fault of a line at the key's column."""
    at = max(line.rfind(json.dumps(name, ensure_ascii=False)), 0) if name else 0
    hint = nearest(name, entries.KEYS) if message.startswith("unknown") else ""
    return error(dataclasses.replace(place, column=at + 1), message, hint or _RESTORE)


def _header_problems(
    data: Mapping[str, Any], place: Location, line: str, namespace: str
) -> Sequence[Problem]:
    version, owner = data["format"], data.get("namespace")
    if type(version) is not int or version < 1:
        return (_fault(place, line, "format", "`format` must be a number from 1"),)
    if version > FORMAT:
        hint = "install the version of Verideck that built this deck last, or a later one"
        return (error(place, f"the lock has format {version}, of a newer Verideck", hint),)
    if owner != namespace:
        message = f"the lock belongs to the namespace `{owner}`, and `deck.toml` names `{namespace}`"
        hint = "bring back the namespace in deck.toml; a fork with its own begins without this lock"
        return (error(place, message, hint),)
    return ()


def _future(found: Sequence[tuple[Location, Entry]], now: int) -> Sequence[Problem]:
    """Tell of dates to come, once: one wrong clock stamps many lines."""
    late = [(max(entry.mod, entry.note_id // 1000), entry, place) for place, entry in found]
    late = [item for item in late if item[0] > now + _DAY]
    if not late:
        return ()
    latest, entry, place = max(late, key=lambda item: item[0])
    day = datetime.fromtimestamp(min(latest, _LAST_DAY), UTC).date().isoformat()
    others = f", as are {len(late) - 1} others" if len(late) > 1 else ""
    message = f"the lock is from the future: `{entry.id}` is dated {day}{others}"
    hint = (
        "set this machine's clock; if it is right, that of an earlier build was wrong:"
        " take this file from the commit before it"
    )
    return (error(place, message, hint),)


def _two_guids(found: Sequence[tuple[Location, Entry]]) -> Iterator[Problem]:
    """Name what cannot be mended: two notes that both claim to be one card."""
    first: dict[str, tuple[Location, Entry]] = {}
    for place, entry in found:
        other, known = first.setdefault(entry.id, (place, entry))
        if known.guid != entry.guid:
            guids = f"`{known.guid}` in line {other.line} and `{entry.guid}`"
            message = f"the id `{entry.id}` has two guids: {guids}"
            hint = "delete the line whose note no learner has, or give it and its card another id"
            yield error(place, message, hint)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
