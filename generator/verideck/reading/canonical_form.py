"""The one form of a source: spacing and spelling that change no card, everything else as its author wrote it.

Lines are edited in place, by the structure that the scanner finds. Inside a card's text a line is what a
learner sees, so nothing there changes but the white space at its very end.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from verideck.cards import Heatmap, Location
from verideck.reading import directive, fences, front_matter, scanner, slots, writing
from verideck.reading.blocks import Blank, Block, Box, Comment, Fenced, Heading, Separator
from verideck.reading.fences import Meaning
from verideck.reading.passages import Line

if TYPE_CHECKING:
    from verideck.reading.markdown import Reading


class _Role(Enum):
    """The part that lines play in a source; it decides how many blank lines stand around them."""

    FRONT_MATTER = "front matter"
    TITLE = "title"  # a `#` heading
    QUESTION = "question"  # a `##` heading
    DIRECTIVE = "directive"
    EDGE = "edge"  # separates text, or is taken out of it
    OPTION = "option"
    LOOSE_OPTION = "loose option"  # of a list in which an option has a reason
    TEXT = "text"  # what a learner sees
    OUTSIDE = "outside"  # what a reader of the file sees


_OPTIONS = (_Role.OPTION, _Role.LOOSE_OPTION)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of lines with one role, by their numbers, and what takes the place of those that change."""

    role: _Role
    numbers: tuple[int, ...]
    changed: dict[int, Sequence[str]] = field(default_factory=dict)


def rewrite(text: str, path: str, ids: Mapping[int, str] = MappingProxyType({})) -> str:
    r"""Return a source, whose lines end in `\n`, in canonical form; a source with errors has none.

    `ids` are ids to write into cards' directives, by the lines of their headings.
    """
    lines = [Line(line, number) for number, line in enumerate(text.split("\n"), start=1)]
    _, above, _ = front_matter.read(lines, path)
    blocks, _ = scanner.scan(lines[above:], path)
    pieces = [*_front_matter(lines[:above]), *_pieces(blocks, _Source(lines, path, ids))]
    made = list(_joined(lines, pieces))
    while made and not made[-1].strip(" \t"):
        made.pop()
    return "\n".join(made) + "\n"


def find_changes(before: Reading, after: Reading, ids: Mapping[int, str] = MappingProxyType({})) -> bool:
    """Return whether two readings differ in more than places and the ids that were to be written."""
    meant = [dataclasses.replace(card, id=ids.get(card.location.line, card.id)) for card in before.cards]
    if _without_places(tuple(meant)) != _without_places(after.cards):
        return True
    messages, former = (Counter(problem.message for problem in one.problems) for one in (after, before))
    return bool(messages - former)


def _without_places(value: Any) -> Any:
    if isinstance(value, Location):
        return None
    if dataclasses.is_dataclass(value):
        return [_without_places(getattr(value, part.name)) for part in dataclasses.fields(value)]
    return [_without_places(item) for item in value] if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class _Source:
    """What is needed to rewrite any block of a source."""

    lines: Sequence[Line]
    path: str
    ids: Mapping[int, str]

    def piece(self, role: _Role, block: Block, changed: Iterable[tuple[int, Sequence[str]]] = ()) -> _Piece:
        """Make a piece of a block; a blank line that stands for a remark is none of its lines."""
        own = tuple(line.number for line in block.lines if line.text == self.lines[line.number - 1].text)
        return _Piece(role, own, dict(changed))

    def replaced(self, role: _Role, block: Block, lines: Sequence[str]) -> _Piece:
        """Make a piece of a block that is written anew."""
        first, *others = (line.number for line in block.lines)
        return self.piece(role, block, [(first, lines), *((number, ()) for number in others)])


def _front_matter(lines: Sequence[Line]) -> Iterator[_Piece]:
    if lines:
        ends = {line.number: (line.text.rstrip(" \t"),) for line in (lines[0], lines[-1])}
        yield _Piece(_Role.FRONT_MATTER, tuple(line.number for line in lines), dict(ends))


def _pieces(blocks: Sequence[Block], source: _Source) -> Iterator[_Piece]:
    """Cut a source into pieces; a `#` heading ends a card."""
    question: Heading | None = None
    below: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level <= 2:
            yield from _card(question, below, source)
            question, below = (block if block.level == 2 else None), []
            if block.level == 1:
                title = writing.write_heading(block.title.text, block.level)
                yield source.replaced(_Role.TITLE, block, (title,))
        elif question:
            below.append(block)
        elif not isinstance(block, Blank):
            yield _outside(block, source)
    yield from _card(question, below, source)


def _outside(block: Block, source: _Source) -> _Piece:
    """Make a piece of what no card shows; a heatmap there belongs to all cards."""
    meant = fences.interpret(block, source.path)[0] if isinstance(block, Fenced) else None
    if meant is None or meant.meaning is not Meaning.HEATMAP:
        return source.piece(_Role.OUTSIDE, block)
    heatmap = Heatmap(meant.name, meant.fence, predict=meant.predict)
    return source.replaced(_Role.EDGE, block, writing.write_heatmap(heatmap))


