"""A Markdown source cut into what stands above its cards and the text of each card, line for line.

Every card that an import wrote carries where it came from and a hash of its text: `<!-- import: from
page.txt:21, 3fa29c1b -->`. A card whose text still has that hash has not been touched by its author.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from verideck.reading import directive, remarks, scanner
from verideck.reading.blocks import Comment, Heading
from verideck.reading.front_matter import read as front_matter
from verideck.reading.kinds import plain
from verideck.reading.passages import Line

_ORIGIN = re.compile(r"from (?P<page>.+):(?P<line>\d+)(?:, (?P<stamp>[0-9a-f]{8}))?")
_ID = re.compile(r"(<!--\s*card:\s*)#\S+")


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one card, without the blank ones at its end; `page` is empty where a person wrote it."""

    lines: tuple[str, ...]
    heading: str
    line: int  # in its file, from 1
    id: str | None = None
    page: str = ""
    page_line: int = 0
    stamp: str = ""

    @property
    def untouched(self) -> bool:
        """Tell whether the text is as an import wrote it."""
        return bool(self.stamp) and self.stamp == _hash(self.text)

    @property
    def text(self) -> tuple[str, ...]:
        """Give the lines but for the one that says where the card came from."""
        return tuple(line for line in self.lines if not _origin(line))

    def with_id(self, identity: str) -> Section:
        """Give the card another id."""
        said = next(index for index, line in enumerate(self.lines) if _ID.match(line))
        lines = list(self.lines)
        lines[said] = _ID.sub(rf"\g<1>#{identity}", lines[said], count=1)
        return replace(self, lines=tuple(lines), id=identity)

    def stamped(self) -> Section:
        """Write down the hash of the text as it now stands."""
        stamp = _hash(self.text)
        lines = tuple(
            remarks.comment(f"from {found['page']}:{found['line']}, {stamp}")
            if (found := _origin(line))
            else line
            for line in self.lines
        )
        return replace(self, lines=lines, stamp=stamp)


@dataclass(frozen=True, slots=True)
class Source:
    """A source in pieces. `gaps` holds the text that follows a card and belongs to none, by card."""

    head: tuple[str, ...]
    sections: tuple[Section, ...]
    gaps: tuple[tuple[str, ...], ...]


def divide(text: str) -> Source:
    r"""Cut a source, whose lines end in `\n`, into its pieces."""
    written = text.split("\n")
    lines = [Line(line, number) for number, line in enumerate(written, start=1)]
    _, above, _ = front_matter(lines, "")
    blocks, _ = scanner.scan(lines[above:], "")
    headings = [block for block in blocks if isinstance(block, Heading) and block.level <= 2]
    starts = [block.first.number - 1 for block in headings]
    first = next((n for n, block in enumerate(headings) if block.level == 2), None)
    if first is None:
        return Source(_trimmed(written), (), ())
    comments = {block.first.number: block.content for block in blocks if isinstance(block, Comment)}
    sections: list[Section] = []
    gaps: list[tuple[str, ...]] = []
    for block, start, end in zip(headings[first:], starts[first:], [*starts[first + 1 :], None], strict=True):
        inside = _trimmed(written[start:end])
        if block.level == 1:  # text for readers of the file, between two cards
            gaps[-1] = (*gaps[-1], *inside)
            continue
        said = comments.get(block.first.number + 1)
        identity = directive.read(said, "")[0].id if said and directive.is_directive(said) else None
        sections.append(_section(inside, block, identity))
        gaps.append(())
    return Source(_trimmed(written[: starts[first]]), tuple(sections), tuple(gaps))


def join(source: Source) -> str:
    """Put a source together again, one blank line between its pieces."""
    pieces = [source.head]
    for section, gap in zip(source.sections, source.gaps, strict=True):
        pieces += [section.lines, gap]
    return "\n\n".join("\n".join(piece) for piece in pieces if piece) + "\n"


def _section(lines: tuple[str, ...], heading: Heading, identity: str | None) -> Section:
    section = Section(lines, plain(heading.title.text), heading.first.number, identity)
    found = next(filter(None, map(_origin, lines)), None)
    if found is None:
        return section
    return replace(section, page=found["page"], page_line=int(found["line"]), stamp=found["stamp"] or "")


def _origin(line: str) -> re.Match[str] | None:
    """Read where a card came from, and its hash, on the line that says it."""
    remark = remarks.read(line)
    return _ORIGIN.fullmatch(remark.text) if remark and remark.word == remarks.IMPORT else None


def _trimmed(lines: Sequence[str]) -> tuple[str, ...]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return tuple(lines[:end])


def _hash(lines: Sequence[str]) -> str:
    # White space at line ends is what editors change unasked.
    text = "\n".join(line.rstrip() for line in lines)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
