"""What the page is sent: each card as it is listed, both of its sides, and what there is to say of it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verideck.cards import LEVELS, Kind, Verdict
from verideck.previewing import panel
from verideck.previewing.entries import Snapshot, State
from verideck.problems import Severity
from verideck.publishing import showing
from verideck.publishing.maths import Typesetter
from verideck.rendering.note_types import NOTE_TYPES, STANDARD

if TYPE_CHECKING:
    from verideck.cards import Card
    from verideck.previewing.entries import Placed

FEW = 12  # changed cards that are sent with their sides at once; the page asks for those of more in sight

_FILES = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_SCRIPT = re.compile("<script>(.*?)</script>", re.DOTALL)


@cache
def static() -> Mapping[str, tuple[bytes, str]]:
    """Give the page's own files by name, each with its type."""
    found = (path for path in sorted(_FILES.iterdir()) if path.suffix in _TYPES)
    return {path.name: (path.read_bytes(), _TYPES[path.suffix]) for path in found}


@cache
def document() -> bytes:
    """Give the page itself, still without cards."""
    return (_FILES / "page.html").read_bytes()


@cache
def frame() -> bytes:
    """Give the document into which a side is put, as Anki's reviewer puts one into its own."""
    text = (_FILES / "frame.html").read_text(encoding="utf-8")
    return text.replace("@@css@@", showing.css(STANDARD.css)).encode()


@cache
def scripts() -> tuple[str, ...]:
    """Give the hashes of the cards' own script, by which a browser knows it from any other."""
    sides = (side for kind in NOTE_TYPES.values() for one in kind.templates for side in (one.front, one.back))
    found = {script for side in sides for script in _SCRIPT.findall(side)}
    digests = (hashlib.sha256(script.encode()).digest() for script in sorted(found))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def delta(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """Give what turns a page that shows one snapshot into one that shows another."""
    old = {one.entry.key: one for one in before.entries}
    new = {one.entry.key: one for one in after.entries}
    changed = [one for key, one in new.items() if key not in old or one.version != old[key].version]
    few = bool(before.number) and len(changed) <= FEW
    found: dict[str, Any] = {
        "title": after.title,
        "notice": after.notice,
        "language": after.language,
        "cards": [summary(one) | ({"body": body(one)} if few else {}) for one in changed],
        "lines": {key: one.line for key, one in new.items() if key in old and one.line != old[key].line},
    }
    if list(old) != list(new):
        found["order"] = list(new)
    if before.problems != after.problems or not before.number:
        found["problems"] = list(_problems(after))
    return found


def _problems(snapshot: Snapshot) -> Iterable[dict[str, Any]]:
    for problem, key in snapshot.problems:
        yield {
            "severity": problem.severity.value,
            "message": problem.message,
            "hint": problem.hint,
            "place": f"{problem.path}:{problem.line}",
            "key": key,
        }


def summary(placed: Placed) -> dict[str, Any]:
    """Give what a card is listed, found and filtered by."""
    entry = placed.entry
    card = entry.checked.card
    computing = entry.state is State.COMPUTING
    return {
        "key": entry.key,
        "version": placed.version,
        "name": entry.name,
        "path": placed.path,
        "line": placed.line,
        "deck": card.deck,
        "kind": card.kind.value,
        "level": card.level,
        "state": entry.state.value,
        "verdict": "computing" if computing else entry.checked.verdict.value,
        "errors": sum(problem.severity is Severity.ERROR for problem in entry.problems),
        "warnings": sum(problem.severity is Severity.WARNING for problem in entry.problems),
        "title": card.heading,
        "text": " ".join(_texts(card)),
    }


def _texts(card: Card) -> Iterable[str]:
    """Give what a search looks through."""
    yield from (card.id or "", card.heading, card.body, card.answer, *card.accepted)
    for option in card.options:
        yield from (option.text, option.reason)
    yield from (card.explanation, card.hint, card.mistake, card.takeaway, card.location.path, *card.tags)


def body(placed: Placed) -> dict[str, Any]:
    """Give what stands on a card and beside it."""
    note, setter = placed.entry.note, Typesetter()
    sides = []
    for shown in showing.sides(note) if note else ():
        cloze = placed.entry.checked.card.kind is Kind.CLOZE
        sides.append(
            {
                "name": f"cloze {shown.ordinal + 1}" if cloze else shown.name,
                "front": setter.html(shown.front),
                "back": setter.html(shown.back),
                "table": dict(setter.table(shown.front + shown.back, note.fields["Data"])) if note else {},
            }
        )
    return {
        "version": placed.version,
        "sides": sides,
        "css": setter.css,
        "panel": panel.html(placed),
    }


def choices() -> dict[str, list[str]]:
    """Give what can be filtered by, in the order of the vocabulary."""
    return {
        "level": list(LEVELS),
        "kind": [kind.value for kind in Kind],
        "verdict": ["computing", *(verdict.value for verdict in Verdict)],
    }
