"""What an author means: which card is which, whatever its text, its file, its id or its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any


class Violation(AssertionError):
    """A promise that was broken, after so many steps of a history; `log` is what happened until then."""

    def __init__(self, promise: str, message: str) -> None:
        super().__init__(f"{promise}: {message}")
        self.promise = promise
        self.steps = 0
        self.log: tuple[str, ...] = ()


def hold(promise: str, message: str, *, kept: bool) -> None:
    """Raise Violation unless a promise was kept."""
    if not kept:
        raise Violation(promise, message)


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank of a cloze card; `key` is what it means, `number` what the source calls it."""

    key: int
    number: int
    stem: str
    text: str

    def __str__(self) -> str:
        return f"{self.stem} {{{{c{self.number}::{self.text}}}}}"


@dataclass(frozen=True, slots=True)
class Card:
    """A card; `key` is what it means, all else is how its source puts it."""

    key: int
    kind: str  # recall, choice, typed, cloze
    question: str
    answer: str = ""
    body: str = ""  # more of the question
    wrong: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()
    is_reversed: bool = False
    takeaway: str = ""
    tag: str = ""
    id: str = ""
    words: tuple[str, ...] = ()  # of the directive, as a build asked for them

    @property
    def directive(self) -> str:
        """Return the words of the directive."""
        words = [f"#{self.id}"] * bool(self.id) + [f".{self.tag}"] * bool(self.tag)
        words += ["typed"] * (self.kind == "typed") + ["reverse"] * self.is_reversed
        return " ".join((*words, *self.words))

    @property
    def shown(self) -> tuple[Any, ...]:
        """Return all that a learner sees, but for the id."""
        asked = (self.kind, self.question, self.body, self.answer, self.wrong, self.blanks)
        return (*asked, self.is_reversed, self.takeaway, self.tag)

    @property
    def texts(self) -> tuple[str, str]:
        """Return the question, and what answers it, as plain text."""
        asked = " ".join(filter(None, (self.question, self.body)))
        return asked, self.answer or " ".join(map(str, self.blanks))

    def __str__(self) -> str:
        parts = [f"## {self.question}" + (f"\n<!-- card: {said} -->" if (said := self.directive) else "")]
        if self.body:
            parts.append(self.body)
        match self.kind:
            case "choice":
                options = sorted([(self.answer, "x"), *((text, " ") for text in self.wrong)])
                parts.append("\n".join(f"- [{mark}] {text}" for text, mark in options))
            case "cloze":
                parts.append(" ".join(map(str, self.blanks)))
            case _:
                parts += [*(["---"] if self.body else []), self.answer]
        if self.takeaway:
            parts.append(f"> [!IMPORTANT]\n> {self.takeaway}")
        return "\n\n".join(parts)


@dataclass(frozen=True, slots=True)
class File:
    """A source: its deck and its cards, in order."""

    deck: str
    cards: tuple[Card, ...] = ()

    def __str__(self) -> str:
        return "\n\n".join([f"---\ndeck: {self.deck}\n---", *map(str, self.cards)]) + "\n"


@dataclass(frozen=True, slots=True)
class Tree:
    """All sources, by name, and the credits in deck.toml; a value that edits replace."""

    files: Mapping[str, File]
    author: str = ""

    def __iter__(self) -> Iterator[tuple[str, Card]]:
        for name in sorted(self.files):
            for card in self.files[name].cards:
                yield name, card

    @property
    def cards(self) -> dict[int, Card]:
        """Return the cards by what they mean."""
        return {card.key: card for _, card in self}

    @property
    def places(self) -> dict[int, str]:
        """Return the file of each card."""
        return {card.key: name for name, card in self}

    @property
    def ids(self) -> set[str]:
        """Return the ids that stand in the sources."""
        return {card.id for _, card in self if card.id}

    def with_file(self, name: str, file: File | None) -> Tree:
        """Return the tree with another file of this name; None takes it out."""
        files = {**self.files, name: file}
        return replace(self, files={key: value for key, value in files.items() if value})

    def put(self, card: Card) -> Tree:
        """Return the tree with another text for a card."""
        name = self.places[card.key]
        cards = tuple(card if one.key == card.key else one for one in self.files[name].cards)
        return self.with_file(name, replace(self.files[name], cards=cards))

    def add(self, card: Card, name: str, place: int) -> Tree:
        """Return the tree with one more card."""
        cards = list(self.files[name].cards)
        cards.insert(place, card)
        return self.with_file(name, replace(self.files[name], cards=tuple(cards)))

    def drop(self, key: int) -> Tree:
        """Return the tree without a card."""
        name = self.places[key]
        cards = tuple(card for card in self.files[name].cards if card.key != key)
        return self.with_file(name, replace(self.files[name], cards=cards))


def merge(base: Tree, ours: Tree, theirs: Tree) -> Tree:
    """Return what two branches mean together; where both changed the same, ours counts."""
    cards, places = _merged_cards(base, ours, theirs), _merged_places(base, ours, theirs)
    order = {key: place for place, key in enumerate(_keys(ours, theirs))}
    files = {}
    for name in {*places.values(), *ours.files, *theirs.files}:
        decks = [tree.files[name].deck if name in tree.files else None for tree in (base, ours, theirs)]
        here = sorted((key for key in cards if places[key] == name), key=order.__getitem__)
        if here:
            deck = _pick(*decks) or next(filter(None, decks[1:]))
            files[name] = File(deck, tuple(cards[key] for key in here))
    return Tree(files, _pick(base.author, ours.author, theirs.author))


def _keys(*trees: Tree) -> Iterable[int]:
    return dict.fromkeys(card.key for tree in trees for _, card in tree)


def _pick(base: Any, ours: Any, theirs: Any) -> Any:
    return theirs if ours == base else ours


def _merged_cards(base: Tree, ours: Tree, theirs: Tree) -> dict[int, Card]:
    """Merge cards part by part; one that a branch dropped stays only if the other changed it."""
    merged: dict[int, Card] = {}
    was, here, there = base.cards, ours.cards, theirs.cards
    for key in _keys(ours, theirs):
        if key not in here or key not in there:
            kept = here.get(key) or there[key]
            if was.get(key) != kept:
                merged[key] = kept
            continue
        before = was.get(key, there[key])
        parts = {
            name: _pick(*(getattr(one, name) for one in (before, here[key], there[key])))
            for name in Card.__dataclass_fields__
        }
        # The parts of a kind belong together.
        if len({before.kind, here[key].kind, there[key].kind}) > 1:
            parts = {name: getattr(here[key], name) for name in parts}
        merged[key] = Card(**parts)
    return merged


def _merged_places(base: Tree, ours: Tree, theirs: Tree) -> dict[int, str]:
    was, here, there = base.places, ours.places, theirs.places
    return {
        key: _pick(was.get(key), here[key], there[key]) if key in here and key in there
        else here.get(key) or there[key]
        for key in _keys(ours, theirs)
    }  # fmt: skip
