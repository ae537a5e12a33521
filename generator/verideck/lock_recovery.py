"""A lost lock, made again from the last package: notes and cards are compared by their rendered fields."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from verideck import building
from verideck import sources as disk
from verideck.cards import Identity, Location
from verideck.lock_files import Done
from verideck.packaging import files, lock, mending, minting, old_package, source_cards
from verideck.packaging.entry import DUE_LIMIT, Entry, Lock, State
from verideck.packaging.fingerprint import fingerprint
from verideck.packaging.old_package import OldNote, OldPackage, OldPackageError
from verideck.problems import error, has_errors
from verideck.rendering import RENDER_EPOCH, notes
from verideck.rendering.note_types import FIELD_NAMES
from verideck.verifying import executors, run

if TYPE_CHECKING:
    from verideck.building import Examined
    from verideck.cards import Checked, Note
    from verideck.packaging.card_texts import Texts
    from verideck.packaging.source_cards import Found

# Of the field Source the license says nothing of the card.
_CREDITS = re.compile(r'\s*<p class="licence">.*?</p>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Rendered:
    """A card as it is rendered now, and its texts as a package's notes are read."""

    checked: Checked
    card: Found
    note: Note
    texts: Texts


def recover(
    package: Path,
    paths: Sequence[Path],
    *,
    now: int,
    progress: run.Progress = run.silent,
    compute: run.Compute = executors.compute_all,
) -> Done:
    """Write the lock of a deck that has none, with the identities that a package of it has.

    `now` is in seconds since 1970. Raises what `building.examine` raises, and WriteError.
    """
    root = disk.common_root(paths)
    place = root / disk.LOCK
    if place.exists():
        hint = "keep it; or move it away first, if it is the wrong one"
        return Done(problems=(error(Location(disk.shown(place)), "the deck has a lock already", hint),))
    with files.alone(root):
        sources = disk.gather([root], partial(building.import_pages, progress=progress, compute=compute))
        if sources.project is None and not sources.problems:
            hint = "write the deck.toml of this deck again, with the namespace that it had"
            return Done(problems=(error(Location(disk.shown(sources.config)), "the file is missing", hint),))
        verify = partial(run.verify, progress=progress, compute=compute)
        examined = building.examine_sources(sources, now, building.Stages(verify))
        if has_errors(examined.problems):
            return Done(problems=examined.problems)
        try:
            old = old_package.read(package.read_bytes(), examined.project.namespace)
        except OldPackageError as fault:
            return Done(problems=(error(Location(disk.shown(package)), fault.message, fault.hint),))
        made, alike = _lock(old, examined, now)
        files.replace_all([(place, lock.dump(made).encode())])
    return Done(_told(place, old, len(examined.notes), alike), examined.problems)


def _told(place: Path, old: OldPackage, cards: int, alike: int) -> str:
    count = len(old.notes)
    return (
        f"{disk.shown(place)}: the identities of {count} notes; {alike} are equal to one of the {cards} cards"
        f" in the sources, {count - alike} differ\nThe next build carries them on."
    )


def _lock(old: OldPackage, examined: Examined, now: int) -> tuple[Lock, int]:
    """Return the lock, and how many notes are as their cards are now."""
    pairs = _pairs(old.notes, _rendered(examined))
    entries = [_entry(note, pairs.get(note.row.guid), examined, now) for note in old.notes]
    note_ids = minting.note_ids(len(old.retired), now, {entry.note_id for entry in entries})
    known = {entry.guid for entry in entries}
    entries += [
        Entry(guid, card_id, state=State.RETIRED, note_type="Verideck", note_id=note_id)
        for (guid, card_id), note_id in zip(sorted(old.retired.items()), note_ids, strict=True)
        if guid not in known
    ]
    first = entries[0]
    entries[0] = dataclasses.replace(first, media_before=old.superseded)
    unique = {entry.guid: entry for entry in entries}
    made = mending.spread([unique[guid] for guid in sorted(unique)])
    return Lock(examined.project.namespace, made), sum(bool(entry.fingerprint) for entry in made)


