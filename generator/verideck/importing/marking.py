"""What a scan's marks say beside what was computed: evidence, never a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verideck.cards import Verdict
from verideck.importing import computing, holding
from verideck.reading.items import Mark

if TYPE_CHECKING:
    from verideck.importing.findings import Answer
    from verideck.problems import Problem
    from verideck.reading.items import Item


def marked(item: Item, answer: Answer) -> tuple[Problem, ...]:
    """Warn where a scan's tick and a computed key are not the same."""
    ticks = {n for n, option in enumerate(item.options, 1) if option.mark is Mark.TICKED}
    if not ticks or any(option.ticked for option in item.options):
        return ()
    if answer.verdict is Verdict.KEY_FOUND and ticks != set(answer.ticks):
        found, scanned = holding.named(item, answer.ticks), holding.named(item, ticks)
        message = f"the scan shows a tick at {scanned}, but {found} is computed"
    elif answer.verdict is Verdict.KEY_FOUND:
        message = f"the scan's tick is at the computed {holding.named(item, ticks)}, too"
    elif answer.verdict is Verdict.NO_OPTION:
        message = f"the scan shows a tick at {holding.named(item, ticks)}, which is not right either"
    else:
        return ()
    return (computing.warned(item.line, message),)
