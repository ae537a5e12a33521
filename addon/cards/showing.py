"""A side of a card on its way to a page: its heatmaps are kept, and `[attention]` gives way to them."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ..heatmap.style import LIGHT
from ..settings import values
from .sources import PICTURE, Source

if TYPE_CHECKING:
    from anki.cards import Card

    from ..reading.blocks import Block, Request
    from ..reading.data import Entry
    from ..settings.values import Settings
    from .sources import Sources, Spec

SIDES = {
    f"{window}{side}": side.lower()
    for window in ("review", "preview", "clayout")
    for side in ("Question", "Answer")
}
MOST_TEXT = 4_000_000  # letters of a side; a larger one stays as it is
_DATA = "Data"  # the field of Verideck's notes that programs read
_OPENING = "[attention"

BAR = 36  # pixels of the bar below a drawing, as in web/cards.css
MOST_AT_ONCE = 400  # cells of a block that is drawn before its card is shown: under 1 ms
MOST_AHEAD = 16  # such blocks of a side
MOST_ROOMS = 8  # pictures of which the room is asked

# Gives an `<img>` of a block: its name, its view, where it is. Empty where it cannot be drawn.
Drawing = Callable[[str, Mapping[str, Any], Source], str]
# Gives the width and height that a picture's drawing will have; nothing where that would take long.
Room = Callable[[Source], tuple[int, int] | None]


def shown(
    text: str,
    card: Card,
    kind: str,
    sources: Sources,
    settings: Settings,
    drawing: Drawing | None = None,
    room: Room | None = None,
) -> str:
    """Give a side with its heatmaps made known: blocks replaced, and a mark that says whose side this is.

    A side without heatmaps comes back as it was.
    """
    side = SIDES.get(kind)
    if side is None or len(text) > MOST_TEXT:
        return text
    found = _of_note(card, sources)
    if _OPENING in text.lower():
        text, replaced = _replaced(text, side, sources, settings, drawing)
        found = found or replaced
    if not found and not PICTURE.search(text):
        return text
    return text + (
        f'<span class="attention-heatmaps-card" hidden data-card="{card.id}:{card.ord}" data-side="{side}"'
        f' data-reveal="{settings.reveal}"{_unlike(text, sources, settings, room)}></span>'
    )


def _unlike(text: str, sources: Sources, settings: Settings, room: Room | None) -> str:
    """Say whether drawings look unlike static pictures even on a light page; what room they need then."""
    if values.style(settings, dark=False) == LIGHT:
        return ""
    rooms = {}
    if settings.size != LIGHT.room and room:
        for name in list(dict.fromkeys(PICTURE.findall(text)))[:MOST_ROOMS]:
            source = sources.find(name)
            if source and (size := room(source)):
                rooms[name] = size
    return " data-anew" + (f' data-rooms="{html.escape(json.dumps(rooms))}"' if rooms else "")


def _of_note(card: Card, sources: Sources) -> bool:
    """Keep what the note's Data says of its heatmaps."""
    note = card.note()
    data = note[_DATA] if _DATA in note else ""  # noqa: SIM401  a note is no mapping
    if "heatmaps" not in data:
        return False
    from ..reading.data import heatmaps

    digest = hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    entries = heatmaps(data)
    for name, entry in entries.items():
        sources.keep(name, _entry(f"{digest}:{name}", name, entry))
    return bool(entries)


def _entry(identity: str, name: str, entry: Entry) -> Source:
    if entry.spec is None:
        return Source(identity, file=name)
    spec: Spec = entry.spec
    return Source(identity, lambda: spec)


def _replaced(
    text: str, side: str, sources: Sources, settings: Settings, drawing: Drawing | None
) -> tuple[str, bool]:
    """Put a place for each good block, and a note with the reason for each that is not."""
    from ..reading.blocks import replaced

    good = 0

    def place(block: Block) -> str:
        nonlocal good
        if block.spec is None:
            return note(block.reason)
        good += 1
        return _place(block.spec, side, sources, settings, drawing if good <= MOST_AHEAD else None)

    return replaced(text, place), good > 0


def _place(request: Request, side: str, sources: Sources, settings: Settings, drawing: Drawing | None) -> str:
    from ..reading.blocks import resolved
    from . import reserving

    name = f"block-{hashlib.sha256(request.identity.encode()).hexdigest()[:20]}"
    source = Source(name, partial(resolved, request))
    sources.keep(name, source)
    view = dict(request.view)
    if request.reveal and side == "question" and settings.reveal != "never":
        view = {"covered": True}
    quick = drawing is not None and bool(request.weights) and request.cells <= MOST_AT_ONCE
    picture = drawing(name, view, source) if drawing and quick else ""
    room = "" if picture else f' style="min-height: {reserving.height(request, settings) + BAR}px"'
    return (
        f'<span class="attention-heatmap" data-heatmap="{name}"'
        f' data-view="{html.escape(json.dumps(dict(request.view)))}"'
        f"{' data-reveal' if request.reveal else ''}{room}>{picture}</span>"
    )


def note(reason: str) -> str:
    """Say in a heatmap's place why it is not there."""
    return (
        '<span class="attention-heatmaps-note mathjax_ignore tex2jax_ignore" role="note">'
        f"<b>Heatmap not shown:</b> {html.escape(reason[:300])}</span>"
    )
