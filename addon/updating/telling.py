"""What is said after an update: a line for each group of notes, with the notes to show."""

from __future__ import annotations

from dataclasses import dataclass

from .plan import RETIRED, Report
from .wording import count, sentence


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the report, and the notes of which it tells; none where there is nothing to show."""

    text: str
    notes: tuple[int, ...] = ()


def lines(report: Report) -> tuple[Line, ...]:
    """Tell what was done."""
    told = (
        (report.added, "{} added."),
        (report.changed, "{} changed by the deck."),
        (report.kept, "{} with your own text kept."),
        (report.moved, "{} moved to another deck."),
        (report.retired, "{} retired: suspended and tagged " + RETIRED + "."),
        (report.revived, "{} brought back."),
        (report.emptied, "{} with a card that is empty now. Tools → Empty Cards… deletes such cards."),
    )
    found = [Line(text.format(count(len(notes), "note")), tuple(notes)) for notes, text in told if notes]
    if report.deleted:
        found.append(Line(f"{count(len(report.deleted), 'retired note')} deleted that you never reviewed."))
    if report.media:
        found.append(Line(f"{count(report.media, 'unused file')} moved to the media trash."))
    found += [Line(sentence(problem)) for problem in report.problems]
    return tuple(found) or (Line("Only what stands behind the cards was brought up to date."),)


def search(notes: tuple[int, ...]) -> str:
    """Give the browser's search for notes."""
    return "nid:" + ",".join(map(str, notes))
