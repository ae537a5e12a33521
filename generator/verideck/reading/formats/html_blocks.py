"""Blocks of HTML to Markdown: paragraphs, lists, quotes, tables, code; deep ones are written side by side."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from verideck.reading.formats import escapes, html_inline, html_maths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Set

    from lxml import etree

    from verideck.reading.formats.html_inline import Writing

_MAX_NESTING = 5  # lists and quotes inside each other
_PARTS = frozenset(("thead", "tbody", "tfoot"))  # of a table
_LANGUAGE = re.compile(r"\blanguage-([A-Za-z0-9+#-]{1,30})")


def blocks(element: etree._Element, writing: Writing, nesting: int = 0) -> list[str]:
    """Write what an element holds, block by block."""
    made: list[str] = []
    run = [escapes.part(element.text or "")]
    for child in element:
        if _holds_blocks(child):
            made += _paragraphs(run, writing)
            made += _block(child, writing, nesting)
        else:
            run.append(html_inline.written(child, writing))
        run.append(escapes.part(child.tail or ""))
    return made + _paragraphs(run, writing)


def _paragraphs(run: list[str], writing: Writing) -> list[str]:
    """Write what has been collected of a line, with the marks of the elements around; empties it."""
    text = "".join(run)
    run.clear()
    for element in reversed(writing.around[: html_inline.MAX_MARKS]):
        text = html_inline.marked(element, escapes.SPACE.sub(" ", text))
    return list(html_inline.paragraphs(text))


def _block(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    return _WRITTEN.get(html_inline.name(element), blocks)(element, writing, nesting)


def _holds_blocks(element: etree._Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in html_inline.DROPPED:
        return False
    return any(html_inline.name(one) in html_inline.BLOCKS for one in element.iter())


def _marked(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write blocks inside an element of a line, such as paragraphs in bold: its marks go round each."""
    writing.around.append(element)
    writing.nesting += 1
    made = blocks(element, writing, nesting)
    writing.nesting -= 1
    writing.around.pop()
    return made


