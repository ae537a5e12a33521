"""What stands beside a card: its problems, and each of its claims with what was computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from verideck.cards import Subject, Verdict
from verideck.rendering import highlight

if TYPE_CHECKING:
    from verideck.cards import Checked, Claim, Fence
    from verideck.previewing.entries import Placed

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
_RANK = {verdict: place for place, verdict in enumerate(Verdict)}  # worst first
_LONGEST = 400  # characters of a computed value


@dataclass(frozen=True, slots=True)
class Stated:
    """One claim, or that of all variants: its code, what came of it, and where it stands in the card."""

    verdict: str
    code: Markup
    computed: str
    claimed: str
    details: tuple[str, ...]
    line: int


def html(placed: Placed) -> str:
    """Give the panel of a card. Lines in it count from the card's first as 1."""
    entry = placed.entry
    checked = entry.checked
    return _ENVIRONMENT.get_template("panel.html").render(
        path=placed.path,
        file=placed.path.rpartition("/")[2],
        above=placed.line - 1,
        state=entry.state.value,
        elsewhere=entry.elsewhere,
        verdict=checked.verdict.value,
        problems=entry.problems,
        lost=checked.card.lost,
        claims=tuple(stated(checked)),
        checks=tuple((_code(fence), fence.location.line) for fence in _fences(checked)),
        proven=checked.options_proven,
        options=len(checked.card.options),
        told=[one.name for one in checked.misconceptions if one.told],
        untold=[one for one in checked.misconceptions if not one.told],
        variants=len(checked.variants),
        tags=checked.card.tags,
    )


def stated(checked: Checked) -> Iterator[Stated]:
    """Give each claim once, worst first: of variants the worst, with how many there are."""
    groups: dict[tuple[int, str, str], list[Claim]] = {}
    for claim in checked.claims:
        groups.setdefault((claim.line, claim.subject.value, claim.code), []).append(claim)
    worst = [min(group, key=lambda claim: _RANK[claim.verdict]) for group in groups.values()]
    pairs = sorted(zip(worst, groups.values(), strict=True), key=lambda pair: _RANK[pair[0].verdict])
    for claim, group in pairs:
        yield Stated(
            claim.verdict.value,
            _highlighted(claim.code),
            _short(claim.computed.text) if claim.computed else "",
            _short(claim.claimed or "") if claim.verdict not in _GOOD else "",
            tuple(_details(claim, len(group))),
            claim.line,
        )


_GOOD = (Verdict.VERIFIED, Verdict.MEASURED, Verdict.CITED)


def _details(claim: Claim, variants: int) -> Iterator[str]:
    if claim.variant is not None:
        yield f"{variants} variants" if claim.verdict in _GOOD else f"variant {claim.variant + 1}"
    if claim.subject is Subject.OPTION:
        yield from (
            f"option {match.n} {'holds' if match.match else 'does not hold'}" for match in claim.options
        )
    if claim.computed and claim.computed.unit:
        yield claim.computed.unit
    if claim.spread is not None:
        yield f"{len(claim.seeds)} seeds, spread {claim.spread:.2g}"
    if claim.tolerance is not None:
        yield f"within {claim.tolerance:.2g}"
    if claim.convention:
        yield claim.convention
    if claim.reason:
        yield claim.reason


def _fences(checked: Checked) -> Iterator[Fence]:
    card = checked.card
    yield from card.checks
    if card.vary:
        yield card.vary


def _code(fence: Fence) -> Markup:
    return _highlighted(fence.code.strip("\n"))


def _highlighted(code: str) -> Markup:
    return Markup(highlight.html(code, "python"))  # noqa: S704  it escapes all but its own spans


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
