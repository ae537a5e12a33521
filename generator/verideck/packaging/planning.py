"""Carries identities on: the last lock and the cards of today to the next lock, and what changed between."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from verideck.packaging import (
    card_ids,
    changes,
    copies,
    fingerprint,
    matching,
    minting,
    ordering,
    promises,
    resemblance,
    shared_guids,
    source_cards,
    upgrade,
)
from verideck.packaging.changes import Change, Changes
from verideck.packaging.entry import Entry, Lock, State
from verideck.packaging.fingerprint import FORMULA
from verideck.problems import Problem, Severity
from verideck.rendering import RENDER_EPOCH

if TYPE_CHECKING:
    from verideck.cards import Card, Checked, Identity
    from verideck.packaging.matching import Matching
    from verideck.packaging.shared_guids import Split
    from verideck.packaging.source_cards import Found, Scope
    from verideck.project import Project

__all__ = ["Change", "Changes", "Plan", "plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The identity of each card, by its index; the next lock; what changed; what stands in the way.

    `uncompared` are the ids of cards that were edited since an old lock, which kept no texts, was written.
    """

    identities: tuple[Identity, ...]
    lock: Lock
    changes: Changes
    problems: tuple[Problem, ...]
    known: tuple[bool, ...] = ()  # of each card that has lost a part, whether the lock knows it
    uncompared: tuple[str, ...] = ()


def plan(
    lock: Lock,
    checked: Sequence[Checked],
    project: Project,
    scope: Scope,
    now: int,
    images: Sequence[Mapping[str, bytes]] = (),
    epoch: int = RENDER_EPOCH,
    lost: Sequence[Card] = (),
    others: Sequence[Card] = (),
) -> Plan:
    """Give every card its identity: kept where the lock knows the card, minted where it does not.

    `lost` are cards of the sources that have lost a part: they get no identity, but keep others from
    taking theirs; those that the lock knows are retired until they are whole. `others` are cards of files
    that are not built this time: they stay as they are, and keep others from taking their identity, too.

    `now` is in seconds since 1970. `images` holds the image files of each card by path, so that a new
    picture under an old name counts as a change. With an error
    among the problems, the identities serve for looking further only, and the lock must not be kept.
    """
    everything = source_cards.found([*(item.card for item in checked), *lost, *others], scope)
    found, incomplete = everything[: len(checked)], everything[len(checked) :][: len(lost)]
    told = shared_guids.split(upgrade.with_texts(lock, everything), everything, now)
    taken = {entry.id for entry in lock.entries} | {card.card.id for card in everything if card.card.id}
    matched = matching.match(everything, told.lock, scope, taken)
    known = {**_minted(found, told.lock, project, now, matched.entries), **matched.entries}
    ids = card_ids.choose(found, {card.index: known[card.index] for card in found}, told.lock, everything)
    entries: dict[int, Entry] = {}
    for card, item in zip(found, checked, strict=True):
        pictures = images[card.index] if images else {}
        mark = partial(fingerprint.fingerprint, item, ids[card.index], project, epoch, pictures)
        entries[card.index] = _carried_on(known[card.index], card, ids[card.index], mark, project, now, epoch)
    waiting = {entry.guid for card in incomplete if (entry := matched.entries.get(card.index))}
    claimed = {entry.guid for entry in (*entries.values(), *matched.entries.values())} - waiting
    retired = _retired(told.lock, claimed, scope, waiting)
    former = {entry.guid: entry for entry in (*lock.entries, *told.changed)}
    gone = (dataclasses.replace(former[entry.guid], state=State.RETIRED) for entry in retired)
    kept = {**former, **{entry.guid: entry for entry in (*gone, *entries.values())}}
    placed = _placed(kept, {entries[card.index].guid: card.card.location.line for card in found})
    before = {index: entry for index, entry in matched.entries.items() if entry.guid not in told.minted}
    return Plan(
        tuple(placed[entries[card.index].guid].identity for card in found),
        Lock(project.namespace, tuple(placed[guid] for guid in sorted(placed))),
        changes.find(found, entries, before, retired, project, waiting),
        tuple(_weighed(_problems(everything, matched, told, taken, scope), lost, scope)),
        tuple(card.index in matched.entries for card in incomplete),
        tuple(entry.id for entry in upgrade.uncompared(found, matched)),
    )


