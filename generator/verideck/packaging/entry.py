"""What the lock knows of one card, and how a line of the lock says it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from verideck.cards import Identity, Kind
from verideck.packaging.fingerprint import FORMULA

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
    clozes: tuple[tuple[int, str], ...] = ()  # number, what it hides
    clozes_before: tuple[tuple[int, str], ...] = ()  # of numbers that the card had and has no longer
    reverse: bool = False  # the note has a second card, asked from the answer
    formula: int = FORMULA  # 1: question, answer and clozes are those of `first_formula`
    fingerprint: str = ""
    epoch: int = 0
    mod: int = 0  # seconds since 1970
    release: str = ""
    first_release: str = ""
    note_id: int = 0  # milliseconds since 1970
    due: int = 0  # 0: not placed yet
    deck: str = ""  # the frozen key
    file: str = ""  # relative to the sources' root
    question: str = ""  # this and `answer`: see card_texts
    answer: str = ""
    consents: tuple[tuple[str, str], ...] = ()  # the words of consent that the card had at the last build
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
    """All cards that ever were, sorted by guid.

    `versions` are the different lines that a merge left of one guid; its entry is what they make together.
    """

    namespace: str
    entries: tuple[Entry, ...] = ()
    versions: tuple[tuple[Entry, ...], ...] = ()


def seniority(entry: Entry) -> tuple[object, ...]:
    """Return what decides which of two entries keeps a guid or an id: the smaller one does.

    It is the one with the earlier first release, then the smaller note id, then the smaller text.
    """
    numbers = tuple(int(number) for number in re.findall(r"\d{1,9}", entry.first_release))
    release = (not entry.released, numbers, entry.first_release)
    return (*release, entry.note_id, entry.question, entry.answer, entry.guid)


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of a line: what it must hold, said to a person, and how a value becomes its JSON."""

    name: str
    holds: str
    fits: Callable[[Any], bool]
    write: Callable[[Any], object] = lambda value: value
    read: Callable[[Any], object] = lambda value: value
    since: int = 1  # the format of the first lock that has it


_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can spell them, and no file can hold them


def _text(value: object) -> bool:
    return isinstance(value, str) and not _SURROGATE.search(value)


def _some_text(value: object) -> bool:
    return _text(value) and bool(value)


def _number(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value < high


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _clozes(value: object) -> bool:
    return isinstance(value, dict) and all(
        key.isascii() and key.isdigit() and len(key) < 5 and _text(text) for key, text in value.items()
    )


def _write_clozes(clozes: tuple[tuple[int, str], ...]) -> object:
    return {str(number): text for number, text in clozes}


def _read_clozes(clozes: Mapping[str, str]) -> object:
    return tuple(sorted((int(number), text) for number, text in clozes.items()))


def _pairs(value: object) -> bool:
    return isinstance(value, dict) and all(map(_text, (*value, *value.values())))


_TIME = _number(0, 1 << 40)
_TEXT = "a text"
_CLOZES = "cloze numbers with texts"

# The keys of a line, in the order they are written.
_KEYS = (
    _Key("guid", "a text, not empty", _some_text),
    _Key("id", "a text, not empty", _some_text),
    _Key("written", "true or false", lambda value: isinstance(value, bool)),
    _Key("state", "`live` or `retired`", lambda value: value in ("live", "retired"), read=State),
    _Key("note_type", "a text, not empty", _some_text),
    _Key("kind", "a kind of card", lambda value: value in tuple(Kind), read=Kind),
    _Key("clozes", _CLOZES, _clozes, _write_clozes, _read_clozes),
    _Key("clozes_before", _CLOZES, _clozes, _write_clozes, _read_clozes, since=2),
    _Key("reverse", "true or false", lambda value: isinstance(value, bool)),
    _Key("formula", f"a number from 1 to {FORMULA}", _number(1, FORMULA + 1), since=2),
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
    _Key("consents", "words with their values", _pairs, dict, lambda words: tuple(words.items()), since=2),
    _Key("media", "a list of names", _texts, write=list, read=tuple),
    _Key("media_before", "a list of names", _texts, write=list, read=tuple),
)
KEYS = tuple(key.name for key in _KEYS)


def to_json(entry: Entry) -> str:
    """Write an entry as one line of JSON, keys in fixed order."""
    return json.dumps({key.name: key.write(getattr(entry, key.name)) for key in _KEYS}, ensure_ascii=False)


def faults(data: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Find what keeps a line from being an entry: pairs of the key at fault and a message.

    A line of format 1 names no formula and lacks what came later.
    """
    known = _keys(data)
    for key in known:
        if key.name not in data:
            yield "", f"`{key.name}` is missing"
        elif not key.fits(data[key.name]):
            yield key.name, f"`{key.name}` must be {key.holds}"
    names = {key.name for key in known}
    for name in data:
        if name not in names:
            yield name, f"unknown key `{name}`"


def from_json(data: Mapping[str, Any]) -> Entry:
    """Make an entry of a line in which `faults` finds nothing."""
    values: dict[str, Any] = {key.name: key.read(data[key.name]) for key in _keys(data)}
    return Entry(**{"formula": 1, **values})


def _keys(data: Mapping[str, Any]) -> Sequence[_Key]:
    return _KEYS if "formula" in data else [key for key in _KEYS if key.since == 1]
