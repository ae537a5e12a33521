"""What `verideck import` tells a program: pages as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from verideck.cards import Kind
from verideck.reading.items import Fate

if TYPE_CHECKING:
    from verideck.importing.flow import Entry, ImportedPage
    from verideck.problems import Problem
    from verideck.reading.items import Item


def as_json(pages: Sequence[ImportedPage], problems: Sequence[Problem] = (), *, lines: bool = False) -> str:
    """Give what `import --format json` promises; `lines` adds what became of each line.

    `problems` are all of them, those of writing the sources, too.
    """
    said = {
        "pages": [_page(page, lines=lines) for page in pages],
        "problems": [asdict(problem) for problem in problems],
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def fates(page: ImportedPage) -> dict[str, int]:
    """Count a page's lines by what became of them."""
    counts = Counter(page.page.fates)
    counts[Fate.UNACCOUNTED] += len(page.page.lines) - len(page.page.fates)
    return {fate.value: counts[fate] for fate in Fate}


def _page(page: ImportedPage, *, lines: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "path": page.page.path,
        "layout": page.page.layout,
        "title": page.page.title,
        "cards": [_card(entry) for entry in page.entries],
        "problems": [asdict(problem) for problem in page.problems],
        "lines": fates(page),
    }
    if lines:
        said["fates"] = [
            {"line": line.number, "fate": fate, "card": card + 1 if card is not None else None}
            for line, fate in zip(page.page.lines, page.page.fates, strict=False)
            for card in [page.owners.get(line.number)]
        ]
    return said


def _card(entry: Entry) -> dict[str, Any]:
    item, decision = entry.item, entry.decision
    return {
        "kind": item.kind,
        "question": item.question,
        "options": [option.text for option in item.options],
        "answer": answer(item, decision.ticks),
        "hint": item.hint,
        "explanation": item.explanation,
        "code": item.code,
        "verdict": decision.verdict,
        "subject": decision.subject,
        "computed": decision.computed or None,
        "line": item.line,
        "title": item.title,
        "body": item.body,
        "level": item.level,
        "output": item.output,
        "lost": list(decision.lost),
        "option_details": [
            {
                "text": option.text,
                "letter": option.letter,
                "ticked": n in _ticked(item, decision.ticks),
                "mark": option.mark,
                "blank": option.blank,
                "fused": option.fused,
                "reason": option.reason,
                "line": option.line,
            }
            for n, option in enumerate(item.options, start=1)
        ],
        "checks": list(decision.checks),
        "offered": decision.offered or None,
        "claims": [asdict(claim) for claim in decision.claims],
        "problems": [asdict(problem) for problem in entry.problems],
    }


def answer(item: Item, ticks: Sequence[int]) -> str:
    """Give the answer as text, or the options ticked, one a line; empty where it is lost."""
    if item.kind is Kind.CHOICE:
        ticked = _ticked(item, ticks)
        return "\n".join(option.text for n, option in enumerate(item.options, start=1) if n in ticked)
    return item.answer or (item.accepted[0] if item.accepted else "")


def _ticked(item: Item, ticks: Sequence[int]) -> set[int]:
    return set(ticks) or {n for n, option in enumerate(item.options, start=1) if option.ticked}
