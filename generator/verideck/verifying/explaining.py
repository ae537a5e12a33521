"""Explaining one card: what it asks, how it is checked, what was computed, and what became of each claim."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from verideck.cards import Checked, Kind, Match
from verideck.problems import nearest

if TYPE_CHECKING:
    from verideck.cards import Claim
    from verideck.problems import Problem

WIDTH = 80
INDENT = "  "


class UnknownCardError(ValueError):
    """No card, or several, go by a name; the message is for a person."""


def find(checked: Sequence[Checked], name: str) -> Checked:
    """Find the card with an id, or the one whose id or question holds a part.

    Raises UnknownCardError, with the nearest or the several that there are.
    """
    wanted = name.removeprefix("#")
    exact = [one for one in checked if one.card.id == wanted or one.card.heading == wanted]
    lower = wanted.casefold()
    by_id = [one for one in checked if lower in (one.card.id or "").casefold()]
    by_text = [one for one in checked if lower in one.card.heading.casefold()]
    found = exact or by_id or by_text if wanted else []
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"`{_name(one)}`" for one in found[:8])
        more = f" and {len(found) - 8} more" if len(found) > 8 else ""
        raise UnknownCardError(f"{len(found)} cards go by `{name}`: {listed}{more}")
    ids = [one.card.id for one in checked if one.card.id]
    hint = nearest(wanted, ids) or "`verideck check` lists the cards"
    raise UnknownCardError(f"no card goes by `{name}`; {hint}")


def explain(
    one: Checked, checked: Sequence[Checked], problems: Iterable[Problem] = (), elsewhere: int = 0
) -> str:
    """Tell all about a card; `checked` are the cards around it, so that only its own problems are told.

    `elsewhere` is how many of its computations were done elsewhere and are trusted.
    """
    card, at = one.card, one.card.location
    sections = [
        ("Question", _question(one)),
        ("Program", [line for fence in card.runs for line in _verbatim(fence.code)]),
        ("Variants", _verbatim(card.vary.code) if card.vary is not None else []),
        ("Options" if card.kind is Kind.CHOICE else "Answer", _answers(one)),
        ("Lost", [f"{INDENT}{part}" for part in card.lost]),
        ("Check", [line for fence in card.checks for line in _verbatim(fence.code)]),
        ("Steps", [line for step in one.steps for line in _folded(f"{step.name} = {step.value}")]),
        ("Misconceptions", _misconceptions(one)),
        ("Verdict", [*_verdict(one), *_trusted(elsewhere), *_own(one, checked, problems)]),
        (
            "Record, one claim a line",
            [json.dumps(_record(claim), ensure_ascii=False) for claim in one.claims],
        ),
    ]
    head = [f"{_name(one)}  {card.kind}, {one.verdict}", f"{at.path}:{at.line}"]
    return "\n".join(head + [line for title, lines in sections if lines for line in ("", title, *lines)])


def _name(one: Checked) -> str:
    return f"#{one.card.id}" if one.card.id else one.card.heading


def _question(one: Checked) -> list[str]:
    text = f"{one.card.heading}\n{one.card.body}".strip()
    return _paragraphs(text)


def _paragraphs(text: str) -> list[str]:
    """Fold text, but leave what stands in fences as it is."""
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        lines += _verbatim(line) if fenced or fence else _folded(line)
        fenced ^= fence
    return lines


def _answers(one: Checked) -> list[str]:
    card = one.card
    if card.kind is Kind.CHOICE:
        proven = {match.n: match for claim in one.claims for match in claim.options}
        return [
            line
            for n, option in enumerate(card.options, 1)
            for line in _folded(f"[{'x' if option.ticked else ' '}] {option.text}{_proven(proven.get(n))}")
        ]
    return [line for text in (card.accepted or (card.answer,)) for line in _paragraphs(text) if text]


def _proven(match: Match | None) -> str:
    return "" if match is None else "  (computed: it is so)" if match.match else "  (computed: it is not)"


def _misconceptions(one: Checked) -> list[str]:
    told = [misconception.name for misconception in one.misconceptions if misconception.told]
    rest = [misconception for misconception in one.misconceptions if not misconception.told]
    lines = _folded(f"told apart: {', '.join(told)}") if told else []
    lines += _folded(f"not told apart: {', '.join(one.name for one in rest)}") if rest else []
    lucky = dict.fromkeys(one.luck for one in rest if one.luck)
    return [*lines, *(line for luck in lucky for line in _folded(f"by luck: {luck}"))]


def _verdict(one: Checked) -> list[str]:
    lines: list[str] = []
    for claim in one.claims:
        variant = "" if claim.variant is None else f" (variant {claim.variant + 1})"
        lines += _folded(f"{claim.verdict}{variant}: {claim.code}{_because(claim)}", hanging=4)
    return lines or _folded(f"{one.verdict}: nothing is claimed")


def _trusted(elsewhere: int) -> list[str]:
    if not elsewhere:
        return []
    what = "1 computation" if elsewhere == 1 else f"{elsewhere} computations"
    return _folded(f"trusted, not computed on this machine: {what} of its evidence")


def _because(claim: Claim) -> str:
    parts = [f"computed {claim.computed.text}"] if claim.computed else []
    parts += [f"{len(claim.seeds)} seeds, spread {claim.spread:.3g}"] if claim.spread is not None else []
    parts += [f"tolerance {claim.tolerance:.3g}"] if claim.tolerance is not None else []
    parts += [f"reason: {claim.reason}"] if claim.reason else []
    return f"  [{'; '.join(' '.join(part.split()) for part in parts)}]" if parts else ""


def _record(claim: Claim) -> dict[str, object]:
    return {name: value for name, value in asdict(claim).items() if value not in (None, ())}


def _own(one: Checked, checked: Sequence[Checked], problems: Iterable[Problem]) -> list[str]:
    """Tell the problems that lie between this card's line and the next card's."""
    at = one.card.location
    below = [
        other.card.location.line
        for other in checked
        if other.card.location.path == at.path and other.card.location.line > at.line
    ]
    end = min(below, default=1 << 60)
    own = [problem for problem in problems if problem.path == at.path and at.line <= problem.line < end]
    return [line for problem in own for text in str(problem).split("\n") for line in _folded(text, hanging=4)]


def _verbatim(text: str) -> list[str]:
    return [f"{INDENT}{line}".rstrip() for line in text.split("\n")]


def _folded(text: str, hanging: int = 2) -> list[str]:
    """Fold a line at 80 columns; code and long words stay whole."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=INDENT,
        subsequent_indent=INDENT + " " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