def _heading(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write a heading below the level at which a card begins."""
    level = {"h1": 3, "h2": 3, "h3": 4, "h4": 5}.get(str(element.tag), 6)
    inner = blocks(element, writing, nesting)
    if nesting or any("\n" in text for text in inner) or any(map(_holds_blocks, element)):
        return inner
    return [f"{'#' * level} {escapes.heading(text)}" for text in inner]


def _rule(_element: etree._Element, _writing: Writing, nesting: int) -> list[str]:
    return [] if nesting else ["***"]


def _code(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write a block of code: a fence, or inside a list or quote, where none may stand, a span a line."""
    text = html_inline.text_of(element, writing).strip("\n").expandtabs(4)
    if not text.strip():
        return []
    if nesting or escapes.varies(text):
        return _code_lines(text)
    classes = " ".join(one.get("class") or "" for one in (element, *element.iter("code")))
    language = _LANGUAGE.search(classes)
    return [escapes.fence(text, language[1] if language else "")]


def _spans(element: etree._Element, writing: Writing, _nesting: int) -> list[str]:
    """Write code of a line that holds blocks all the same: a span a line."""
    return _code_lines(html_inline.text_of(element, writing))


def _code_lines(text: str) -> list[str]:
    lines = [escapes.code(line) for line in text.split("\n") if line.strip()]
    return ["\\\n".join(lines)] if lines else []


def _list(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write a list; inside many others its items stand side by side."""
    if nesting >= _MAX_NESTING:
        return blocks(element, writing, nesting)
    items: list[str] = []
    for inner, beside in _entries(element, writing, nesting + 1):
        if beside and items:  # a list beside the items, as editors nest them
            items[-1] = "\n".join((items[-1], *(_indented(block, 3) for block in inner)))
            continue
        marker = f"{len(items) + 1}. " if element.tag == "ol" else "* "
        if item := _item(inner, marker):
            items.append(item)
    return ["\n".join(items)] if items else []


def _entries(element: etree._Element, writing: Writing, nesting: int) -> Iterator[tuple[list[str], bool]]:
    """Give the blocks of each item of a list, and whether they are a list of their own.

    What stands between the items is an item, too.
    """
    run = [escapes.part(element.text or "")]
    for child in element:
        if _holds_blocks(child):
            yield _paragraphs(run, writing), False
            beside = child.tag in {"ul", "ol"}
            yield (blocks if child.tag == "li" else _block)(child, writing, nesting), beside
        else:
            run.append(html_inline.written(child, writing))
        run.append(escapes.part(child.tail or ""))
    yield _paragraphs(run, writing), False


def _item(inner: list[str], marker: str) -> str:
    if not inner:
        return ""
    parts = [inner[0]]
    for block in inner[1:]:
        parts += ("\n" if re.match(r"(?:\*|1\.) ", block) else "\n\n", block)
    return marker + _indented("".join(parts), len(marker)).lstrip(" ")


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else line for line in text.split("\n"))


def _quote(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    inner = blocks(element, writing, nesting + 1)
    if nesting >= _MAX_NESTING or not inner:
        return inner
    return ["\n".join(f"> {line}" if line else ">" for line in "\n\n".join(inner).split("\n"))]


def _table(element: etree._Element, writing: Writing, nesting: int) -> list[str]:
    """Write a table, its first row as the head; inside a list or quote, its rows as paragraphs."""
    parts = [element, *(one for one in element if one.tag in _PARTS)]
    own = [row for part in parts for row in part if row.tag == "tr"]  # not those of inner tables
    cells = [[one for one in row if one.tag in {"td", "th"}] for row in own]
    rows = [row for one in cells if any(row := [_cell(cell, writing) for cell in one])]
    above = _misplaced(element, {*parts, *own}, {cell for row in cells for cell in row}, writing)
    if nesting:
        return [*above, *(escapes.line(" · ".join(row)) for row in rows)]
    if not rows:
        return above
    width = max(len(row) for row in rows)
    lines = [f"| {' | '.join((row + [''] * width)[:width])} |" for row in rows]
    lines.insert(1, f"|{' --- |' * width}")
    return [*above, "\n".join(lines)]


def _misplaced(
    part: etree._Element, parts: Set[etree._Element], cells: Set[etree._Element], writing: Writing
) -> list[str]:
    """Write what a table holds besides its cells: browsers show it above the table."""
    made: list[str] = []
    run = [escapes.part(part.text or "")]
    for child in part:
        if child in parts or (_holds_blocks(child) and child not in cells):
            made += _paragraphs(run, writing)
            made += _misplaced(child, parts, cells, writing) if child in parts else _block(child, writing, 1)
        elif child not in cells:
            run.append(html_inline.written(child, writing))
        run.append(escapes.part(child.tail or ""))
    return made + _paragraphs(run, writing)


def _cell(cell: etree._Element, writing: Writing) -> str:
    text = in_one_line(blocks(cell, writing, _MAX_NESTING))
    text = html_maths.HELD.sub(lambda found: writing.formulas[int(found[1])].markdown, text)
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def in_one_line(written: Iterable[str]) -> str:
    """Put blocks into one line, as an option, a typed answer or a cell holds them."""
    return "<br>".join(line for block in written for line in _lines(block))


def _lines(block: str) -> Iterator[str]:
    lines = block.split("\n")
    if block.startswith("```"):
        yield from (escapes.code(line) for line in lines[1:-1] if line.strip())
        return
    for line in lines:
        text = re.sub(r"^(?:#{3,6}|>|[-*]) |^>$", "", line.strip().removesuffix("\\"))
        if text and not re.fullmatch(r"[| -]+|\*\*\*", text):
            yield text


_WRITTEN: Mapping[str, Callable[[etree._Element, Writing, int], list[str]]] = MappingProxyType(
    {
        **dict.fromkeys(html_inline.MARKED, _marked),
        **dict.fromkeys(html_inline.CODE, _spans),
        **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
        **dict.fromkeys(("ul", "ol"), _list),
        "hr": _rule,
        "pre": _code,
        "blockquote": _quote,
        "table": _table,
    }
)
