"""What a build changes since the lock, card by card, told to the user."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.packaging import card_texts, promises

if TYPE_CHECKING:
    from verideck.packaging.entry import Entry
    from verideck.packaging.source_cards import Found
    from verideck.project import Project

_MAX_QUOTED = 60  # characters of a heading


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one card, by its id; `text` says it if the id is not enough.

    `keeps` says that a learner who has the card keeps all its reviews.
    """

    card: str
    text: str = ""
    keeps: bool = True

    def __str__(self) -> str:
        """Say `id: text`."""
        return f"{self.card}: {self.text}" if self.text else self.card


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build changes since the lock. Each card is in one list; `moved` names decks besides."""

    new: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    reworded: tuple[Change, ...] = ()
    renamed: tuple[Change, ...] = ()
    retired: tuple[Change, ...] = ()
    revived: tuple[Change, ...] = ()
    unchanged: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()


def find(
    found: Sequence[Found],
    entries: Mapping[int, Entry],
    before: Mapping[int, Entry],
    retired: Iterable[Entry],
    project: Project,
    waiting: Collection[str],
) -> Changes:
    """List the changes, in the order of the sources.

    `entries` and `before` are what the next lock and the last one say of each card; `waiting` are the guids
    of cards that have lost a part.
    """
    lists: dict[str, list[Change]] = {field.name: [] for field in dataclasses.fields(Changes)}
    for card in sorted(found, key=lambda card: card.place):
        was, entry = before.get(card.index), entries[card.index]
        name, text = _what_became(was, entry)
        lost = promises.given_up(card, was) if was else ""
        lists[name].append(Change(entry.id, "; ".join(filter(None, (text, lost))), not lost))
        if was and was.live and was.deck.casefold() != entry.deck.casefold():
            lists["moved"].append(Change(entry.id, f"from {_deck(was.deck, project)} to {card.card.deck}"))
    for entry in retired:
        text = "until its lost part is written" if entry.guid in waiting else f"gone from {entry.file}"
        lists["retired"].append(Change(entry.id, text))
    return Changes(**{name: tuple(changes) for name, changes in lists.items()})


def _what_became(was: Entry | None, entry: Entry) -> tuple[str, str]:
    """Name the list of `Changes` that a card belongs to, and say what the user should know."""
    if was is None:
        return "new", ""
    if not was.live:
        return "revived", "back with the reviews it had"
    if was.question != entry.question or was.answer != entry.answer:
        return "reworded", _reworded(was, entry)
    if was.id != entry.id:
        return "renamed", f"was `{was.id}`"
    return ("unchanged", "") if was.mod == entry.mod else ("changed", "")


def _reworded(was: Entry, entry: Entry) -> str:
    now, before = (card_texts.heading_of(one.question) for one in (entry, was))
    if was.question == entry.question:
        text = "another answer to the same question"
    elif now == before:
        text = "another text below the same heading"
    else:
        text = f'was "{before[:_MAX_QUOTED]}{"…" if len(before) > _MAX_QUOTED else ""}"'
    return f"was `{was.id}`, {text}" if was.id != entry.id else text


def _deck(key: str, project: Project) -> str:
    return project.decks.get(key, key)
