"""What `verideck import` shows a person: what it wrote where, and what a merge left as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from verideck.cards import Verdict
from verideck.importing import margin, telling
from verideck.reports import plural

if TYPE_CHECKING:
    from verideck.importing.flow import ImportedPage
    from verideck.importing.merging import Merged
    from verideck.importing.placing import Placed
    from verideck.problems import Problem

Style = Callable[..., str]  # as click.style


def output(
    pages: Sequence[ImportedPage],
    placed: Sequence[Placed],
    problems: Sequence[Problem],
    style: Style,
    *,
    explain: bool,
    form: str,
    width: int,
) -> Iterator[str]:
    """Give what goes to standard output: JSON, the pages explained, the Markdown, or what was written."""
    if form == "json":
        yield telling.as_json(pages, problems, lines=explain)
        return
    if explain:
        yield "\n\n".join(margin.explained(page, style, width) for page in pages)
        return
    for one in placed:
        yield one.merged.text if one.path is None else _written(one)


def _written(one: Placed) -> str:
    """Tell what became of a file: its cards, their verdicts, and what the merge did."""
    counts = Counter(entry.decision.verdict for page in one.pages for entry in page.entries)
    verdicts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in reversed(Verdict) if counts[verdict])
    path = one.path.as_posix() if one.path else ""
    return f"{path}: {plural(counts.total(), 'card')}: {verdicts}{_merge(one.merged, fresh=not one.before)}"


def _merge(merged: Merged, *, fresh: bool) -> str:
    if fresh:
        return ""
    counts = {
        "new": merged.added,
        "renewed": merged.renewed,
        "unchanged": merged.unchanged,
        "kept as edited": merged.kept,
        "no longer on the page": len(merged.gone),
    }
    return "\n    " + ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def merges(placed: Sequence[Placed], style: Style, *, overwrite: bool) -> Iterator[str]:
    """Say which edited cards the pages would change, as diffs, and which cards the pages hold no longer."""
    for one in placed:
        path = one.path.as_posix() if one.path else ""
        for difference in one.merged.differences:
            name = f"#{difference.id}" if difference.id else "a card"
            did = "your text was replaced by the page's" if overwrite else "your text was kept"
            hint = "" if overwrite else "; take the page's with --overwrite"
            yield f"{path}:{difference.line}:1: {name} was edited since it was imported: {did}{hint}"
            yield "\n".join(_coloured(line, style) for line in difference.lines)
        for section in one.merged.gone:
            name = f"#{section.id}" if section.id else section.heading
            yield f"{path}:{section.line}:1: {name} is no longer on {section.page}: it was kept"


def _coloured(line: str, style: Style) -> str:
    colour = {"-": "red", "+": "green"}.get(line[:1])
    return style(f"    {line}", fg=colour) if colour else f"    {line}".rstrip()
