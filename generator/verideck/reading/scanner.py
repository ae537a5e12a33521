"""Lines to blocks: finds the structure of a source, all of which stands at column 0.

Each block type has one method that looks at the line where a block would open and gives the block, or None.
Markdown itself is rendered elsewhere, slot by slot; what must hold is that both see the same blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from verideck.problems import Problem, error
from verideck.reading import marks, near, remarks
from verideck.reading.blocks import Blank, Block, Box, Comment, Fenced, Heading, Quote, Separator, Text
from verideck.reading.passages import Line

_CLOSING_HASHES = re.compile(r"(?:^|(?<=[ \t]))#+[ \t]*\Z")
_BLOCK_IN_OPTION = re.compile(r" +(?:>|(?:[-*+]|\d{1,9}[.)])[ \t])")
_ITEM = re.compile(r"[-*+] +\S")


def scan(lines: Sequence[Line], path: str) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Cut a source's lines into blocks, and report the lines that are not what they seem.

    Remarks of an import are passed over.
    """
    lines = remarks.without(lines)
    scanner = _Scanner(lines, path)
    blocks: list[Block] = []
    index = 0
    while index < len(lines):
        block = scanner.block(index)
        if isinstance(block, Separator) and blocks and not isinstance(blocks[-1], Blank):
            hint = "leave a blank line: Markdown makes a heading of text directly above `---`"
            scanner.report(block.first, "a `---` without a blank line above it", hint)
        blocks.append(block)
        index += len(block.lines)
    return tuple(blocks), (*scanner.problems, *_mixed_lists(blocks, path))


