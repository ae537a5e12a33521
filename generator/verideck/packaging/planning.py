"""Carries identities on: the last lock and the cards of today to the next lock, and what changed between."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.packaging import fingerprint, matching, minting, ordering, promises
from verideck.packaging.entry import Entry, Lock, State
from verideck.problems import Problem, Severity
from verideck.rendering import RENDER_EPOCH

if TYPE_CHECKING:
    from verideck.cards import Card, Checked, Identity
    from verideck.packaging.matching import Found, Scope
    from verideck.project import Project


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one card, by its id; `text` says it to a person where the id is not enough."""

    card: str
    text: str = ""

    def __str__(self) -> str:
        """Say `id: text`."""
        return f"{self.card}: {self.text}" if self.text else self.card


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build changes since the lock. Each card is in one list; `moved` names decks besides."""

    new: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    renamed: tuple[Change, ...] = ()
    retired: tuple[Change, ...] = ()
    revived: tuple[Change, ...] = ()
    unchanged: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The identity of each card, by its index; the next lock; what changed; what stands in the way."""

    identities: tuple[Identity, ...]
    lock: Lock
    changes: Changes
    problems: tuple[Problem, ...]
    known: tuple[bool, ...] = ()  # of each card that has lost a part, whether the lock knows it


def plan(
    lock: Lock,
    checked: Sequence[Checked],
    project: Project,
    scope: Scope,
    now: int,
    images: Sequence[Mapping[str, bytes]] = (),
    epoch: int = RENDER_EPOCH,
    lost: Sequence[Card] = (),
) -> Plan:
    """Give every card its identity: kept where the lock knows the card, minted where it does not.

    `lost` are cards of the sources that have lost a part: they get no identity, but keep others from
    taking theirs; those that the lock knows are retired until they are whole.

    `now` is in seconds since 1970. `images` holds the image files of each card by path, so that a new
    picture under an old name counts as a change. With an error
    among the problems, the identities serve for looking further only, and the lock must not be kept.
    """
    everything = matching.found([*(item.card for item in checked), *lost], scope)
    matched = matching.match(everything, lock, scope)
    found, incomplete = everything[: len(checked)], everything[len(checked) :]
    reserved = {card.id for card in lost if card.id}
    known = {**matched.entries, **_minted(found, matched.entries, lock, project, now, reserved)}
    entries: dict[int, Entry] = {}
    for card, item in zip(found, checked, strict=True):
        card_id = card.card.id or known[card.index].id
        pictures = images[card.index] if images else {}
        mark = fingerprint.fingerprint(item, card_id, project, epoch, pictures)
        entries[card.index] = _carried_on(known[card.index], card, card_id, mark, project, now, epoch)
    waiting = {entry.guid for card in incomplete if (entry := matched.entries.get(card.index))}
    retired = _retired(lock, entries.values(), scope, waiting)
    gone = (dataclasses.replace(entry, state=State.RETIRED) for entry in retired)
    kept = {entry.guid: entry for entry in (*lock.entries, *gone, *entries.values())}
    placed = _placed(kept, {entries[card.index].guid: card.card.location.line for card in found})
    return Plan(
        tuple(placed[entries[card.index].guid].identity for card in found),
        Lock(project.namespace, tuple(placed[guid] for guid in sorted(placed))),
        _changes(found, entries, matched.entries, retired, project, waiting),
        (*_weighed(matched.problems, lost), *promises.broken(found, matched.entries)),
        tuple(card.index in matched.entries for card in incomplete),
    )


def _weighed(problems: Iterable[Problem], lost: Iterable[Card]) -> Iterator[Problem]:
    """Let no card that is not built stop the others."""
    places = {(card.location.path, card.location.line) for card in lost}
    for problem in problems:
        mild = (problem.path, problem.line) in places
        yield dataclasses.replace(problem, severity=Severity.WARNING) if mild else problem


def _minted(
    found: Sequence[Found],
    known: Mapping[int, Entry],
    lock: Lock,
    project: Project,
    now: int,
    reserved: Collection[str] = (),
) -> Mapping[int, Entry]:
    """Make entries for the cards that the lock does not know, in the order of the sources."""
    new = sorted((card for card in found if card.index not in known), key=_place)
    ids = {entry.id for entry in lock.entries} | {card.card.id for card in found if card.card.id}
    ids |= set(reserved)
    guids = {entry.guid for entry in lock.entries}
    note_ids = minting.note_ids(len(new), now, {entry.note_id for entry in lock.entries})
    entries = {}
    for card, note_id in zip(new, note_ids, strict=True):
        card_id = card.card.id or minting.card_id(card.card.heading, ids)
        guid = minting.guid(project.namespace, card_id, guids)
        ids.add(card_id)
        guids.add(guid)
        entries[card.index] = Entry(guid, card_id, note_id=note_id)
    return entries


