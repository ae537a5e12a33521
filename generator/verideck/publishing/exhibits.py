"""Cards as a page of many shows them: both sides with their formulas set, without ids and without script.

The card's script runs once a side in Anki. A page has it once, and the data for it beside each card.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Kind, Verdict
from verideck.publishing import showing
from verideck.rendering import highlight
from verideck.rendering.note_types import STANDARD

if TYPE_CHECKING:
    from verideck.building import Examined
    from verideck.cards import Card, Checked, Claim, Identity, Note
    from verideck.publishing.maths import Typesetter

# The end of each side, as the templates write it.
_SCRIPT = re.compile(
    r'<script class="verideck-data"[^>]*? data-card="([^"]*)">(.*?)</script>'
    r"\s*<script>\n(.*?)\n?</script>\s*",
    re.DOTALL,
)
_SCRIPT_BEGINS = '<script class="verideck-data"'
_IDS = ("answer", "typeans", "typearrow")  # what templates and script have ids for
_ID = re.compile(rf' id="({"|".join(_IDS)})"')
_HIDDEN = re.compile(r'(?<=<span class="cloze") data-cloze="[^"]*"')  # nothing here reads it
_SELECTOR = re.compile(rf"#({'|'.join(_IDS)})\b")
_HEADING = re.compile(r'<p class="heading">(.*?)</p>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_TEX = re.compile(r"\\[()\[\]]")
_LONGEST_TITLE = 160
_RANK = {verdict: place for place, verdict in enumerate(Verdict)}  # worst first


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was shown of a card: what was asked of the computation, and what came of it."""

    code: str  # HTML
    computed: str
    verdict: str
    variants: int
    seeds: int
    spread: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One card on a page: its place there (`id`), both sides as HTML, what it can be found by.

    `data` is the note's Data field, `card` the name under which the script keeps what it chose, `table` the
    formulas that the script may write, as JSON.
    """

    id: str
    deck: str
    title: str  # plain text
    heading: str  # HTML, without links
    front: str
    back: str
    card: str
    data: str
    table: str
    kind: str
    level: str
    verdict: str
    again: bool
    checks: tuple[str, ...]
    proofs: tuple[Proof, ...]
    tags: tuple[str, ...]


def script() -> str:
    """Give the card's script, as the templates have it: a function that calls itself."""
    found = _SCRIPT.search(STANDARD.templates[0].front)
    if found is None:
        raise AssertionError("the card's templates end in their script")
    return found[3]


def css(text: str) -> str:
    """Rewrite a style sheet of cards for sides whose ids are taken off; imports and fonts are left out."""
    sheet = re.sub(r"@import[^;]*;\s*", "", showing.css(text))
    return _SELECTOR.sub(lambda found: f':is(#{found[1]}, [data-id="{found[1]}"])', sheet)


def exhibits(examined: Examined, setter: Typesetter) -> Iterator[Exhibit]:
    """Give every card of a deck that went through all stages, in the order in which Anki brings new ones."""
    whole = [one for one in examined.checked if not one.card.lost]
    cards = [(one, *pair) for one, pair in zip(whole, examined.notes, strict=True)]
    for one, note, identity in sorted(cards, key=lambda card: (card[1].deck, card[2].due, card[2].card_id)):
        for shown in showing.sides(note):
            yield _exhibit(one, note, identity, shown, setter)


def _exhibit(
    one: Checked, note: Note, identity: Identity, shown: showing.Shown, setter: Typesetter
) -> Exhibit:
    front, name, data = _cut(shown.front)
    back, _, _ = _cut(shown.back)
    table = setter.table(front + back, data)
    card = one.card
    title, heading = _heading(front, back, setter)
    return Exhibit(
        id=f"{identity.card_id}={shown.ordinal + 1}" if shown.ordinal else identity.card_id,
        deck=note.deck,
        title=title,
        heading=heading,
        front=_shown(front, title, setter),
        back=_shown(back, title, setter),
        # The script keeps states by this name; each cloze of a note has one of its own here.
        card=f"{name} {shown.ordinal}",
        data=data,
        table=json.dumps(table, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c"),
        kind=card.kind.value,
        level=card.level,
        verdict=one.verdict.value,
        again=_plays(card),
        checks=tuple(highlight.html(fence.code.strip("\n"), "python") for fence in card.checks),
        proofs=tuple(_proofs(one)),
        tags=card.tags,
    )


def _cut(side: str) -> tuple[str, str, str]:
    """Take the script off a side; gives the side, the name under which the script keeps it, and its data."""
    found = _SCRIPT.match(side, side.rfind(_SCRIPT_BEGINS))
    if found is None:
        raise AssertionError("a side ends in its script")
    return side[: found.start()] + side[found.end() :], html.unescape(found[1]), found[2]


def _shown(side: str, title: str, setter: Typesetter) -> str:
    """Give a side with its formulas set and without ids; its box to type in is named by the question."""
    bare = _HIDDEN.sub("", _ID.sub(r' data-id="\1"', setter.html(side))).strip()
    return bare.replace("<input ", f'<input aria-label="{html.escape(title)}" ')


def _plays(card: Card) -> bool:
    """Tell whether another try is another one: other numbers, another order, or something to do."""
    return card.kind in (Kind.CHOICE, Kind.TYPED) or card.vary is not None or bool(card.heatmaps)


def _heading(front: str, back: str, setter: Typesetter) -> tuple[str, str]:
    """Give what a card is listed as: its heading, as text and as HTML in which formulas are all there is."""
    found = _HEADING.search(front) or _HEADING.search(back)
    inner = _TAG.sub("", found[1]) if found else ""
    text = " ".join(html.unescape(_TEX.sub("", inner)).split())
    return text[:_LONGEST_TITLE], setter.html(" ".join(inner.split()))


def _proofs(one: Checked) -> Iterator[Proof]:
    """Tell each claim once, with its value or the number of variants it was asked of."""
    groups: dict[tuple[str, int], list[Claim]] = {}
    for claim in one.claims:
        groups.setdefault((claim.path, claim.line), []).append(claim)
    for claims in groups.values():
        first = claims[0]
        code = first.code if "\n" not in first.code else ""
        yield Proof(
            code=highlight.html(code, "python"),
            computed=first.computed.text if first.computed else "",
            verdict=min((claim.verdict for claim in claims), key=_RANK.__getitem__).value,
            variants=len(claims) if first.variant is not None else 0,
            seeds=len(first.seeds),
            spread="" if first.spread is None else f"{first.spread:.2g}",
        )
