"""The two fields that programs read: Data for the add-on and scripts, Meta for three-way comparison."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from verideck.rendering.inert import clean, spoken

if TYPE_CHECKING:
    from verideck.cards import Card
    from verideck.rendering.context import Picture

VERSION = 1
MOST_BYTES = 32_000

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
# Inside strings these would act: as HTML, as Anki's `[sound:…]` or `[latex]`, as a cloze.
_ESCAPES = {letter: f"\\u{ord(letter):04x}" for letter in "<>&[{}"}
_ACTING = re.compile("[<>&\\[{}]")


def encode(value: object) -> str:
    """Write JSON that is ASCII and in which nothing acts in a field."""
    text = json.dumps(_clean(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return _STRING.sub(lambda string: _ACTING.sub(lambda found: _ESCAPES[found[0]], string[0]), text)


def _clean(value: object) -> object:
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {str(key): _clean(item) for key, item in value.items()}
        case list() | tuple():
            return [_clean(item) for item in value]
        case _:
            return value


def card_data(
    card: Card,
    pictures: Sequence[tuple[Picture, Mapping[str, Any]]],
    columns: Mapping[str, Sequence[str]] = MappingProxyType({}),
    accepted: Sequence[str] = (),
) -> str:
    """Give the Data field: what the card is, and each heatmap's file and specification.

    Options count from 1 in the order of the source. Weights have three digits. Beyond the field's cap
    the largest heatmaps lose their weights, then their labels: their picture's cells are the data then.
    Words other than the renderer's own are kept: a picture drawn anew speaks the deck's language.
    One to predict has its covered file, and where its cells are.
    `columns` are the texts that vary, by key, with one text for each variant. `accepted` are the answers that
    may be typed, as the first variant has them.
    """
    heatmaps = [_compact(picture, spec) for picture, spec in pictures]
    record: dict[str, Any] = {"v": VERSION, "kind": card.kind.value}
    if card.level:
        record["level"] = card.level
    if card.options:
        record["correct"] = [n for n, option in enumerate(card.options, 1) if option.ticked]
        record |= {"select_all": card.select_all, "keep_order": card.keep_order}
    if accepted:
        record["accepted"] = list(accepted)
    if columns:
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        record["vary"] = {"names": list(columns), "rows": rows}
    if heatmaps:
        record["heatmaps"] = heatmaps
    for names in (("weights",), ("queries", "keys", "heads", "masked"), ("alt", "words")):
        for entry in sorted(heatmaps, key=lambda entry: -len(encode(entry))):
            if len(encode(record)) <= MOST_BYTES:
                break
            for name in names:
                entry.pop(name, None)
    return encode(record)


def _compact(picture: Picture, spec: Mapping[str, Any]) -> dict[str, Any]:
    weights = spec["weights"]
    shape = [len(weights), len(weights[0]), len(weights[0][0])]
    entry: dict[str, Any] = {"file": picture.name, "shape": shape}
    if picture.covered:
        entry |= {"covered": picture.covered.name, "grid": [_plain(value) for value in picture.grid]}
    entry["weights"] = [[[_short(weight) for weight in row] for row in matrix] for matrix in weights]
    # The card's script writes labels into its page.
    entry |= {part: [*map(spoken, spec[part])] for part in ("queries", "keys", "heads") if spec[part]}
    if spec["masked"]:
        entry["masked"] = ["".join("1" if hidden else "0" for hidden in row) for row in spec["masked"]]
    entry["alt"] = spoken(spec["alt"])
    # The renderer has the English words itself.
    words = {name: word for name, word in (spec.get("words") or {}).items() if word != name}
    if words:
        entry["words"] = words
    return entry


def _short(weight: float) -> float | int:
    return _plain(float(f"{weight:.3g}"))


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def meta(namespace: str, deck: str, tags: Sequence[str], fields: Mapping[str, str]) -> str:
    """Give the Meta field: whose note this is, where it lives, and a hash of each field as shipped."""
    shipped = {name: digest(text) for name, text in fields.items() if text}
    return encode(
        {"v": VERSION, "namespace": namespace, "deck": deck, "tags": sorted(set(tags)), "fields": shipped}
    )


def digest(text: str) -> str:
    """Hash a field's text, in the normal form in which Anki stores it."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:12]
