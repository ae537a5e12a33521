"""Programs that want out, or want everything, through the real child: a layer of the sandbox stops each.

The layers, in the order in which a program meets them: the grammar, the tables of names, the budgets, Python
or torch itself (which raise: a result like any other), and the limits of the child process. A program may be
stopped earlier than its table says, never later. `test_confinement` tries the last layer alone.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verideck.verifying.executors import local
from verideck.verifying.records import JobKind, Outcome
from verideck.verifying.snippets import grammar
from verideck.verifying.worker import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LAYERS = ("grammar", "table", "budget", "raised", "child")

# One program a line, `\n` for a new line in it.
PROGRAMS = [
    (layer, line.replace("\\n", "\n"))
    for layer in LAYERS
    for line in (Path(__file__).parent / "hostile" / f"{layer}.txt").read_text(encoding="utf-8").splitlines()
]
HEAD = "import math, torch\n"
GOOD = "import torch\nprint(torch.softmax(torch.tensor([0.0, 0.0]), 0))"

# What the budgets say when they turn something down.
SPENT = re.compile(
    r"a program (that|nested|of|with too)|too (large|long|deeply)|so (much|large|long|many)|more than"
    r"|such a width|the format `"
)


@pytest.fixture(scope="module")
def outcomes() -> Mapping[str, tuple[Outcome, Outcome]]:
    """Run every program in the child, and after each a good one: what they gave."""
    jobs = [Job(JobKind.RUN, code) for _, program in PROGRAMS for code in (HEAD + program, GOOD)]
    found = local(2)(jobs, lambda done, total: None)
    return {code: (found[2 * at], found[2 * at + 1]) for at, (_, code) in enumerate(PROGRAMS)}


def stopped_by(program: str, outcome: Outcome) -> str:
    """Name the layer that stopped a program; empty where none did."""
    if grammar.parse(HEAD + program)[0] is None:
        return "grammar"
    if outcome.faults:
        fault = outcome.faults[0]
        if fault.reason in ("crash", "busy") or "processor time" in fault.message:
            return "child"
        return "budget" if SPENT.search(fault.message) else "table"
    return "raised" if outcome.run is not None and outcome.run.raised else ""


@pytest.mark.parametrize(("layer", "program"), PROGRAMS)
def test_hostile_program(layer: str, program: str, outcomes: Mapping[str, tuple[Outcome, Outcome]]) -> None:
    outcome, after = outcomes[program]
    found = stopped_by(program, outcome)
    assert found, f"it was computed: {outcome.run}"
    assert LAYERS.index(found) <= LAYERS.index(layer), f"stopped by the {found} only: {outcome}"
    assert after.faults == ()
    assert after.run is not None
    assert after.run.printed == "tensor([0.5000, 0.5000])\n"
    for fault in outcome.faults:
        assert fault.message
        assert 1 <= fault.line <= (HEAD + program).count("\n") + 1


def test_each_layer_stops_many(
    outcomes: Mapping[str, tuple[Outcome, Outcome]], record_property: Callable[[str, object], None]
) -> None:
    counts = Counter(stopped_by(program, outcomes[program][0]) for _, program in PROGRAMS)
    record_property("stopped by", ", ".join(f"{layer} {counts[layer]}" for layer in LAYERS))
    print(f"hostile programs: {len(PROGRAMS)};", *(f"{layer} {counts[layer]}" for layer in LAYERS))  # noqa: T201 - shown by `pytest -rP`
    assert len(PROGRAMS) == len({code for _, code in PROGRAMS}) >= 150
    assert set(counts) == set(LAYERS)


@pytest.mark.parametrize("program", [code for layer, code in PROGRAMS if layer != "grammar"])
def test_a_program_for_a_later_layer_is_in_the_grammar(program: str) -> None:
    tree, faults = grammar.parse(HEAD + program)
    assert tree is not None, faults
