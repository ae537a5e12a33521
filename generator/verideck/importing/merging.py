"""A page imported again: its cards merged into a source that its author may have edited since.

Cards are told apart by their id, else by their question. A new card is added, one that nobody has touched
is renewed, an edited one stays as its author left it, and what the page would change in it is shown.
"""

from __future__ import annotations

import difflib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from verideck.importing import naming
from verideck.importing.sections import Section, Source, divide, join
from verideck.reading import remarks

MAX_COMPARED = 2_000  # lines of a card that are compared: comparing takes time by their square


@dataclass(frozen=True, slots=True)
class Difference:
    """What the page would change in a card that its author edited, as the lines of a unified diff."""

    line: int  # of the card in its source
    id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """A source after an import. `gone` are the cards that the page no longer holds; they stay."""

    text: str
    added: int = 0
    renewed: int = 0
    unchanged: int = 0
    kept: int = 0  # edited by their author
    differences: tuple[Difference, ...] = ()
    gone: tuple[Section, ...] = ()


def identities(
    questions: Sequence[str],
    known: Sequence[Section],
    taken: Collection[str],
    own: Sequence[str | None] = (),
) -> tuple[str, ...]:
    """Give each question (as its heading is written) the id its card has already, or a new one.

    `known` are the cards of the file that is merged into, `taken` all ids of the deck. `own` are the ids that
    the page itself gives, as Anki's packages do: such a card is the same whatever it asks now.
    """
    by_question: dict[str, deque[str]] = {}
    for section in known:
        if section.id:
            by_question.setdefault(section.heading, deque()).append(section.id)
    made: list[str | None] = []
    for question in questions:
        found = by_question.get(" ".join(question.split()))
        made.append(found.popleft() if found else None)
    settled = {identity for identity in made if identity}
    # A card whose question its author has edited keeps the id that was minted from the page's words.
    edited = {section.id for section in known if section.page and section.id} - settled
    used = {*taken, *settled}
    for place, given in enumerate(own):
        if made[place] is None and given and (given in edited or given not in used):
            edited.discard(given)
            used.add(given)
            made[place] = given
    for place, question in enumerate(questions):
        if made[place] is None:
            minted = naming.identity(question, ())
            identity = minted if minted in edited else naming.identity(question, used)
            edited.discard(identity)
            used.add(identity)
            made[place] = identity
    return tuple(identity or "" for identity in made)


def merge(existing: str, written: str, pages: Collection[str], *, overwrite: bool = False) -> Merged:
    """Merge what an import wrote of `pages` into the source that stands there; empty where none does.

    `overwrite` takes the page's text for edited cards, too.
    """
    new = divide(written)
    new = replace(new, sections=tuple(section.stamped() for section in new.sections))
    if not existing.strip():
        return Merged(join(new), added=len(new.sections))
    old = divide(existing)
    partners = _pair(old.sections, new.sections)
    merged = Merged("")
    sections: list[Section] = []
    for place, section in enumerate(old.sections):
        partner = partners.get(place)
        if partner is None:
            gone = section.page in pages
            merged = replace(merged, gone=(*merged.gone, section)) if gone else merged
            sections.append(section)
        else:
            kept, merged = _settled(section, new.sections[partner], merged, overwrite=overwrite)
            sections.append(kept)
    source = Source(_head(old.head, new.head), tuple(sections), old.gaps)
    source = _with_new(source, new.sections, partners)
    added = len(new.sections) - len(partners)
    return replace(merged, text=join(source), added=added)


def _pair(old: Sequence[Section], new: Sequence[Section]) -> dict[int, int]:
    """Match old cards with new ones, by id, then by question."""
    pairs: dict[int, int] = {}
    for keys in (lambda one: one.id or "", lambda one: one.heading):
        key: Callable[[Section], str] = keys
        free: dict[str, deque[int]] = {}
        matched = set(pairs.values())
        for place, section in enumerate(new):
            if place not in matched and key(section):
                free.setdefault(key(section), deque()).append(place)
        for place, section in enumerate(old):
            if place not in pairs and free.get(key(section)):
                pairs[place] = free[key(section)].popleft()
    return pairs


def _settled(old: Section, new: Section, merged: Merged, *, overwrite: bool) -> tuple[Section, Merged]:
    """Choose between the text that stands there and the page's."""
    if old.id and old.id != new.id:
        new = new.with_id(old.id).stamped()
    if old.text == new.text:
        return new, replace(merged, unchanged=merged.unchanged + 1)
    if old.untouched:
        return new, replace(merged, renewed=merged.renewed + 1)
    if old.stamp == new.stamp and not overwrite:  # the page is what it was: nothing to say
        return old, replace(merged, kept=merged.kept + 1)
    difference = Difference(old.line, old.id or "", _difference(old, new))
    merged = replace(merged, differences=(*merged.differences, difference))
    if overwrite:
        return new, replace(merged, renewed=merged.renewed + 1)
    return old, replace(merged, kept=merged.kept + 1)


def _difference(old: Section, new: Section) -> tuple[str, ...]:
    """Give a unified diff from the author's text to the page's; a line of dots for what is left out."""
    if max(len(old.text), len(new.text)) > MAX_COMPARED:
        return (f"… the card has over {MAX_COMPARED:,} lines: they are not compared",)
    found = list(difflib.unified_diff(old.text, new.text, lineterm="", n=2))
    # Above it stand the names of two files, which it has not been told, and the place of the first change.
    return tuple("…" if line.startswith("@@") else line.rstrip() for line in found[3:])


def _with_new(source: Source, new: Sequence[Section], partners: dict[int, int]) -> Source:
    """Put each new card behind the one that it follows on the page."""
    places = {partner: place for place, partner in partners.items()}
    behind: dict[int, list[Section]] = {}
    last = -1 if places else len(source.sections) - 1
    for number, section in enumerate(new):
        if number in places:
            last = places[number]
        else:
            behind.setdefault(last, []).append(section)
    sections = list(behind.get(-1, ()))
    gaps: list[tuple[str, ...]] = [()] * len(sections)
    for place, (section, gap) in enumerate(zip(source.sections, source.gaps, strict=True)):
        more = behind.get(place, [])
        sections += [section, *more]
        gaps += [() if more else gap, *([()] * (len(more) - 1)), *([gap] if more else [])]
    return Source(source.head, tuple(sections), tuple(gaps))


def _head(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Renew what the head says of the pages, and leave the rest of it to the author."""
    groups = {_page(group[0]): group for group in _groups(new)}
    has_groups = any(_word(line) == remarks.IMPORTED for line in old)
    lines: list[str] = []
    renewed = False
    for line in old:
        if renewed and _word(line) == remarks.IMPORT:
            continue
        group = groups.pop(_page(line), None) if _word(line) == remarks.IMPORTED else None
        renewed = group is not None
        lines += group or [line]
    added = [line for group in groups.values() for line in group]
    return (*lines, *([""] if added and not has_groups else []), *added)


def _groups(lines: Iterable[str]) -> list[list[str]]:
    """Give the lines about each page: the page and its date, then what is to be said of it."""
    groups: list[list[str]] = []
    for line in lines:
        if _word(line) == remarks.IMPORTED:
            groups.append([line])
        elif _word(line) == remarks.IMPORT and groups:
            groups[-1].append(line)
    return groups


def _word(line: str) -> str:
    remark = remarks.read(line)
    return remark.word if remark else ""


def _page(line: str) -> str:
    """Give the page that a line of the head names, without its date."""
    remark = remarks.read(line)
    return remark.text.rpartition(", ")[0] if remark and remark.word == remarks.IMPORTED else ""
