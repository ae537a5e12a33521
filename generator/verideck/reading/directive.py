"""The directive below a card's heading: `<!-- card: #id .tag level=beginner typed -->`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verideck.cards import LEVELS, Location
from verideck.problems import Problem, error, nearest
from verideck.reading import names
from verideck.reading.items import Lost

if TYPE_CHECKING:
    from verideck.reading.passages import Line

FLAGS = ("typed", "select-all", "keep-order", "reverse")
SETTINGS = ("level", "deck", "lost")
# Words that agree to what would otherwise be an error. Each counts once; a value, as in `reworded=2`, lets it
# count again.
NEW, REWORDED, RENUMBERED, ONE_WAY = "new", "reworded", "renumbered", "one-way"
CONSENTS = (NEW, REWORDED, RENUMBERED, ONE_WAY)
_WORD = re.compile(r'[^\s"=]+="[^"]*"?|[^\s"]+|"[^"]*"?')
_LINE = re.compile(r"<!--\s*card:(?=\s|-)(.*?)-->")
_LONGEST_VALUE = 20  # of a word that counts once
_CARD = re.compile(r"\s*card:(?=\s|$)")
_ALMOST = re.compile(r"\s*(\S{3,6}?)\s*:|\s*card\b", re.IGNORECASE)
HINT = "write `<!-- card: #id .tag level=beginner typed -->`"


@dataclass(frozen=True, slots=True)
class Directive:
    """What a card says of itself; `flags` holds the place of each flag."""

    id: str | None = None
    tags: tuple[str, ...] = ()
    level: str = ""
    deck: str = ""
    lost: tuple[str, ...] = ()
    consents: tuple[tuple[str, str], ...] = ()
    flags: dict[str, Location] = field(default_factory=dict)


def words(line: str) -> tuple[str, ...]:
    """Return the words of a line that is a directive; none of any other line."""
    found = _LINE.fullmatch(line.rstrip())
    return tuple(_WORD.findall(found[1])) if found else ()


def is_directive(content: Line) -> bool:
    """Tell whether the text of a comment is a directive."""
    return _CARD.match(content.text) is not None


def almost(content: Line) -> bool:
    """Tell whether the text of a comment looks like a directive that went wrong."""
    found = _ALMOST.match(content.text)
    return found is not None and (found[1] is None or bool(nearest(found[1].lower(), ["card"])))


def write(said: Directive) -> str:
    """Write the words of a directive in their one order; the exact inverse of `read`."""
    words = [f"#{said.id}"] if said.id is not None else []
    words += [f".{tag}" for tag in said.tags]
    words += [f"level={said.level}"] if said.level else []
    words += [f'deck="{said.deck}"'] if said.deck else []
    words += [flag for flag in FLAGS if flag in said.flags]
    words += [f'lost="{" ".join(said.lost)}"'] if said.lost else []
    words += [f"{word}={value}" if value else word for word, value in said.consents]
    return " ".join(words)


def comment(said: Directive) -> str:
    """Write a directive as the line below its heading."""
    words = write(said)
    return f"<!-- card: {words} -->" if words else "<!-- card: -->"


@dataclass(slots=True)
class _Found:
    """What has been read of a directive so far."""

    id: str | None = None
    tags: dict[str, None] = field(default_factory=dict)  # in order
    settings: dict[str, str] = field(default_factory=dict)
    consents: dict[str, str] = field(default_factory=dict)
    flags: dict[str, Location] = field(default_factory=dict)


def read(content: Line, path: str) -> tuple[Directive, tuple[Problem, ...]]:
    """Read the words of a directive."""
    start = _CARD.match(content.text)
    found, problems = _Found(), list[Problem]()
    for word in _WORD.finditer(content.text, start.end() if start else 0):
        at = content.at(path, word.start())
        if fault := _take(word.group(), at, found):
            problems.append(error(at, *fault))
    if NEW in found.consents and found.id is None:
        hint = "write an id that no card has had: `<!-- card: #name new -->`"
        problems.append(error(content.at(path, 0), "`new` without an id", hint))
    settings = found.settings
    made = Directive(
        found.id,
        tuple(found.tags),
        settings.get("level", ""),
        settings.get("deck", ""),
        tuple(settings.get("lost", "").split()),
        tuple(sorted(found.consents.items())),
        found.flags,
    )
    return made, tuple(problems)


def _take(word: str, at: Location, found: _Found) -> names.Fault | None:
    """Add one word to what was found, or say what is wrong with it."""
    if word.startswith("#"):
        return _take_id(word[1:], found)
    if word.startswith("."):
        return _take_tag(word[1:], found)
    if word in FLAGS:
        if word in found.flags:
            return f"`{word}` twice", "leave one out"
        found.flags[word] = at
        return None
    key, equals, value = word.partition("=")
    if key in CONSENTS and '"' not in word:
        return _take_consent(word, found)
    if word.count('"') == 1 or word.startswith('"'):
        return "a quotation mark out of place", 'write `deck="::Sub"`; both marks on this line'
    if equals and key in SETTINGS:
        return _take_setting(key, value, found)
    return f"an unknown word `{names.shown(word)}`", _meant(word, key if equals else "")


def _take_consent(word: str, found: _Found) -> names.Fault | None:
    key, equals, value = word.partition("=")
    if (equals and not value) or len(value) > _LONGEST_VALUE or (equals and key == NEW):
        return f"not a word of a directive: `{names.shown(word)}`", f"write `{key}`"
    if key in found.consents:
        return f"`{key}` twice", "leave one out"
    found.consents[key] = value
    return None


def _take_id(identity: str, found: _Found) -> names.Fault | None:
    identity = unicodedata.normalize("NFC", identity)
    if fault := names.id_fault(identity):
        return fault
    if found.id is not None:
        return f"a second id `#{identity}`", f"a card has one id, and this one has `#{found.id}`"
    found.id = identity
    return None


def _take_tag(tag: str, found: _Found) -> names.Fault | None:
    if fault := names.tag_fault(tag):
        return fault
    if tag in found.tags:
        return f"the tag `.{names.shown(tag)}` twice", "leave one out"
    found.tags[tag] = None
    return None


def _take_setting(key: str, value: str, found: _Found) -> names.Fault | None:
    value = value[1:-1] if value.startswith('"') else value
    checks: dict[str, Callable[[str], names.Fault | None]] = {
        "level": names.level_fault,
        "deck": _sub_deck_fault,
        "lost": _lost_fault,
    }
    if fault := checks[key](value):
        return fault
    if key in found.settings:
        return f"`{key}=` twice", "leave one out"
    found.settings[key] = value
    return None


def _sub_deck_fault(value: str) -> names.Fault | None:
    if not value.startswith("::"):
        return (
            f"not a sub-deck: `{names.shown(value)}`",
            f'write `deck="::{names.shown(value) or "Sub"}"`: it lies below the file\'s deck',
        )
    return names.deck_fault("deck" + value)


def _lost_fault(value: str) -> names.Fault | None:
    words = value.split()
    known = [part.value for part in Lost]
    unknown = next((word for word in words if word not in known), None)
    if unknown is not None or not words:
        listed = names.meant(unknown or "", known) or f"the parts are {', '.join(known)}"
        return f"not a part of a card that can be lost: `{names.shown(unknown or '')}`", listed
    if len(set(words)) < len(words):
        return f"a part named twice in `lost`: `{names.shown(value)}`", "leave one out"
    return None


def _meant(word: str, key: str) -> str:
    """Suggest what an unknown word was meant to be."""
    if key:
        return (
            names.meant(key, SETTINGS) or f"the settings are {', '.join(f'`{name}=`' for name in SETTINGS)}"
        )
    if word.lower() in LEVELS:
        return f"did you mean `level={word.lower()}`?"
    known = (*FLAGS, *(f"{name}=" for name in SETTINGS), *CONSENTS)
    return (
        names.meant(word.lower(), known)
        or f"ids begin with `#`, tags with `.`; the words are {', '.join(known)}"
    )
