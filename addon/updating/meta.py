"""The field Meta: whose a note is, and what of it was last shipped. Standard library only."""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

VERSION = 1
MOST_TEXT = 64_000
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ACTING = re.compile("[<>&\\[{}]")  # as HTML, as Anki's own marks, as a cloze


@dataclass(frozen=True, slots=True)
class Shipped:
    """What was last shipped of a note: its home, its tags, a hash of each field that was not empty.

    `retired` holds the ordinals of the cards that retiring it suspended; None while the deck has the note.
    """

    namespace: str
    deck: str
    tags: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    retired: tuple[int, ...] | None = None

    def gone(self, ordinals: Iterable[int]) -> Shipped:
        """Say that the deck no longer has the note, and which cards were suspended for it."""
        return replace(self, retired=tuple(sorted(ordinals)))


def read(text: str) -> Shipped | None:
    """Read the field; None where it is empty, damaged or of another kind. Never raises."""
    data = _object(text) or _object(html.unescape(re.sub("<[^<>]*>", "", text[:MOST_TEXT])))
    if data is None:
        return None
    namespace, deck = data.get("namespace"), data.get("deck")
    if not (isinstance(namespace, str) and namespace and isinstance(deck, str)):
        return None
    hashes, tags, retired = data.get("fields"), data.get("tags"), data.get("retired")
    if not isinstance(hashes, dict) or not isinstance(tags, list):
        return None
    return Shipped(
        namespace,
        deck,
        frozenset(tag for tag in tags if isinstance(tag, str)),
        MappingProxyType({name: mark for name, mark in hashes.items() if isinstance(mark, str)}),
        tuple(n for n in retired if type(n) is int) if isinstance(retired, list) else None,
    )


def write(shipped: Shipped) -> str:
    """Write the field as Verideck writes it: ASCII, and nothing in it acts."""
    record: dict[str, Any] = {
        "v": VERSION,
        "namespace": shipped.namespace,
        "deck": shipped.deck,
        "tags": sorted(shipped.tags),
        "fields": dict(shipped.fields),
    }
    if shipped.retired is not None:
        record["retired"] = list(shipped.retired)
    text = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
    return _STRING.sub(lambda string: _ACTING.sub(lambda one: f"\\u{ord(one[0]):04x}", string[0]), text)


def digest(text: str) -> str:
    """Hash a field's text, in the normal form in which Anki stores it."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:12]


def _object(text: str) -> dict[str, Any] | None:
    if len(text) > MOST_TEXT or not text.startswith("{"):
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