def _card(heading: Heading | None, blocks: Sequence[Block], source: _Source) -> Iterator[_Piece]:
    """Make the pieces of a card: its heading, and what stands below."""
    if heading is None:
        return
    first = blocks[0] if blocks else None
    said = first if isinstance(first, Comment) and directive.is_directive(first.content) else None
    yield from _top(heading, said, source)
    inside = [block for block in blocks if block is not said and not isinstance(block, Blank)]
    is_loose = any(isinstance(block, Box) and block.reason for block in inside)
    last: _Piece | None = None  # the last of the text so far
    for block in inside:
        piece = _inside(block, source, is_loose=is_loose)
        if last and (isinstance(block, Separator) or piece.role in _OPTIONS):
            _trim(last, source)
            last = None
        if piece.role is _Role.TEXT:
            last = piece
        yield piece
    if last:
        _trim(last, source)


def _top(heading: Heading, below: Comment | None, source: _Source) -> Iterator[_Piece]:
    """Make the pieces of a card's heading and directive, with the id that is to be written."""
    said, _ = directive.read(below.content, source.path) if below else (directive.Directive(), ())
    new_id = source.ids.get(heading.first.number)
    said = dataclasses.replace(said, id=new_id or said.id)
    question = writing.write_heading(heading.title.text)
    if below:
        yield source.replaced(_Role.QUESTION, heading, (question,))
        yield source.replaced(_Role.DIRECTIVE, below, (directive.comment(said),))
    else:
        added = (directive.comment(said),) if new_id else ()
        yield source.replaced(_Role.QUESTION, heading, (question, *added))


def _inside(block: Block, source: _Source, *, is_loose: bool) -> _Piece:
    """Make a piece of a block below a card's heading and directive."""
    if isinstance(block, Box):
        return _option(block, source, _Role.LOOSE_OPTION if is_loose else _Role.OPTION)
    if isinstance(block, Separator):
        return source.replaced(_Role.EDGE, block, ("---",))
    taken = slots.taken_out(block, source.path)
    if taken is None:
        return source.piece(_Role.TEXT, block)
    written = _taken_out(taken)
    return source.replaced(_Role.EDGE, block, written) if written else source.piece(_Role.EDGE, block)


def _taken_out(taken: slots.Slots) -> list[str]:
    """Write what a block gives to its card besides text."""
    for kind, passage in taken.alerts.items():
        return writing.write_alert(kind, passage.text)
    if taken.vary is not None:
        return writing.write_vary(taken.vary_count, taken.vary)
    return writing.write_check(taken.checks[0]) if taken.checks else []


def _option(box: Box, source: _Source, role: _Role) -> _Piece:
    """Make a piece of an option: its lines indented alike, one blank line above its reason."""
    first, *more = box.text
    piece = source.piece(role, box)
    piece.changed[first.number] = (writing.write_box(first.text, ticked=box.ticked),)
    piece.changed.update({line.number: (writing.write_continuation(line.text),) for line in more})
    _trim(piece, source, box.text[-1].number)
    if not box.reason:
        return piece
    _trim(piece, source, box.reason[-1].number)
    top = next(line.number for line in box.reason if not line.blank)
    above = range(box.text[-1].number + 1, top)
    if set(above) <= set(piece.numbers):  # else a remark stands there
        piece.changed.update({number: ("",) if number == above[0] else () for number in above})
    return piece


def _trim(piece: _Piece, source: _Source, number: int = 0) -> None:
    """Drop the white space at the end of the last line of a text."""
    number = number or piece.numbers[-1]
    (text,) = piece.changed.get(number, (source.lines[number - 1].text,))
    piece.changed[number] = (text.rstrip(" \t"),)


def _joined(lines: Sequence[Line], pieces: Iterable[_Piece]) -> Iterator[str]:
    """Put the pieces together again, with what stands between them: blank lines and remarks."""
    owners = {number: piece for piece in pieces for number in piece.numbers}
    last: _Piece | None = None
    between: list[str] = []
    for line in lines:
        piece = owners.get(line.number)
        if piece is None:
            between.append(line.text)
            continue
        is_indented = line.text[:1] in {" ", "\t"}
        yield from between if piece is last else _between(between, last, piece, is_indented=is_indented)
        between = []
        yield from piece.changed.get(line.number, (line.text,))
        last = piece
    yield from _between(between, last, None, is_indented=False)


def _between(
    lines: Sequence[str], above: _Piece | None, below: _Piece | None, *, is_indented: bool
) -> Iterator[str]:
    """Write the blank lines and remarks between two pieces; the first line below may be indented."""
    remarks = [line.strip(" \t") for line in lines]
    count = _count_blank_lines(above, below, is_apart=bool(lines) and not is_indented)
    if count is None:
        yield from lines
        return
    if not any(remarks):
        yield from [""] * count
        return
    first = next(index for index, line in enumerate(remarks) if line)
    is_attached = not count or (above is not None and above.role in (_Role.QUESTION, _Role.DIRECTIVE))
    yield from [""] * (min(first, 1) if is_attached else 1)
    for line, following in zip(remarks[first:], [*remarks[first + 1 :], "end"], strict=True):
        if line or following:  # one blank line of several
            yield line
    if remarks[-1] and count:
        yield ""


def _count_blank_lines(above: _Piece | None, below: _Piece | None, *, is_apart: bool) -> int | None:
    """Return how many blank lines stand between two pieces; None to keep what stands there."""
    if above is None or below is None:
        return 0 if above is None else 1
    match above.role, below.role:
        case (_Role.QUESTION, _Role.DIRECTIVE) | (_Role.OPTION, _Role.OPTION):
            return 0
        case (_Role.TEXT, _Role.TEXT):
            return None
        case (_Role.OUTSIDE, _Role.OUTSIDE):
            return 1 if is_apart else None
        case _:
            return 1
