"""An item of a page and what was decided of it, as a card that Markdown can say.

What the page does not hold stays empty, and the card's `lost` names it; nothing is made up. What the import
has to say of a card stands beside it in comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.cards import LEVELS, Card, Fence, Kind, Location, Option, Verdict
from verideck.importing import checks, safe_formulas
from verideck.problems import Severity, warning
from verideck.reading import names
from verideck.reading.fronts import ENDS_A_COMMENT
from verideck.reading.items import Lost, Mark, Markup
from verideck.reading.kinds import BLANK
from verideck.reading.writing import escape

if TYPE_CHECKING:
    from verideck.importing.deciding import Decision
    from verideck.problems import Problem
    from verideck.reading.items import Item

_BACKTICKS = re.compile(r"^`{3,}", re.MULTILINE)
_LANGUAGES = {"pytorch": "python", "py": "python", "python3": "python", "tensorflow": "python"}


def card(item: Item, decision: Decision, deck: str, path: str, identity: str | None = None) -> Card:
    """Make the card of an item; `path` is the page's."""
    at = Location(path, item.line)
    made = Card(
        kind=item.kind,
        location=at,
        heading=heading(item),
        deck=deck,
        body=_body(item, decision),
        explanation=_text(item, item.explanation),
        hint=_text(item, item.hint),
        id=identity,
        tags=tuple(tag for tag in item.tags if names.tag_fault(tag) is None and ENDS_A_COMMENT not in tag),
        level=item.level if item.level in LEVELS else "",
        mistake=_text(item, item.mistake),
        takeaway=_text(item, item.takeaway),
        source=tuple(map(safe_formulas.keep, item.source)),
        select_all=item.kind is Kind.CHOICE and item.select_all,
        keep_order=item.kind is Kind.CHOICE and item.keep_order,
        reverse=item.kind is Kind.RECALL and item.reverse,
        checks=tuple(Fence(code, at) for code in checks.together(decision.checks)),
        runs=(Fence(_code(item), _code_place(item, path)),) if decision.run else (),
        outputs=(Fence(item.output.strip("\n"), at),) if decision.run and item.output else (),
        lost=tuple(part.value for part in _lost(item, decision)),
    )
    match item.kind:
        case Kind.CHOICE:
            return _choice(made, item, decision)
        case Kind.RECALL:
            return _recall(made, item)
        case Kind.TYPED:
            return _typed(made, item)
    return made  # a cloze card's text is its question's


def heading(item: Item) -> str:
    """Give an item's question as its card's heading is written: Markdown on one line."""
    return _line(item, item.question)


def remarks(item: Item, decision: Decision, problems: Iterable[Problem]) -> tuple[str, ...]:
    """Say in comments what a person should know who completes the card.

    What the page shows and a card has no place for, how a key was found, what is wrong, what to add.
    """
    said = []
    if item.title and item.title.casefold() not in item.question.casefold():
        said.append(f"the page's title for it: {item.title}")
    if item.level and item.level not in LEVELS:
        said.append(f"the page's level for it: {item.level}")
    if item.joined and item.code:
        said.append("the page holds the program as one line; its lines are put back")
    said += _marks(item)
    said += _findings(item, decision)
    said += [told(problem) for problem in problems]
    if decision.offered:
        said.append(f"an option to add: - [x] {_line(item, decision.offered)}")
    said += _to_do(item, decision)
    return tuple(" ".join(line.split()) for line in dict.fromkeys(said))


def told(problem: Problem) -> str:
    """Say a problem on one line, for a comment."""
    weight = "error: " if problem.severity is Severity.ERROR else ""
    hint = f"; {problem.hint}" if problem.hint else ""
    return f"{weight}{problem.message}{hint}"


def _to_do(item: Item, decision: Decision) -> list[str]:
    """Say what completes a card that has lost a part."""
    lost = _lost(item, decision)
    todo = ["write the question"] if Lost.TEXT in lost else []
    if Lost.OPTIONS in lost and not item.options:
        where = "in place of the line of dashes" if item.explanation else "below"
        todo.append(
            f"write the options {where}, `- [x] ` before the right one and `- [ ] ` before the others"
        )
    elif Lost.OPTIONS in lost:
        todo.append("mend the options")
    if decision.verdict is Verdict.NO_OPTION:
        todo.append("add the right option, and tick it")
    elif Lost.KEY in lost and item.options:
        todo.append("tick the right ones" if item.select_all else "tick the right one")
    if Lost.ANSWER in lost:
        todo.append("write the answer")
    out = [f'and take `lost="{" ".join(lost)}"` out'] if lost else []
    return [f"to complete it: {', '.join([*todo, *out])}"] if todo else []


