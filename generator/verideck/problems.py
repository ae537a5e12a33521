"""What is wrong with a source, told to a person: where, what, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck.cards import Location


MAX_LINE_PROBLEMS = 1_000  # problems that are kept of one file with a record per line


class Severity(StrEnum):
    """How much a problem weighs: an error stops the build, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding. Lines and columns count from 1; columns count characters."""

    path: str
    line: int
    column: int
    severity: Severity
    message: str
    hint: str = ""

    @property
    def place(self) -> str:
        """Give `path:line:column`."""
        return f"{self.path}:{self.line}:{self.column}"

    def __str__(self) -> str:
        """Say `path:line:column: severity: message`, the hint on a line of its own."""
        first = f"{self.place}: {self.severity}: {self.message}"
        return f"{first}\n    hint: {self.hint}" if self.hint else first


def error(at: Location, message: str, hint: str = "") -> Problem:
    """Make an error at a place in a source."""
    return Problem(at.path, at.line, at.column, Severity.ERROR, message, hint)


def warning(at: Location, message: str, hint: str = "") -> Problem:
    """Make a warning at a place in a source."""
    return Problem(at.path, at.line, at.column, Severity.WARNING, message, hint)


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by place and drop the ones said twice."""
    return tuple(sorted(set(problems)))


@dataclass(slots=True)
class LineProblems:
    """The problems of one file's lines: the first `MAX_LINE_PROBLEMS`, and how many more there are."""

    kept: list[Problem] = field(default_factory=list)
    more: int = 0
    _next: Problem | None = None  # the first one that is only counted, with the weight of the worst

    def add(self, problems: Iterable[Problem]) -> None:
        """Take in the problems of the next line."""
        for problem in problems:
            if len(self.kept) < MAX_LINE_PROBLEMS:
                self.kept.append(problem)
                continue
            self.more += 1
            if self._next is None:
                self._next = problem
            elif problem.severity is Severity.ERROR:
                self._next = replace(self._next, severity=problem.severity)

    def closed(self, hint: str) -> tuple[Problem, ...]:
        """Return the problems that were kept and, if there are more, a last one that says how many."""
        if self._next is None:
            return tuple(self.kept)
        message = f"{self.more:,} more problem{'s' if self.more > 1 else ''} in this file"
        last = replace(self._next, column=1, message=message, hint=hint)
        return (*self.kept, last)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any problem stops the build."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest the known word nearest to `word`, as a hint; empty where none is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""