def _problems(
    cards: Sequence[Found], matched: Matching, told: Split, taken: set[str], scope: Scope
) -> Iterator[Problem]:
    yield from matched.problems
    yield from copies.find(cards, matched.entries.keys(), taken)
    yield from resemblance.find(matched.left_cards, matched.left_entries, told.lock.entries, taken)
    yield from promises.broken(cards, matched.entries, told.lock.entries, taken, scope.files)
    yield from shared_guids.problems(cards, matched.entries, told.minted)


def _weighed(problems: Iterable[Problem], lost: Iterable[Card], scope: Scope) -> Iterator[Problem]:
    """Let no card that is not built stop the others, and say nothing of files that are not."""
    places = {(card.location.path, card.location.line) for card in lost}
    for problem in problems:
        mild = (problem.path, problem.line) in places
        if problem.path in scope.files:
            yield dataclasses.replace(problem, severity=Severity.WARNING) if mild else problem


def _minted(
    found: Sequence[Found], lock: Lock, project: Project, now: int, known: Mapping[int, Entry]
) -> Mapping[int, Entry]:
    """Make entries for the cards that the lock does not know, in the order of the sources."""
    new = sorted((card for card in found if card.index not in known), key=lambda card: card.place)
    guids = {entry.guid for entry in lock.entries}
    note_ids = minting.note_ids(len(new), now, {entry.note_id for entry in lock.entries})
    entries = {}
    for card, note_id in zip(new, note_ids, strict=True):
        guid = minting.guid(project.namespace, minting.content(*card.content), guids)
        guids.add(guid)
        entries[card.index] = Entry(guid, "", note_id=note_id)
    return entries


def _carried_on(
    entry: Entry,
    card: Found,
    card_id: str,
    mark: Callable[..., str],
    project: Project,
    now: int,
    epoch: int,
) -> Entry:
    """Bring an entry up to its card; `mod` moves when what a learner sees has moved.

    `mark` is the fingerprint of the card, by the formula of the line or by today's.
    """
    fresh = mark()
    moved = (fresh if entry.formula == FORMULA else mark(formula=entry.formula)) != entry.fingerprint
    deck = project.deck_key(card.card.deck)
    numbers = dict(card.texts.clozes)
    hidden = {**dict(entry.clozes_before), **dict(entry.clozes)}
    return dataclasses.replace(
        entry,
        id=card_id,
        written=card.card.id is not None,
        state=State.LIVE,
        note_type=card.note_type,
        kind=card.card.kind,
        clozes=card.texts.clozes,
        clozes_before=tuple(sorted(item for item in hidden.items() if item[0] not in numbers)),
        reverse=card.card.reverse,
        formula=FORMULA,
        fingerprint=fresh,
        epoch=epoch,
        mod=max(entry.mod + 1, now) if moved else entry.mod,
        release="" if moved else entry.release,
        due=entry.due if deck == entry.deck and entry.live else 0,
        deck=deck,
        file=card.file,
        question=card.texts.question,
        answer=card.texts.answer,
        consents=card.card.consents,
    )


def _retired(
    lock: Lock, claimed: Collection[str], scope: Scope, waiting: Collection[str]
) -> tuple[Entry, ...]:
    """Find the entries whose cards are gone: out of a file that was read, or with their file.

    `claimed` are the guids of those that a card has, `waiting` those whose card has lost a part.
    """
    read = set(scope.files.values())
    gone = (
        entry
        for entry in lock.entries
        if entry.live
        and entry.guid not in claimed
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