def _lost(item: Item, decision: Decision) -> tuple[Lost, ...]:
    """Give what is lost of an item, for its card: what the page's reader names, and what is not there.

    Where no option is right there is no key to find: the card is an error until it has the right one.
    """
    lost = {*decision.lost, *_missing(item, decision)}
    if decision.verdict is Verdict.NO_OPTION:
        lost -= {Lost.KEY}
    return tuple(part for part in Lost if part in lost)


def _missing(item: Item, decision: Decision) -> Iterator[Lost]:
    """Name what a card cannot be without; one option alone has lost the others."""
    if not heading(item):
        yield Lost.TEXT
    if item.kind is Kind.CHOICE and len({_line(item, option.text) for option in item.options}) < 2:
        yield Lost.OPTIONS
    if item.kind in {Kind.RECALL, Kind.TYPED} and not (item.answer.strip() or item.accepted or decision.run):
        yield Lost.ANSWER


def _marks(item: Item) -> list[str]:
    """Name the options that a scan shows ticked: a hint for the author, and no more."""
    ticked = [n for n, option in enumerate(item.options, start=1) if option.mark is Mark.TICKED]
    if not ticked:
        return []
    listed = " and ".join(str(n) for n in ticked)
    return [f"the scan shows a tick at option {listed}; such marks are often wrong"]


def _findings(item: Item, decision: Decision) -> list[str]:
    """Say how the key was found, or what was computed where there are no options to hold it against."""
    how = "running the program" if decision.run else "computing"
    if decision.ticks and not any(option.ticked for option in item.options):
        value = f": {decision.computed}" if decision.computed else ""
        return [f"the key was found by {how}{value}"]
    if decision.computed and decision.lost and not decision.offered:
        return [f"what comes of {how}: {decision.computed}"]
    return []


def _recall(made: Card, item: Item) -> Card:
    return replace(made, answer=_text(item, item.answer))


def _typed(made: Card, item: Item) -> Card:
    given = item.accepted or ((item.answer,) if item.answer else ())
    return replace(made, accepted=tuple(dict.fromkeys(_line(item, text) for text in given)))


def _choice(made: Card, item: Item, decision: Decision) -> Card:
    ticks = set(decision.ticks) or {n for n, one in enumerate(item.options, start=1) if one.ticked}
    options: dict[str, Option] = {}
    for n, option in enumerate(item.options, start=1):
        text = _line(item, option.text) or BLANK
        if text in options and text != BLANK:  # a page that holds it twice; a card may not
            options[text] = replace(options[text], ticked=options[text].ticked or n in ticks)
            continue
        at = Location(made.location.path, option.line)
        key = text if text != BLANK else f"{BLANK} {n}"
        options[key] = Option(text, n in ticks, at, _text(item, option.reason))
    return replace(made, options=tuple(options.values()), select_all=made.select_all or len(ticks) > 1)


def _body(item: Item, decision: Decision) -> str:
    """Write the rest of the question, the program and what it printed."""
    parts = [_text(item, item.body)]
    if item.code:
        language = _LANGUAGES.get(item.language.lower(), item.language.lower()) or "text"
        parts.append(_fence(_code(item), f"{language} run" if decision.run else language))
    if item.output:
        parts.append(_fence(item.output.strip("\n"), "text output" if decision.run else "text"))
    return "\n\n".join(part for part in parts if part)


def _code(item: Item) -> str:
    return item.code.strip("\n")


def _code_place(item: Item, path: str) -> Location:
    return Location(path, item.code_line or item.line)


def _fence(code: str, info: str) -> str:
    """Fence code with more backticks than any line of it begins with."""
    longest = max((len(run) for run in _BACKTICKS.findall(code)), default=2)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{re.sub(r'[^a-z0-9+# -]', '', info)}\n{code}\n{marks}"


def formula_problems(item: Item, path: str) -> Iterator[Problem]:
    """Warn of the formulas that a card keeps as code, as it must not show them."""
    texts = (item.question, item.body, item.answer, *item.accepted, item.hint, item.mistake, item.takeaway)
    placed = [(text, item.line) for text in (*texts, *item.source)]
    placed.append((item.explanation, item.explanation_line or item.line))
    placed += [(text, option.line) for option in item.options for text in (option.text, option.reason)]
    for text, line in placed:
        for fault in safe_formulas.find_faults(_written(item, text)):
            yield warning(Location(path, line), f"{fault.message}; the formula is kept as code", fault.hint)


def _text(item: Item, text: str) -> str:
    """Write a text of the item in Markdown whose formulas are safe."""
    return safe_formulas.keep(_written(item, text))


def _written(item: Item, text: str) -> str:
    text = text.strip("\n").rstrip()
    return text if item.markup is Markup.MARKDOWN else escape(text)


def _line(item: Item, text: str) -> str:
    return " ".join(_text(item, " ".join(text.split())).split())
