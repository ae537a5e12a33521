"""A page as `verideck import --explain` shows it: what became of each line, in the margin."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from verideck.cards import Verdict
from verideck.importing import telling
from verideck.problems import Severity
from verideck.reading.items import Fate

if TYPE_CHECKING:
    from verideck.importing.flow import Entry, ImportedPage
    from verideck.problems import Problem

Style = Callable[..., str]  # as click.style
NARROWEST = 40

_GOOD = frozenset({Verdict.VERIFIED, Verdict.KEY_FOUND, Verdict.MEASURED, Verdict.CITED})
_BAD = frozenset({Verdict.REFUTED, Verdict.NO_OPTION, Verdict.SEVERAL_OPTIONS, Verdict.NOT_EVALUATED})
_LOOKS: dict[Fate, dict[str, str | bool]] = {
    Fate.CARD: {"fg": "green"},
    Fate.PROBLEM: {"fg": "yellow", "bold": True},
    Fate.NOISE: {"dim": True},
    Fate.UNACCOUNTED: {"fg": "red", "bold": True},
}
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def explained(page: ImportedPage, style: Style, width: int = 0) -> str:
    """Show a page with the fate of each line in its margin, and each problem under its line.

    `style` colours a text; a line longer than `width` is folded, 0 leaves it as it is.
    """
    lines = [style(f"{page.page.path}: {page.page.layout or 'unknown layout'}", bold=True), ""]
    gutter = _Gutter(page, style, max(width, NARROWEST) if width else 0)
    waiting = sorted(page.problems)
    for line, fate in zip(page.page.lines, page.page.fates, strict=False):
        lines += gutter.line(line.number, line.text, fate)
        while waiting and waiting[0].line <= line.number:
            lines += gutter.problem(waiting.pop(0))
    for problem in waiting:
        lines += gutter.problem(problem)
    if page.entries:
        lines += ["", *_cards(page.entries, style)]
    counts = telling.fates(page)
    lines += ["", "lines: " + ", ".join(f"{count} {fate}" for fate, count in counts.items())]
    return "\n".join(lines)


class _Gutter:
    """Sets the lines of a page behind their number and fate."""

    def __init__(self, page: ImportedPage, style: Style, width: int) -> None:
        self.style = style
        self.owners = page.owners
        self.digits = len(str(page.page.lines[-1].number)) if page.page.lines else 1
        self.names = len(f"card {len(page.entries)}") if page.entries else 4
        self.names = max(self.names, len(Fate.PROBLEM))
        self.rest = width - self.digits - self.names - 4 if width else 0

    def line(self, number: int, text: str, fate: Fate) -> Iterator[str]:
        """Show a line; a blank one is its number alone."""
        name = self._name(number, fate)
        shown = self.style(f"{name:<{self.names}}", **_LOOKS[fate])
        for place, piece in enumerate(self._folded(text.expandtabs(4))):
            body = self.style(piece, dim=True) if fate is Fate.NOISE and piece else piece
            margin = shown if not place else " " * self.names
            label = f"{number:>{self.digits}}" if not place else " " * self.digits
            yield f"{label} {margin} │ {body}".rstrip()

    def problem(self, problem: Problem) -> Iterator[str]:
        """Say a problem under its line, its hint below it."""
        margin = " " * (self.digits + self.names + 2) + "╰ "
        said = f"{problem.severity}: {problem.message}"
        for place, piece in enumerate(self._folded(said)):
            coloured = self.style(piece, fg=_COLOURS[problem.severity])
            yield f"{margin if not place else ' ' * len(margin)}{coloured}"
        for piece in self._folded(f"hint: {problem.hint}") if problem.hint else ():
            yield " " * len(margin) + self.style(piece, dim=True)

    def _name(self, number: int, fate: Fate) -> str:
        owner = self.owners.get(number)
        return f"card {owner + 1}" if fate is Fate.CARD and owner is not None else fate.value

    def _folded(self, text: str) -> list[str]:
        if not self.rest or len(text) <= self.rest:
            return [text]
        return textwrap.wrap(text, self.rest, drop_whitespace=False, replace_whitespace=False) or [text]


def _cards(entries: Sequence[Entry], style: Style) -> Iterator[str]:
    """List the cards with their verdicts."""
    width = max(len(entry.decision.verdict) for entry in entries)
    digits = len(str(len(entries)))
    for n, entry in enumerate(entries, start=1):
        verdict, lost = entry.decision.verdict, entry.decision.lost
        colour = "green" if verdict in _GOOD else "red" if verdict in _BAD else "yellow"
        said = [entry.item.kind, *([f"{' and '.join(lost)} lost"] if lost else [])]
        said += [entry.decision.computed] if entry.decision.computed else []
        looks = {"fg": colour} if verdict is not Verdict.UNCHECKED else {}
        yield f"card {n:<{digits}}  {style(f'{verdict:<{width}}', **looks)}  {', '.join(said)}"
