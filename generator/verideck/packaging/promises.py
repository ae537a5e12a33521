"""What a build must not do to cards that it has built before: somebody may study them already."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from verideck.packaging import cloze_numbers, likeness
from verideck.packaging.before_after import before_after
from verideck.packaging.directive_hints import consent, directive, fresh_id, has_consent, where
from verideck.packaging.entry import CARDS_PER_NOTE, Entry
from verideck.packaging.identification import identifies
from verideck.packaging.source_cards import content_of
from verideck.problems import Problem, error, warning
from verideck.reading.directive import NEW, ONE_WAY, REWORDED

if TYPE_CHECKING:
    from verideck.packaging.source_cards import Found


def broken(
    found: Sequence[Found],
    before: Mapping[int, Entry],
    lock: Sequence[Entry],
    taken: set[str],
    files: Collection[str],
) -> Iterator[Problem]:
    """Find what would cost a learner reviews, or give them to another card.

    `before` has the entries of the cards known so far, `lock` all entries, `taken` the ids that new cards
    cannot have, `files` the paths of the files that are built.
    """
    others = _Others(found, before, lock, files)
    for card in found:
        yield from _too_many_clozes(card)
        entry = before.get(card.index)
        if entry and entry.note_type != card.note_type:
            yield _changed_note_type(card, entry, others, taken)
        elif entry:
            yield from _unwritten(card, entry)
            yield from _another_card(card, entry, others, taken)
            yield from cloze_numbers.broken(card, entry)
            yield from _gone_reverse(card, entry)


class _Others:
    """The texts of all entries, to see whether a card has those of another one."""

    def __init__(
        self,
        found: Sequence[Found],
        before: Mapping[int, Entry],
        lock: Sequence[Entry],
        files: Collection[str],
    ) -> None:
        self._contents = {content_of(entry): entry for entry in lock}
        self._ids_elsewhere = {card.card.id for card in found if card.card.location.path not in files}
        questions = {entry.guid: card.texts.question for card in found if (entry := before.get(card.index))}
        self._given_up = {
            (entry.note_type, entry.question): entry
            for entry in lock
            if entry.live and questions.get(entry.guid) != entry.question
        }
        pairs = [(card, before[card.index]) for card in found if card.index in before]
        self._displaced = {
            owner.guid: entry for card, entry in pairs if (owner := self.owner(card, entry)) is not None
        }
        self._alike = _alike(pairs, lock)
        self._unsettled = {
            owner.guid: (entry, card.card.location.path in files)
            for card, entry in pairs
            if not has_consent(card, REWORDED, entry) and (owner := self.owner(card, entry)) is not None
        }

    def together(self, entry: Entry) -> str:
        """Return what a hint adds if a card of a file that is not built has the id to be pasted."""
        return ", and build all files together" if entry.id in self._ids_elsewhere else ""

    def unsettled(self, entry: Entry) -> tuple[Entry, bool] | None:
        """Return the entry whose card has the text of `entry` without a word on it, and if it is built."""
        return self._unsettled.get(entry.guid)

    def displaced(self, card: Found, entry: Entry) -> Entry | None:
        """Return the entry that a card under the id of `entry` may be: its id may have gone to another card.

        It is the one whose card has the text of `entry` now, or the missing one that the card resembles.
        """
        other = self._displaced.get(entry.guid)
        return other if other and other.note_type == card.note_type else self._alike.get(card.index)

    def owner(self, card: Found, entry: Entry) -> Entry | None:
        """Return the other entry whose text a card has now, or whose question, if its own card gave it up."""
        if content_of(entry) == card.content:
            return None
        owner = self._contents.get(card.content)
        if owner is None and entry.question != card.texts.question:
            owner = self._given_up.get((card.note_type, card.texts.question))
        return owner if owner and owner.guid != entry.guid else None


def _alike(pairs: Sequence[tuple[Found, Entry]], lock: Sequence[Entry]) -> Mapping[int, Entry]:
    """Find the missing entry that each card resembles which is not what its entry was."""
    claimed = {entry.guid for _, entry in pairs}
    missing = [entry for entry in lock if entry.guid not in claimed]
    cards = [card for card, entry in pairs if entry.note_type != card.note_type or needs_consent(entry, card)]
    found: dict[int, Entry] = {}
    for pair in likeness.pairs(
        [f"{card.texts.question}\n{card.texts.answer}" for card in cards],
        [f"{entry.question}\n{entry.answer}" for entry in missing],
        [f"{entry.question}\n{entry.answer}" for entry in lock if entry.live],
    ):
        card, entry = cards[pair.left], missing[pair.right]
        if entry.note_type == card.note_type:
            found.setdefault(card.index, entry)
    return found


def _another_card(card: Found, entry: Entry, others: _Others, taken: set[str]) -> Iterator[Problem]:
    """Report a card under the id of another one, or one that became something else."""
    there = where(card)
    keep = directive(card, entry.id, consent(REWORDED, entry), entry=entry)
    if has_consent(card, REWORDED, entry):
        if found := others.unsettled(entry):  # the word may have come along with the id
            other, is_built = found
            message = f"another card, `{other.id}`, has the text of `{entry.id}` now: were their ids swapped?"
            hint = (
                f"if it is `{other.id}`, {there} {directive(card, other.id, entry=other)}\n"
                f"          if `{entry.id}` was reworded, and its reviews go on, {there} {keep}"
                f"{'' if is_built else ', and build all files together'}"
            )
            yield error(card.card.location, message + before_after(entry, card), hint)
        return
    if owner := others.owner(card, entry):
        message = _swapped(card, entry, owner)
        own = directive(card, owner.id, entry=owner)
        hint = (
            f"if it is `{owner.id}`, {there} {own}{others.together(owner)}\n"
            f"          if `{entry.id}` was reworded, and its reviews go on, {there} {keep}"
        )
        yield error(card.card.location, message + before_after(entry, card), hint)
    elif needs_consent(entry, card):
        new = directive(card, fresh_id(card, taken), NEW)
        message = f"`{entry.id}` has another question and another answer now"
        hint = (
            f"if it is the same card, reworded, and its reviews go on, {there} {keep}\n"
            f"          {_displaced(card, entry, others)}"
            f"if it is a new card, and `{entry.id}` is retired, {there} {new}"
        )
        yield error(card.card.location, message + before_after(entry, card), hint)


def needs_consent(entry: Entry, card: Found) -> bool:
    """Return whether a card has become something else: its question and its answer are others.

    An answer that many cards have does not count: with it, a question that is not alike at all is another.
    """
    was, now = entry.question, card.texts.question
    if _plain(was) == _plain(now):
        return False
    if not {_plain(line) for line in entry.answer.split("\n")} & set(
        map(_plain, card.texts.answer.split("\n"))
    ):
        return True
    return not identifies(card.texts.answer) and likeness.are_unrelated(was, now)


def given_up(card: Found, entry: Entry) -> str:
    """Say which reviews a card gives up by consent; nothing if it keeps them all."""
    if entry.note_type != card.note_type:
        return ""
    parts = cloze_numbers.faults(card, entry)
    parts += ["no longer asked in reverse"] if entry.reverse and not card.card.reverse else []
    return f"by consent, reviews are given up: {'; '.join(parts)}" if parts else ""


def _plain(text: str) -> str:
    """Return a text without what no learner would call a change."""
    return text.casefold().rstrip(" .!?:;…。！？")


def _changed_note_type(card: Found, entry: Entry, others: _Others, taken: set[str]) -> Problem:
    """Ask for consent where a card turned from or into a cloze: Anki keeps no reviews over that."""
    there = where(card)
    new = directive(card, fresh_id(card, taken), NEW)
    if owner := others.owner(card, entry):
        message = _swapped(card, entry, owner) + before_after(entry, card)
        hint = f"if it is `{owner.id}`, {there} {directive(card, owner.id, entry=owner)}"
        if content_of(owner) != card.content:
            hint += f"\n          if it is a new card, and `{entry.id}` is retired, {there} {new}"
        return error(card.card.location, message, hint)
    kinds = f"was a {entry.kind} card and is a {card.card.kind} card now"
    message = f"`{entry.id}` {kinds}: its reviews cannot come along"
    hint = f"if that is meant, {there} {new}: the old card is retired and a new one begins"
    return error(card.card.location, message, _displaced(card, entry, others) + hint)


def _displaced(card: Found, entry: Entry, others: _Others) -> str:
    """Offer the id of a card that took this one's text, if there is one: two ids may have changed places."""
    if (other := others.displaced(card, entry)) is None:
        return ""
    return f"if it is `{other.id}`, {where(card)} {directive(card, other.id, entry=other)}\n          "


