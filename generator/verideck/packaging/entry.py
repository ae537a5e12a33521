"""What the lock knows of one card, and how a line of the lock says it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from verideck.cards import Identity, Kind

DUE_LIMIT = 1_000_000  # Anki takes no position of a new card from here on
CARDS_PER_NOTE = 100  # card id = note id + ordinal, so notes stand this far apart


class State(StrEnum):
    """Whether the sources still hold the card."""

    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Entry:
    """One card in the lock. `release` is empty while its present content is unreleased."""

    guid: str
    id: str
    written: bool = False  # the id stands in the source; else it was minted from the heading
    state: State = State.LIVE
    note_type: str = ""
    kind: Kind = Kind.RECALL
    clozes: tuple[tuple[int, str], ...] = ()  # number, hash of its text
    reverse: bool = False  # the note has a second card, asked from the answer
    fingerprint: str = ""
    epoch: int = 0
    mod: int = 0  # seconds since 1970
    release: str = ""
    first_release: str = ""
    note_id: int = 0  # milliseconds since 1970
    due: int = 0  # 0: not placed yet
    deck: str = ""  # the frozen key
    file: str = ""  # relative to the sources' root
    question: str = ""  # see fingerprint.question
    answer: str = ""  # a hash
    media: tuple[str, ...] = ()
    media_before: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """Tell whether the sources still hold the card."""
        return self.state is State.LIVE

    @property
    def released(self) -> bool:
        """Tell whether learners may have the card."""
        return bool(self.first_release)

    @property
    def identity(self) -> Identity:
        """Give what the later stages need."""
        return Identity(self.guid, self.id, self.note_id, self.due, self.mod)


@dataclass(frozen=True, slots=True)
class Lock:
    """All cards that ever were, sorted by guid."""

    namespace: str
    entries: tuple[Entry, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of a line: what it must hold, said to a person, and how a value becomes its JSON."""

    name: str
    holds: str
    fits: Callable[[Any], bool]
    write: Callable[[Any], object] = lambda value: value
    read: Callable[[Any], object] = lambda value: value


def _text(value: object) -> bool:
    return isinstance(value, str)


def _some_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _number(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value < high


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _clozes(value: object) -> bool:
    return isinstance(value, dict) and all(
        key.isascii() and key.isdigit() and len(key) < 5 and isinstance(text, str)
        for key, text in value.items()
    )


_TIME = _number(0, 1 << 40)
_TEXT = "a text"

# The keys of a line, in the order they are written.
_KEYS = (
    _Key("guid", "a text, not empty", _some_text),
    _Key("id", "a text, not empty", _some_text),
    _Key("written", "true or false", lambda value: isinstance(value, bool)),
    _Key("state", "`live` or `retired`", lambda value: value in ("live", "retired"), read=State),
    _Key("note_type", "a text, not empty", _some_text),
    _Key("kind", "a kind of card", lambda value: value in tuple(Kind), read=Kind),
    _Key(
        "clozes",
        "cloze numbers with hashes",
        _clozes,
        write=lambda clozes: {str(number): text for number, text in clozes},
        read=lambda clozes: tuple(sorted((int(number), text) for number, text in clozes.items())),
    ),
    _Key("reverse", "true or false", lambda value: isinstance(value, bool)),
    _Key("fingerprint", _TEXT, _text),
    _Key("epoch", "a number", _number(0, 1 << 40)),
    _Key("mod", "seconds since 1970", _TIME),
    _Key("release", _TEXT, _text),
    _Key("first_release", _TEXT, _text),
    _Key("note_id", "milliseconds since 1970", _number(1, 1 << 50)),
    _Key("due", f"a number from 0 to {DUE_LIMIT - 1}", _number(0, DUE_LIMIT)),
    _Key("deck", _TEXT, _text),
    _Key("file", _TEXT, _text),
    _Key("question", _TEXT, _text),
    _Key("answer", _TEXT, _text),
    _Key("media", "a list of names", _texts, write=list, read=tuple),
    _Key("media_before", "a list of names", _texts, write=list, read=tuple),
)
KEYS = tuple(key.name for key in _KEYS)


def to_json(entry: Entry) -> str:
    """Write an entry as one line of JSON, keys in fixed order."""
    return json.dumps({key.name: key.write(getattr(entry, key.name)) for key in _KEYS}, ensure_ascii=False)


def faults(data: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Find what keeps a line from being an entry: pairs of the key at fault and a message."""
    for key in _KEYS:
        if key.name not in data:
            yield "", f"`{key.name}` is missing"
        elif not key.fits(data[key.name]):
            yield key.name, f"`{key.name}` must be {key.holds}"
    for name in data:
        if name not in KEYS:
            yield name, f"unknown key `{name}`"


def from_json(data: Mapping[str, Any]) -> Entry:
    """Make an entry of a line in which `faults` finds nothing."""
    values: dict[str, Any] = {key.name: key.read(data[key.name]) for key in _KEYS}
    return Entry(**values)
