"""What a saved page's question has lost, told to a person: one warning for each part, with its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.cards import Location
from verideck.problems import Problem, warning
from verideck.reading.items import Item, ItemOption, Lost

if TYPE_CHECKING:
    from verideck.reading.pages.choices import Run
    from verideck.reading.pages.snippets import Snippet

_TOLD: dict[Lost, tuple[str, str]] = {
    Lost.TEXT: ("the question's text is lost", "write it from the original page"),
    Lost.OPTIONS: ("the options and the key are lost", "write the options and tick the right one"),
    Lost.KEY: ("the key is lost", "tick the right option"),
    Lost.ANSWER: ("the answer is lost", "write it from the original page, or your own"),
}


def told(item: Item, path: str) -> tuple[Problem, ...]:
    """Tell which parts of a question are lost; of single options `of_options` tells more."""
    said = {
        Lost.TEXT: not item.question,  # else it is the code that is lost, which is told by itself
        Lost.OPTIONS: not item.options,
        Lost.KEY: bool(item.options),  # goes with the options
        Lost.ANSWER: True,
    }
    return tuple(warning(Location(path, item.line), *_TOLD[part]) for part in item.lost if said[part])


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
        many = f"option{'s' * (len(run.inside) > 1)} {_and(run.inside)}"
        message = f"{many} stood on another option's line, which is parted at the letter"
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


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def parts(*, text: bool, run: Run | None, key: str) -> tuple[Lost, ...]:
    """Give what a question with options has lost; `key` is the letter that the page itself calls right."""
    lost = {
        Lost.TEXT: not text,
        Lost.OPTIONS: run is None or bool(run.lost) or any(option.blank for option in run.options),
        Lost.KEY: run is None or key not in {option.letter for option in run.options},
    }
    return tuple(part for part, gone in lost.items() if gone)


def ticked(options: Sequence[ItemOption], key: str) -> tuple[ItemOption, ...]:
    """Tick the option that the page itself calls right, if it does."""
    return tuple(replace(option, ticked=option.letter == key) for option in options)