class _Scanner:
    """A source's lines, and what has been found wrong with them."""

    def __init__(self, lines: Sequence[Line], path: str) -> None:
        self.lines = lines
        self.path = path
        self.problems: list[Problem] = []
        self._takers: tuple[Callable[[int], Block | None], ...] = (
            self._blank,
            self._heading,
            self._separator,
            self._comment,
            self._fenced,
            self._quote,
            self._box,
        )

    def report(self, line: Line, message: str, hint: str) -> None:
        """Note a problem with a line, at the first character that is not a space."""
        self.problems.append(error(line.at(self.path, line.indent), message, hint))

    def block(self, index: int) -> Block:
        """Give the block that opens on a line; what nothing else claims is text."""
        return next(filter(None, (take(index) for take in self._takers)), None) or self._text(index)

    def _blank(self, index: int) -> Block | None:
        return Blank((self.lines[index],)) if self.lines[index].blank else None

    def _heading(self, index: int) -> Block | None:
        line = self.lines[index]
        if (found := marks.HEADING.fullmatch(line.text)) is None:
            return None
        start = found.start(2) if found[2] else found.end(1)
        title = _CLOSING_HASHES.sub("", found[2] or "").rstrip(" \t")
        return Heading((line,), len(found[1]), Line(title, line.number, line.column + start))

    def _separator(self, index: int) -> Block | None:
        line = self.lines[index]
        return Separator((line,)) if marks.SEPARATOR.fullmatch(line.text) else None

    def _comment(self, index: int) -> Block | None:
        line = self.lines[index]
        if (found := marks.COMMENT.fullmatch(line.text)) is None:
            return None
        return Comment((line,), Line(found[1], line.number, line.column + found.start(1)))

    def _fenced(self, index: int) -> Block | None:
        lines, opening = self.lines, self.lines[index]
        if (found := marks.FENCE.fullmatch(opening.text)) is None:
            return None
        run, info = found[1] or found[3], (found[2] or found[4] or "").strip(" \t")
        end = index + 1
        while end < len(lines) and not marks.closes(lines[end].text, run):
            end += 1
        if end == len(lines):
            hint = f"close it with {run[:12]} on a line of its own; all below belongs to it until then"
            self.report(opening, "a fence that is not closed", hint)
        elif lines[end].indent:
            hint = "begin the closing marks at the first column"
            self.report(lines[end], "a fence closed by an indented line", hint)
        return Fenced(tuple(lines[index : end + 1]), info, tuple(lines[index + 1 : end]))

    def _quote(self, index: int) -> Block | None:
        end = index
        while end < len(self.lines) and self.lines[end].text.startswith(">"):
            self.problems.extend(near.misses(self.lines[end], self.path))
            end += 1
        if end == index:
            return None
        block = Quote(tuple(self.lines[index:end]))
        self.problems.extend(near.alert_misses(block.lines, self.path))
        below = self._line(end)
        if below is not None and not below.blank and not _interrupts(below):
            hint = "leave a blank line below the quote, or begin the line with `>`"
            self.report(below, "text directly under a quote", hint)
        return block

    def _line(self, index: int) -> Line | None:
        return self.lines[index] if index < len(self.lines) else None

    def _box(self, index: int) -> Block | None:
        lines = self.lines
        if (found := marks.BOX.fullmatch(lines[index].text)) is None:
            return None
        end, text = self._paragraph(index + 1)
        for line in text:
            if _BLOCK_IN_OPTION.match(line.text):
                hint = "leave a blank line between an option and the reason below it"
                self.report(line, "a list or quote directly under an option", hint)
        reason: list[Line] = []
        below = self._below_blanks(end)
        while below < len(lines) and lines[below].indent >= 2:
            reason.extend(lines[end:below])
            end, more = self._paragraph(below)
            reason.extend(more)
            below = self._below_blanks(end)
        if end < below < len(lines) and lines[below].indent == 1:
            self.report(lines[below], "text indented by one space", "indent a reason by two")
        return Box(
            tuple(lines[index:end]),
            found[1] != " ",
            (lines[index].cut(found.start(2)), *(line.cut(line.indent) for line in text)),
            tuple(line.cut(min(2, line.indent)) for line in reason),
        )

    def _below_blanks(self, index: int) -> int:
        while index < len(self.lines) and self.lines[index].blank:
            index += 1
        return index

    def _paragraph(self, index: int) -> tuple[int, tuple[Line, ...]]:
        """Take the lines of an option down to a blank one; give the index below them, and them."""
        end = index
        while (line := self._line(end)) is not None and not line.blank:
            if line.indent < 2 and _interrupts(line):
                break
            if line.indent < 2:
                hint = "indent it by two spaces if it belongs to the option, else leave a blank line above it"
                self.report(line, "text directly under an option", hint)
            else:
                self.problems.extend(near.misses(line, self.path))
            end += 1
        return end, tuple(self.lines[index:end])

    def _text(self, index: int) -> Block:
        end = index
        line: Line | None = self.lines[index]
        while line is not None and (end == index or not (line.blank or marks.opens_block(line.text))):
            self.problems.extend(near.misses(line, self.path))
            end += 1
            below = self._line(end)
            if below is not None and not below.blank and marks.LONE_IMAGE.fullmatch(line.text):
                hint = "leave a blank line below it: Markdown takes the next line for HTML"
                self.report(line, "an `<img>` with text directly below it", hint)
            line = below
        return Text(tuple(self.lines[index:end]))


def _interrupts(line: Line) -> bool:
    """Tell whether a line cannot be taken for more of the paragraph above it."""
    return marks.opens_block(line.text) or _ITEM.match(line.text) is not None


def _mixed_lists(blocks: Sequence[Block], path: str) -> Iterator[Problem]:
    """Report items with and without a box in what Markdown takes for one list."""
    hint = "begin it with `- [ ] ` or `- [x] `; an ordinary list above or below options begins with `*`"
    plain: Line | None = None  # the last item without a box of a list that is still open
    boxes = False  # whether a list of boxes is still open
    for block in blocks:
        match block:
            case Blank():
                pass
            case Box():
                if plain is not None:
                    yield error(plain.at(path), "an item without a box among options", hint)
                plain, boxes = None, True
            case Text() if block.first.indent:
                pass  # more of an item, or it opens nothing
            case Text():
                items = [line for line in block.lines if marks.BULLET.match(line.text)]
                if boxes and block.first.text.startswith("- "):
                    yield error(block.first.at(path), "an item without a box among options", hint)
                plain, boxes = (items[-1] if items and items[-1].text.startswith("- ") else None), False
            case _:
                plain, boxes = None, False
