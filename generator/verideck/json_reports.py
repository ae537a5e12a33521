"""The reports of commands for programs: JSON with every problem, however many there are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from verideck import change_report
from verideck.cards import Verdict

if TYPE_CHECKING:
    from verideck.building import Built, Examined
    from verideck.exporting import Exported
    from verideck.problems import Problem
    from verideck.publishing.gallery import Published


def write(data: Mapping[str, Any]) -> str:
    """Write JSON for a program."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def totals(examined: Examined) -> dict[str, Any]:
    """Count cards by verdict, and computations by where they were done."""
    counts = Counter(one.verdict for one in examined.checked)
    verification = examined.verification
    return {
        "counts": {verdict: counts[verdict] for verdict in Verdict if counts[verdict]},
        "evidence": {
            "computed_now": verification.computed,
            "computed_here": verification.computed + verification.reused - verification.trusted,
            "computed_elsewhere": verification.trusted,
        },
    }


def build(result: Built | Sequence[Problem]) -> str:
    """Return what `build --format json` prints: whether it wrote, the package, counts, every problem."""
    if isinstance(result, Sequence):
        return _refused(result)
    return write(
        {
            "written": True,
            "package": result.package.as_posix(),
            "size": result.size,
            "changes": change_report.as_json(result.examined.changes),
            **totals(result.examined),
            "problems": [asdict(problem) for problem in result.problems],
        }
    )


def gallery(result: Published | Sequence[Problem]) -> str:
    """Return what `gallery --format json` prints: whether it wrote, where it begins, every problem."""
    if isinstance(result, Sequence):
        return _refused(result)
    return write(
        {
            "written": True,
            "index": result.index.as_posix(),
            "cards": result.cards,
            "pages": result.pages,
            "size": result.size,
            "computed_elsewhere": result.trusted,
            "problems": [asdict(problem) for problem in result.problems],
        }
    )


def export(result: Exported) -> str:
    """Return what `export --report json` prints: how many cards were written, every problem."""
    return write(
        {
            "written": result.written,
            "cards": result.count,
            "total": result.total,
            "computed_elsewhere": result.trusted,
            "problems": [asdict(problem) for problem in result.problems],
        }
    )


def _refused(problems: Sequence[Problem]) -> str:
    return write({"written": False, "problems": [asdict(problem) for problem in problems]})