def _rendered(examined: Examined) -> Iterator[_Rendered]:
    checked = [one for one in examined.checked if not one.card.lost]
    sources = examined.sources
    scope = lock.Scope(sources.files, sources.present, sources.whole)
    found = source_cards.found([one.card for one in checked], scope)
    for one, card, (note, _) in zip(checked, found, examined.notes, strict=True):
        texts = old_package.texts(note.note_type, note.fields)
        if texts:
            yield _Rendered(one, card, note, texts)


def _pairs(old: Sequence[OldNote], rendered: Iterable[_Rendered]) -> Mapping[str, _Rendered]:
    """Pair notes with cards, by the guid: by the id written in the source, by equal texts, by the question.

    The same question only says in which file a card was, and only if no other card or note has it.
    """
    listed = sorted(rendered, key=lambda one: one.card.place, reverse=True)
    by_id = {one.card.card.id: one for one in listed if one.card.card.id}
    pairs = {note.row.guid: by_id[note.card_id] for note in old if note.card_id in by_id}
    for key in (_content, _question):
        taken = {one.card.index for one in pairs.values()}
        cards: dict[tuple[str, ...], list[_Rendered]] = {}
        for one in listed:
            if one.card.index not in taken:
                cards.setdefault(key(one.card.note_type, one.texts), []).append(one)
        left = [note for note in old if note.row.guid not in pairs]
        counts = Counter(key(note.row.kind.name, note.texts) for note in left)
        for note in left:
            equal = cards.get(found := key(note.row.kind.name, note.texts))
            if equal and (key is _content or len(equal) == counts[found] == 1):
                pairs[note.row.guid] = equal.pop()
    return pairs


def _content(note_type: str, texts: Texts) -> tuple[str, ...]:
    return note_type, texts.question, texts.answer


def _question(note_type: str, texts: Texts) -> tuple[str, ...]:
    return note_type, texts.question


def _entry(note: OldNote, one: _Rendered | None, examined: Examined, now: int) -> Entry:
    """Make an entry: what the card says now if the note reads the same, else what the note says."""
    row = note.row
    entry = Entry(
        row.guid,
        note.card_id,
        written=one is not None and one.card.card.id == note.card_id,
        note_type=row.kind.name,
        kind=note.kind,
        reverse=note.reverse,
        epoch=RENDER_EPOCH,
        mod=min(max(row.mod, 0), now),
        note_id=min(row.note_id, now * 1000),
        due=row.due if 0 < row.due < DUE_LIMIT else 0,
        deck=examined.project.deck_key(row.deck),
        question=note.texts.question,
        answer=note.texts.answer,
        clozes=note.texts.clozes,
    )
    if one is None:
        return entry
    today, read, before = one.card.texts, dict(one.texts.clozes), dict(note.texts.clozes)
    hidden = {number: text for number, text in today.clozes if before.get(number) == read.get(number)}
    return dataclasses.replace(
        entry,
        file=one.card.file,
        question=today.question if note.texts.question == one.texts.question else note.texts.question,
        answer=today.answer if note.texts.answer == one.texts.answer else note.texts.answer,
        clozes=tuple((number, hidden.get(number, text)) for number, text in note.texts.clozes),
        fingerprint=_mark(note, one, examined),
        consents=one.card.card.consents,
    )


def _mark(note: OldNote, one: _Rendered, examined: Examined) -> str:
    """Return the card's fingerprint if the note's fields are as they would be rendered now, else nothing."""
    images, _ = disk.images(one.card.card, examined.sources)
    identity = Identity(note.row.guid, note.card_id, note.row.note_id, note.row.due, note.row.mod)
    rendered, _ = notes.render(one.checked, identity, examined.project, images)
    if _shown(rendered.fields) != _shown(note.fields):
        return ""
    return fingerprint(one.checked, note.card_id, examined.project, RENDER_EPOCH, images)


def _shown(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return the fields that a learner sees, without the license, which changes no card."""
    names = (name for name in FIELD_NAMES if name != "Meta")
    shown = {name: unicodedata.normalize("NFC", fields.get(name, "")) for name in names}
    return {**shown, "Source": _CREDITS.sub("", shown["Source"]).strip()}
