"""What an update would do: the package held against the collection. Reads only."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import comparing, media, meta, note_types
from .installed import SUSPENDED, Installed, InstalledNote, installed
from .plan import (
    RETIRED,
    Cancelled,
    ChangedNote,
    Decision,
    MovedNote,
    NewNote,
    NoteTypeFault,
    Plan,
    Progress,
    RetiredNote,
    RevivedNote,
    Standing,
)

if TYPE_CHECKING:
    from anki.collection import Collection

    from .comparing import Compared
    from .packages import Package, PackageNote

RECORD = "verideck"
"""The collection's own setting: of each deck that was updated, by namespace, the version and its date."""

_OFTEN = 200
_QUESTION = 300  # characters
_CLOZE = re.compile(r"\{\{c\d+::(.*?)(?:::.*?)?\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pair:
    """A note of the package with the one that the collection has, and what differs."""

    theirs: PackageNote
    mine: InstalledNote
    compared: Compared
    meta: str  # as it is to be


@dataclass(frozen=True, slots=True)
class Looked:
    """What both sides have; `lacking` are note types of the collection that lack fields of the deck."""

    stamp: int  # of the collection
    here: Installed
    lacking: frozenset[int]
    pairs: list[Pair]


def look(col: Collection, package: Package, progress: Progress | None = None) -> Looked:
    """Hold a package against a collection; once, as long as the collection stays the same."""
    stamp = int(col.mod)
    if package.looked is None or package.looked.stamp != stamp:
        here = installed(col, package)
        lacking = frozenset(blocked(here, package))
        package.looked = Looked(stamp, here, lacking, list(compared(here, package, lacking, progress)))
    return package.looked


def planned(col: Collection, package: Package, progress: Progress | None = None) -> Plan:
    """Say what an update by a package would do.

    Raises Cancelled where `progress` says so.
    """
    looked = look(col, package, progress)
    here, lacking, pairs = looked.here, looked.lacking, looked.pairs
    changed, conflicts, edited, silent = _sorted_out(pairs)
    found = _Found(
        new=tuple(_new(here, package, lacking)),
        moved=tuple(_moved(here, pairs)),
        retired=tuple(_retired(here, package)),
        revived=tuple(_revived(pairs)),
    )
    unused = media.unused(col, package)
    version, standing = _standing(col, here, package, pairs, found)
    _tell(progress, "Looking at the deck", len(pairs), len(pairs))
    return Plan(
        package.manifest.title,
        package.manifest.namespace,
        package.manifest.version,
        version,
        standing,
        new=found.new,
        changed=tuple(changed),
        conflicts=tuple(conflicts),
        edited=tuple(edited),
        moved=found.moved,
        retired=found.retired,
        revived=found.revived,
        unchanged=len(pairs) - len(changed) - len(conflicts) - len(edited),
        media=unused,
        note_types=tuple(_faults(here, package, lacking)),
        problems=(*package.problems, *_problems(here, package, standing)),
        templates=bool(newer_looks(here, package)),
        stamp=looked.stamp,
        silent=tuple(silent),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    new: tuple[NewNote, ...]
    moved: tuple[MovedNote, ...]
    retired: tuple[RetiredNote, ...]
    revived: tuple[RevivedNote, ...]


def compared(
    here: Installed, package: Package, blocked: frozenset[int], progress: Progress | None = None
) -> Iterator[Pair]:
    """Compare each note that both have; those of note types that lack fields of ours are left alone."""
    for count, theirs in enumerate(package.notes.values()):
        if count % _OFTEN == 0:
            _tell(progress, "Comparing the notes", count, len(package.notes))
        mine = here.notes.get(theirs.guid)
        if mine is None or mine.foreign or mine.note_type in blocked:
            continue
        shipped = theirs.meta
        outcome = comparing.note(mine.fields, theirs.fields, mine.shipped, mine.tags, theirs.tags)
        yield Pair(theirs, mine, outcome, meta.write(shipped))


def _tell(progress: Progress | None, what: str, done: int, of: int) -> None:
    if progress is not None and not progress(what, done, of):
        raise Cancelled


def question(fields: Mapping[str, str]) -> str:
    """Give a note's question as plain text on one line."""
    text = fields.get("Question", "")[:20_000]
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    text = html.unescape(re.sub(r"<[^<>]*>", " ", _CLOZE.sub(r"\1", text)))
    return " ".join(text.split())[:_QUESTION] or fields.get("ID", "")[:_QUESTION]


def importable(here: Installed, package: Package) -> frozenset[int]:
    """Give the note types of the package that Anki can import plainly, those that are not here among them."""
    return frozenset(
        key
        for key, theirs in package.note_types.items()
        if (mine := here.note_types.get(key)) is None or note_types.alike(mine, theirs)
    )


def newer_looks(here: Installed, package: Package) -> frozenset[int]:
    """Give the note types whose templates and styling an import would bring up to date."""
    return frozenset(
        key
        for key in importable(here, package)
        if (mine := here.note_types.get(key)) is not None
        and package.note_types[key]["mod"] > mine["mod"]
        and note_types.looks(package.note_types[key]) != note_types.looks(mine)
        and carrier(here, package, key) is not None
    )


def known_fields(package: Package) -> Mapping[int, str]:
    """Give the names of the deck's fields by their ids."""
    return note_types.ids(package.note_types.values())


def carrier(here: Installed, package: Package, note_type: int) -> PackageNote | None:
    """Give a note that both have of a note type: with it, an import brings templates and adds nothing."""
    for theirs in package.notes.values():
        if theirs.note_type == note_type:
            mine = here.notes.get(theirs.guid)
            if mine is not None and mine.note_type == note_type and mine.cards:
                return theirs
    return None


def recorded(col: Collection, namespace: str) -> Mapping[str, Any]:
    """Give what the collection remembers of the last update of a deck."""
    kept = col.get_config(RECORD, {})
    record = kept.get(namespace) if isinstance(kept, dict) else None
    return record if isinstance(record, dict) else {}


def _sorted_out(
    pairs: list[Pair],
) -> tuple[list[ChangedNote], list[ChangedNote], list[ChangedNote], list[int]]:
    changed: list[ChangedNote] = []
    conflicts: list[ChangedNote] = []
    edited: list[ChangedNote] = []
    silent: list[int] = []
    for pair in pairs:
        outcome = pair.compared
        note = ChangedNote(
            pair.mine.id,
            pair.mine.guid,
            question(pair.mine.fields),
            outcome.fields,
            outcome.tags_added,
            outcome.tags_removed,
            outcome.holds,
        )
        if note.conflicts:
            conflicts.append(note)
        elif note.taken or note.tags_added or note.tags_removed:
            changed.append(note)
        else:
            if note.kept:
                edited.append(note)
            if outcome.silent or pair.mine.fields.get("Meta", "") != pair.meta:
                silent.append(note.note_id)
    return changed, conflicts, edited, silent


def _new(here: Installed, package: Package, blocked: frozenset[int]) -> Iterator[NewNote]:
    for theirs in package.notes.values():
        if theirs.guid in here.notes or theirs.note_type in blocked:
            continue
        shown = (
            (name, text) for name, text in theirs.fields.items() if name not in comparing.MACHINE and text
        )
        deck = here.homes.of(theirs.home)
        yield NewNote(theirs.guid, question(theirs.fields), deck, tuple(shown), theirs.id in here.deleted)


def _moved(here: Installed, pairs: list[Pair]) -> Iterator[MovedNote]:
    """Find the cards whose home is another now, and that are where their home was."""
    for pair in pairs:
        if pair.mine.shipped is None or pair.mine.shipped.deck == pair.theirs.home:
            continue
        before, after = here.homes.of(pair.mine.shipped.deck), here.homes.of(pair.theirs.home)
        if before == after:
            continue
        cards = tuple(card.id for card in pair.mine.cards if here.decks.get(card.deck) == before)
        if cards:
            yield MovedNote(pair.mine.id, pair.mine.guid, question(pair.mine.fields), cards, before, after)


def _retired(here: Installed, package: Package) -> Iterator[RetiredNote]:
    """Find what the deck no longer has; one that was retired before is left as the learner has it since."""
    for guid in sorted(package.retired):
        mine = here.notes.get(guid)
        if mine is None or mine.foreign or _is_retired(mine):
            continue
        cards = tuple(card.id for card in mine.cards if card.queue != SUSPENDED)
        yield RetiredNote(mine.id, guid, question(mine.fields), cards, _untouched(mine))


def _untouched(mine: InstalledNote) -> bool:
    if any(card.reviewed for card in mine.cards) or mine.shipped is None:
        return False
    own = set(comparing.clean(mine.tags)) - set(comparing.clean(mine.shipped.tags))
    edited = (
        comparing.decision(text, "", mine.shipped.fields.get(name, "")) not in (None, Decision.TAKE)
        for name, text in mine.fields.items()
        if name not in comparing.MACHINE
    )
    return not own and not any(edited)


def _revived(pairs: list[Pair]) -> Iterator[RevivedNote]:
    for pair in pairs:
        if not _is_retired(pair.mine):
            continue
        suspended = pair.mine.shipped.retired if pair.mine.shipped else None
        cards = tuple(
            card.id
            for card in pair.mine.cards
            if RETIRED in pair.mine.tags and card.queue == SUSPENDED and card.ordinal in (suspended or ())
        )
        yield RevivedNote(pair.mine.id, pair.mine.guid, question(pair.mine.fields), cards)


def _is_retired(mine: InstalledNote) -> bool:
    return RETIRED in mine.tags or (mine.shipped is not None and mine.shipped.retired is not None)


def _standing(
    col: Collection, here: Installed, package: Package, pairs: list[Pair], found: _Found
) -> tuple[str, Standing]:
    """Tell which is later, the package or the collection, and which version the collection has."""
    record = recorded(col, package.manifest.namespace)
    kept = record.get("version")
    version = kept if isinstance(kept, str) else ""
    own = [note for note in here.notes.values() if not note.foreign]
    if not own:
        return "", Standing.ABSENT
    fields = [pair for pair in pairs if pair.mine.fields.get("Meta", "") != pair.meta]
    if not (fields or any(not one.deleted for one in found.new) or found.retired or found.revived):
        return version or package.manifest.version, Standing.SAME
    date = record.get("date")
    if isinstance(date, int) and date and package.manifest.date and date != package.manifest.date:
        later = package.manifest.date > date
        return version, Standing.NEWER if later else Standing.OLDER
    # Notes that nobody has touched since they were imported still have the date that their deck gave them.
    pristine = {note.guid: note.mod for note in own if _pristine(note)}
    votes = {
        pair.theirs.mod > pristine[pair.mine.guid]
        for pair in fields
        if pristine.get(pair.mine.guid, pair.theirs.mod) != pair.theirs.mod
    }
    newest = max(pristine.values(), default=0)
    if not votes and newest and package.manifest.date and newest != package.manifest.date:
        votes = {package.manifest.date > newest}
    if len(votes) != 1:
        return version, Standing.UNKNOWN
    return version, Standing.NEWER if True in votes else Standing.OLDER


def _pristine(mine: InstalledNote) -> bool:
    """Tell whether a note is as it was shipped, to the letter."""
    if mine.shipped is None or comparing.clean(mine.tags) != comparing.clean(mine.shipped.tags):
        return False
    texts = {name: text for name, text in mine.fields.items() if text and name != "Meta"}
    return {name: meta.digest(text) for name, text in texts.items()} == dict(mine.shipped.fields)


def blocked(here: Installed, package: Package) -> Iterator[int]:
    """Find the note types of the collection that lack fields of ours: nothing of theirs is written."""
    known = note_types.ids(package.note_types.values())
    by_key = {}
    for theirs in package.notes.values():
        mine = here.notes.get(theirs.guid)
        if mine is not None:
            by_key[mine.note_type] = package.note_types[theirs.note_type]
    by_key |= {key: one for key, one in package.note_types.items() if key in here.note_types}
    for key, theirs_type in by_key.items():
        if note_types.missing(here.note_types[key], theirs_type, known):
            yield key


def _faults(here: Installed, package: Package, blocked: frozenset[int]) -> Iterator[NoteTypeFault]:
    counts = Counter(note.note_type for note in here.notes.values() if not note.foreign)
    for key in sorted({*blocked, *(set(package.note_types) - importable(here, package))}):
        mine = here.note_types[key]
        theirs = package.note_types.get(key) or next(iter(package.note_types.values()))
        said = note_types.differences(mine, theirs)
        if key in blocked:
            lost = note_types.missing(mine, theirs, note_types.ids(package.note_types.values()))
            hint = (
                f"Its notes are left as they are, and none are added. Give the note type its fields"
                f" {', '.join(lost)} again (Tools → Manage Note Types → Fields), then update once more."
            )
        else:
            hint = (
                "Its notes are updated field by field, and new ones are added to it as you have made it."
                " Its card templates and styling stay yours."
            )
        message = "; ".join(said) or "it differs from the deck's"
        yield NoteTypeFault(mine["name"], message, hint, counts[key], key in blocked)


def _problems(here: Installed, package: Package, standing: Standing) -> Iterator[str]:
    own = [note for note in here.notes.values() if not note.foreign]
    say: Callable[[int], str] = lambda n: f"{n:,} note{'s' if n != 1 else ''}"  # noqa: E731
    if standing is Standing.OLDER:
        yield "This package is older than what you have: it would bring back texts that were corrected since."
    foreign = sum(note.foreign and note.guid in package.notes for note in here.notes.values())
    if foreign:
        yield f"{say(foreign)} of your collection have another deck or note type, and are left alone."
    damaged = sum(note.shipped is None and note.guid in package.notes for note in own)
    if damaged:
        yield (
            f"{say(damaged)} of your collection no longer tell what was shipped (the field Meta was changed):"
            " whatever differs is shown as a conflict."
        )
    if here.doubled:
        yield f"{say(here.doubled)} of your collection are doubles of others; the older one is updated."
    strays = [note for note in own if note.guid not in package.notes and note.guid not in package.retired]
    if strays:
        yield f"{say(len(strays))} of this deck are not in the package and stay as they are."
