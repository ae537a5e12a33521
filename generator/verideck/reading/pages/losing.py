"""What a saved page's question has lost, told to a person: one warning for each part, with its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from verideck.cards import Location
from verideck.problems import Problem, warning
from verideck.reading.items import ItemOption, Lost

if TYPE_CHECKING:
    from verideck.reading.pages.choices import Run
    from verideck.reading.pages.snippets import Snippet

_TOLD: dict[Lost, tuple[str, str]] = {
    Lost.TEXT: ("the question's text is lost", "write it from the original page"),
    Lost.OPTIONS: (
        "the question's options are lost",
        "write them from the original page, and tick the right one",
    ),
    Lost.KEY: ("the page does not say which option is right", "tick it, or let a check find it"),
    Lost.ANSWER: ("the answer is lost", "write it from the original page, or your own"),
}


def told(part: Lost, line: int, path: str) -> Problem:
    """Tell that a part of a question is lost."""
    return warning(Location(path, line), *_TOLD[part])


def of_options(run: Run, path: str) -> tuple[Problem, ...]:
    """Tell which options of a run are missing or have no text, and which were put apart."""
    line = run.options[0].line
    hint = "write it from the original page"
    found = [warning(Location(path, line), f"option {letter} is lost", hint) for letter in run.lost]
    for option in run.options:
        if option.blank:
            message = f"the text of option {option.letter} is lost"
            found.append(warning(Location(path, option.line), message, hint))
    if run.inside:
        many = " and ".join(run.inside)
        message = f"option {many} stood on another option's line; put on a line of its own"
        found.append(warning(Location(path, line), message, "compare with the original page"))
    return tuple(found)


def of_code(snippet: Snippet, path: str) -> tuple[Problem, ...]:
    """Tell where a snippet's restored lines could be read in another way."""
    at = Location(path, snippet.line)
    return tuple(
        warning(
            at, f"the code's lost line breaks can be put back in two ways: {doubt}", "compare with the page"
        )
        for doubt in snippet.ambiguous
    )


def ticked(options: Sequence[ItemOption], key: str) -> bool:
    """Tell whether the page's own key names one of the options."""
    return any(option.letter == key for option in options)
