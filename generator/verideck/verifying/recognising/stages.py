"""A pipeline's stages: each given shape against its operation, the chain of shapes, rows that sum to one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising.operations import Derived, Flow, derive
from verideck.verifying.recognising.proposals import Convention, Proposal
from verideck.verifying.recognising.stage_shapes import shown, sizes, written

if TYPE_CHECKING:
    from verideck.reading.items import Item, Page, Stage

LONGEST = 600  # characters of an operation in which words are looked for
MOST = 8  # rows of an example that are summed
ROW = re.compile(r"\[([^\[\]]*)\]")
NUMERAL = re.compile(r"(?:0|1)?\.\d{1,8}|[01]")
PROBABLE = re.compile(r"probabilit|attention weights|softmax|distribution", re.IGNORECASE)
IMPROBABLE = re.compile(r"sigmoid|multi-?label|binary|\blogits?\b|scores", re.IGNORECASE)
COUNTED = re.compile(
    r"\b(\d{1,7})[\s-]*(?:classes|class\b|categories|labels|units|neurons|outputs?\b|nodes|features|dimension|dims?\b)"
    r"|\bto (\d{1,7})\b",
    re.IGNORECASE,
)
# A stage with such a word may take what no stage before it gives, or what an earlier one gave.
BRANCHES = re.compile(
    r"skip|residual|original|split|test|validation|target|decoder|encoder|cross|evaluat|concat|merge|batch",
    re.IGNORECASE,
)


def recognise(item: Item, page: Page | None = None) -> Iterable[Proposal]:
    """Propose what holds of one stage; the page tells what the stages round it take and give."""
    if item.stage is None:
        return
    stages = [(one.line, one.stage) for one in page.items if one.stage is not None] if page else []
    stages.sort(key=lambda one: one[0])
    before = [stage for line, stage in stages if line < item.line]
    after = [stage for line, stage in stages if line > item.line]
    derived = _derived(item.stage, after[0] if after else None)
    if derived is not None:
        yield _operation(item, *derived)
    yield from _chain(item, item.stage, before)
    yield from _rows(item, item.stage)


def _derived(stage: Stage, following: Stage | None) -> tuple[str, Derived, Flow] | None:
    taken, given = sizes(stage.taken), sizes(stage.given)
    if not taken or len(given) != 1:
        return None
    next_taken = sizes(following.taken) if following else ()
    after = next_taken[0][-1] if len(next_taken) == 1 else 0
    flow = Flow(f"{stage.name}: {stage.operation}".lower()[:LONGEST], taken, given[0], _stated(stage), after)
    found = derive(flow)
    return (found[0].name, found[1], flow) if found else None


def _stated(stage: Stage) -> tuple[int, ...]:
    """Give what states the size of the last axis besides the shape: the words, a note, an example's rows."""
    text = f"{stage.operation} {' '.join(re.findall(r'[(]([^()]*)[)]', stage.given))}"
    found = [int(one or other) for one, other in COUNTED.findall(text)]
    rows = [row for row in ROW.findall(stage.example) if "." in row and "..." not in row and "…" not in row]
    lengths = {len(row.split(",")) for row in rows}
    return (*found, *(lengths if len(lengths) == 1 else ()))


def _operation(item: Item, name: str, derived: Derived, flow: Flow) -> Proposal:
    taken = " and ".join(map(shown, flow.taken))
    return Proposal(
        "stages",
        derived.code,
        Subject.ANSWER,
        item.line,
        complete=derived.sure,
        conventions=tuple(Convention(said, f"answer == {written(size)}") for said, size in derived.others),
        message=f"{name} makes {shown(derived.sizes)} of {taken}",
    )


def _chain(item: Item, stage: Stage, before: list[Stage]) -> Iterable[Proposal]:
    """Hold what a stage takes against what the one before it gives.

    It may take something else besides, and a branch may take what was given earlier.
    """
    last = before[-1] if before else None
    taken, given = sizes(stage.taken), sizes(last.given) if last else ()
    if last is None or not taken or len(given) != 1 or given[0] in taken or len(taken[0]) != len(given[0]):
        return
    if BRANCHES.search(f"{stage.name} {stage.operation} {last.name} {last.operation}"):
        return
    yield Proposal(
        "stages",
        f"explanation({written(taken[0])} == {written(given[0])})",
        Subject.EXPLANATION,
        item.line,
        complete=True,
        claimed=shown(taken[0]),
        message=(
            f"stage {stage.number} takes {shown(taken[0])}, but stage {last.number} gives {shown(given[0])}"
        ),
    )


def _rows(item: Item, stage: Stage) -> Iterable[Proposal]:
    """Sum the whole rows of an example that is said to hold probabilities."""
    said = stage.example if PROBABLE.search(stage.example) else f"{stage.operation} {stage.example}"
    if not PROBABLE.search(said) or IMPROBABLE.search(said):
        return
    rows = [[part.strip() for part in row.split(",")] for row in ROW.findall(stage.example)]
    whole = [row for row in rows if len(row) > 1 and all(NUMERAL.fullmatch(part) for part in row)]
    digits = max(
        (len(part.partition(".")[2]) for row in rows for part in row if NUMERAL.fullmatch(part)), default=0
    )
    for row in whole[:MOST]:
        allowed = f"{len(row) * 0.5 * 10**-digits:.{digits + 1}f}".rstrip("0")
        listed = ", ".join(row)
        yield Proposal(
            "stages",
            f"explanation(abs(sum([{listed}]) - 1) <= {allowed})",
            Subject.EXPLANATION,
            item.line,
            complete=True,
            claimed=f"[{listed}]",
            message=f"the probabilities [{listed}] do not sum to 1",
        )