def _carried_on(
    entry: Entry, card: Found, card_id: str, mark: str, project: Project, now: int, epoch: int
) -> Entry:
    """Bring an entry up to its card; `mod` moves when what a learner sees has moved."""
    moved = mark != entry.fingerprint
    deck = project.deck_key(card.card.deck)
    return dataclasses.replace(
        entry,
        id=card_id,
        written=card.card.id is not None,
        state=State.LIVE,
        note_type=card.note_type,
        kind=card.card.kind,
        clozes=card.clozes,
        reverse=card.card.reverse,
        fingerprint=mark,
        epoch=epoch,
        mod=max(entry.mod + 1, now) if moved else entry.mod,
        release="" if moved else entry.release,
        due=entry.due if deck == entry.deck and entry.live else 0,
        deck=deck,
        file=card.file,
        question=card.question,
        answer=card.answer,
    )


def _retired(
    lock: Lock, entries: Iterable[Entry], scope: Scope, waiting: Collection[str]
) -> tuple[Entry, ...]:
    """Find the entries whose cards are gone: out of a file that was read, or with their file.

    `waiting` names those whose cards are there, but have lost a part.
    """
    here = {entry.guid for entry in entries}
    read = set(scope.files.values())
    gone = (
        entry
        for entry in lock.entries
        if entry.live
        and entry.guid not in here
        and (entry.guid in waiting or entry.file in read or (scope.whole and entry.file not in scope.present))
    )
    return tuple(sorted(gone, key=lambda entry: (entry.file, entry.due)))


def _placed(entries: Mapping[str, Entry], lines: Mapping[str, int]) -> Mapping[str, Entry]:
    """Give the cards their positions: by file and line, decks apart; unread files keep their order."""
    decks: dict[str, list[Entry]] = {}
    for entry in entries.values():
        if entry.live:
            decks.setdefault(entry.deck, []).append(entry)
    placed = dict(entries)
    for deck in decks.values():
        deck.sort(key=lambda entry: (entry.file, lines.get(entry.guid, entry.due), entry.guid))
        dues = ordering.positions([entry.due or None for entry in deck])
        for entry, due in zip(deck, dues, strict=True):
            placed[entry.guid] = dataclasses.replace(entry, due=due)
    return placed


def _changes(
    found: Sequence[Found],
    entries: Mapping[int, Entry],
    before: Mapping[int, Entry],
    retired: Iterable[Entry],
    project: Project,
    waiting: Collection[str],
) -> Changes:
    lists: dict[str, list[Change]] = {field.name: [] for field in dataclasses.fields(Changes)}
    for card in sorted(found, key=_place):
        was, entry = before.get(card.index), entries[card.index]
        name, text = _what_became(was, entry, written=card.card.id is not None)
        lists[name].append(Change(entry.id, text))
        if was and was.deck != entry.deck:
            lists["moved"].append(Change(entry.id, f"from {_deck(was.deck, project)} to {card.card.deck}"))
    for entry in retired:
        text = "until its lost part is written" if entry.guid in waiting else f"gone from {entry.file}"
        lists["retired"].append(Change(entry.id, text))
    return Changes(**{name: tuple(changes) for name, changes in lists.items()})


def _what_became(was: Entry | None, entry: Entry, *, written: bool) -> tuple[str, str]:
    """Name the list of `Changes` that a card belongs to, and say what a person should know."""
    if was is None:
        return "new", ""
    if not was.live:
        return "revived", "back with the reviews it had"
    if was.id != entry.id:
        return "renamed", f"was `{was.id}`"
    heading, former = (fingerprint.heading_of(known.question) for known in (entry, was))
    if not written and was.question != entry.question:
        text = f'was "{former}"' if heading != former else "another text below the same heading"
        return "renamed", f"{text}; keeps its reviews"
    if was.fingerprint == entry.fingerprint:
        return "unchanged", ""
    if not written and was.answer != entry.answer:
        return "changed", "another answer to the same question; keeps its reviews"
    return "changed", ""


def _deck(key: str, project: Project) -> str:
    return project.decks.get(key, key)


def _place(card: Found) -> tuple[str, int, int]:
    return (card.file, card.card.location.line, card.index)
