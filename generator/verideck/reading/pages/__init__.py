"""Saved quiz pages: which layout a page has, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from verideck import guard
from verideck.cards import Location
from verideck.problems import Problem, error, ordered, warning
from verideck.reading.items import Fate, Item, Line, Page
from verideck.reading.pages import challenge, decoding, explained, graded, html, pipeline, recall
from verideck.reading.pages.layouts import Found, Layout
from verideck.reading.pages.tokens import Token, TokenKind, tokenise

LAYOUTS: tuple[Layout, ...] = (
    Layout("challenge", challenge.MARKS, challenge.find, challenge.read),
    Layout("recall", recall.MARKS, recall.find, recall.read),
    Layout("pipeline", pipeline.MARKS, pipeline.find, pipeline.read),
    Layout("graded", graded.MARKS, graded.find, graded.read),
    Layout("explained", explained.MARKS, explained.find, explained.read, last_resort=True),
)

_Part = tuple[Layout, Sequence[Token]]


def read(data: bytes, path: str) -> Page:
    """Read a saved page, text or HTML, by the marks of its layout; all of its problems are in the page.

    Every line gets a fate. What no reader has taken is told and counts as a problem.
    """
    problems: list[Problem] = []
    page = guard.read(partial(_page, data, path), "file", Location(path), problems)
    return page or Page(path, "", "", (), tuple(problems))


def _page(data: bytes, path: str) -> Page:
    decoded = decoding.decode(data, path)
    if decoded.text is None:
        return Page(path, "", "", (), decoded.problems)
    text, title, said = decoded.text, "", decoded.problems
    if html.is_html(text):
        document = html.read(text, path)
        lines, title, said = document.lines, document.title, (*said, *document.problems)
        refused = decoding.too_long(sum(len(line.text) for line in lines), len(lines), path)
    elif not (refused := decoding.too_long(len(text), text.count("\n"), path)):
        lines = decoding.lines(text)
    if refused:
        return Page(path, "", title, (), ordered((*said, *refused)))
    # HTML can hold many lines in one: the readers count what they see, the page gets the file's numbers.
    seen = tuple(Line(index, line.text) for index, line in enumerate(lines, start=1))
    found, layout = _read(tokenise(seen), path)
    fates, untold = _fates(seen, found, path)
    found = _numbered(replace(found, problems=(*found.problems, *untold)), lines)
    problems = ordered((*said, *found.problems))
    return Page(path, layout, found.title or title, found.items, problems, lines, fates)


def _read(tokens: Sequence[Token], path: str) -> tuple[Found, str]:
    parts = _divide(tokens)
    if not parts:
        problem = error(Location(path), "no known layout: none of the marks of a quiz page is here", _marks())
        fates = {token.line: Fate.PROBLEM for token in tokens if token.kind is not TokenKind.BLANK}
        return Found((), (problem,), fates), ""
    each = [_found(layout, part, path) for layout, part in parts]
    joined = Found(
        tuple(item for found in each for item in found.items),
        tuple(problem for found in each for problem in found.problems),
        {number: fate for found in each for number, fate in found.fates.items()},
        next((found.title for found in each if found.title), ""),
    )
    names = " + ".join(dict.fromkeys(layout.name for layout, _ in parts))
    if not joined.items:
        first = next(token.line for token in tokens if token.kind is not TokenKind.BLANK)
        message, hint = (
            f"this looks like a page of the family {names}, but no question is left on it",
            "save the page again",
        )
        joined = replace(joined, problems=(*joined.problems, warning(Location(path, first), message, hint)))
    return joined, names


def _found(layout: Layout, part: Sequence[Token], path: str) -> Found:
    """Read one part of a page; a fault of ours costs this part only."""
    problems: list[Problem] = []
    at = Location(path, part[0].line)
    found = guard.read(partial(layout.read, part, path), "part of the page", at, problems)
    return found or Found((), tuple(problems), {token.line: Fate.PROBLEM for token in part})


def _divide(tokens: Sequence[Token]) -> list[_Part]:
    """Part a page where another layout begins; what stands above the first mark belongs to the first part."""
    starts = _starts(tokens, last_resort=False) or _starts(tokens, last_resort=True)
    changes = [next(group) for _, group in groupby(starts, key=lambda found: found[1])]
    parts: list[_Part] = []
    at = 0
    for index, (_, place) in enumerate(changes):
        end = len(tokens)
        if index + 1 < len(changes):
            line = changes[index + 1][0]
            end = next(i for i in range(at, len(tokens)) if tokens[i].line >= line)
        parts.append((LAYOUTS[place], tokens[at:end]))
        at = end
    return parts


def _starts(tokens: Sequence[Token], *, last_resort: bool) -> list[tuple[int, int]]:
    """Give where layouts begin, in order: the line, and the layout's place in the table."""
    return sorted(
        (line, place)
        for place, layout in enumerate(LAYOUTS)
        if layout.last_resort is last_resort
        for line in layout.find(tokens)
    )


def _marks() -> str:
    told = "; ".join(f"{layout.name}: {', '.join(layout.marks)}" for layout in LAYOUTS)
    return f"looked for {told}"


def _fates(lines: Sequence[Line], found: Found, path: str) -> tuple[tuple[Fate, ...], tuple[Problem, ...]]:
    """Give each line its fate; runs of lines that no reader took are told as problems."""
    fates = [
        Fate.NOISE if not line.text.strip() else found.fates.get(line.number, Fate.UNACCOUNTED)
        for line in lines
    ]
    problems = tuple(_untold(lines, fates, path))
    return tuple(Fate.PROBLEM if fate is Fate.UNACCOUNTED else fate for fate in fates), problems


def _untold(lines: Sequence[Line], fates: Sequence[Fate], path: str) -> Iterator[Problem]:
    shown = [index for index, line in enumerate(lines) if line.text.strip()]
    for lost, group in groupby(shown, key=lambda index: fates[index] is Fate.UNACCOUNTED):
        if not lost:
            continue
        run = list(group)
        first = lines[run[0]]
        text = first.text.strip()
        quoted = f"`{text[:60]}{'…' if len(text) > 60 else ''}`".replace("``", "`")
        message = f"{quoted} belongs to no question" if len(run) == 1 else (
            f"{len(run):,} lines from {quoted} on belong to no question"
        )  # fmt: skip
        yield warning(
            Location(path, first.number), message, "add what they say to a card by hand, or leave them out"
        )


def _numbered(found: Found, lines: Sequence[Line]) -> Found:
    """Give what was found the file's line numbers in place of those that the readers counted."""
    if all(line.number == index for index, line in enumerate(lines, start=1)):
        return found
    number = [0, *(line.number for line in lines)]
    last = len(number) - 1
    return replace(
        found,
        items=tuple(_item(item, number) for item in found.items),
        problems=tuple(replace(one, line=number[min(max(one.line, 1), last)]) for one in found.problems),
    )


def _item(item: Item, number: Sequence[int]) -> Item:
    return replace(
        item,
        line=number[item.line],
        code_line=number[item.code_line],
        explanation_line=number[item.explanation_line],
        options=tuple(replace(option, line=number[option.line]) for option in item.options),
    )