def _swapped(card: Found, entry: Entry, owner: Entry) -> str:
    what = "text" if content_of(owner) == card.content else "question"
    return f"`{entry.id}` has the {what} of `{owner.id}` now: were their ids swapped?"


def _too_many_clozes(card: Found) -> Iterator[Problem]:
    for number, _ in card.texts.clozes:
        if number > CARDS_PER_NOTE:  # the reader reports 0
            message = f"a cloze number {number}; they go from 1 to {CARDS_PER_NOTE}"
            yield error(card.card.location, message, "number them from 1 on, or split the card")


def _unwritten(card: Found, entry: Entry) -> Iterator[Problem]:
    """Ask for the id of a released card: with both its texts edited it would be lost otherwise."""
    if entry.released and card.card.id is None:
        written = directive(card, entry.id)
        message = f"the released card {card.title} has no id in its source"
        yield warning(card.card.location, message, f"{where(card)} {written}")


def _gone_reverse(card: Found, entry: Entry) -> Iterator[Problem]:
    """Hold the reversed card: without it learners are left with an empty card and its reviews."""
    if entry.reverse and not card.card.reverse and not has_consent(card, ONE_WAY, entry):
        message = f"`{entry.id}` is no longer asked in reverse: the reviews of its second card would be lost"
        again = directive(card, card.card.id, "reverse", entry=entry)
        drop = directive(card, card.card.id, consent(ONE_WAY, entry), entry=entry)
        there = where(card)
        hint = (
            f"to keep it, {there} {again}\n"
            f"          to drop it (learners keep an empty card until they remove it), {there} {drop}"
        )
        yield error(card.card.location, message, hint)
