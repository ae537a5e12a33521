"""What authors do to their sources between two builds; each edit says which card is which afterwards."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tests.histories import texts
from tests.histories.model import Blank, Card, File, Tree


@dataclass
class Memory:
    """What has been written so far, on all branches: no text is given to two cards."""

    keys: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    texts: dict[tuple[str, str], int] = field(default_factory=dict)
    gone: dict[int, tuple[Card, str]] = field(
        default_factory=dict
    )  # cards that were dropped, with their file

    def owns(self, tree: Tree) -> bool:
        """Return whether every text of a tree is its card's own; if so, remember them."""
        found = {card.texts: card.key for _, card in tree}
        if len(found) < len(tree.cards) or any(
            self.texts.get(text, key) != key for text, key in found.items()
        ):
            return False
        self.texts.update(found)
        return True


Edit = Callable[[Tree, random.Random, Memory], Tree | None]


def _pick(tree: Tree, chance: random.Random, fits: Callable[[Card], bool] = lambda _: True) -> Card:
    """Choose a card. Raises IndexError if none fits."""
    return chance.choice([card for _, card in tree if fits(card)])


def _is_cloze(card: Card) -> bool:
    return card.kind == "cloze"


def _is_plain(card: Card) -> bool:
    return card.kind != "cloze"


def _reworded(ask: texts.Way | None, answer: texts.Way | None = None) -> Edit:
    """Make an edit that words a card's question, its answer or both in another way."""

    def edit(tree: Tree, chance: random.Random, _: Memory) -> Tree:
        card = _pick(tree, chance, _is_plain if answer else lambda _: True)
        question = ask(card.question, chance) if ask else card.question
        return tree.put(
            replace(card, question=question, answer=answer(card.answer, chance) if answer else card.answer)
        )

    return edit


def exchange_answers(tree: Tree, chance: random.Random, _: Memory) -> Tree | None:
    one = _pick(tree, chance, _is_plain)
    other = _pick(tree, chance, lambda card: card.kind == one.kind and card.answer != one.answer)
    if other.answer in one.wrong or one.answer in other.wrong:
        return None
    return tree.put(replace(one, answer=other.answer)).put(replace(other, answer=one.answer))


def exchange_ids(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    one = _pick(tree, chance, lambda card: bool(card.id))
    other = _pick(tree, chance, lambda card: bool(card.id) and card.key != one.key)
    return tree.put(replace(one, id=other.id)).put(replace(other, id=one.id))


def shuffle(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    name = chance.choice(sorted(tree.files))
    cards = list(tree.files[name].cards)
    chance.shuffle(cards)
    return tree.with_file(name, replace(tree.files[name], cards=tuple(cards)))


def move(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    card, name = _pick(tree, chance), chance.choice(sorted(tree.files))
    tree = tree.drop(card.key)
    return tree.add(card, name, chance.randrange(len(tree.files[name].cards) + 1))


def move_and_reword(tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    tree = move(tree, chance, memory)
    card = _pick(tree, chance)
    return tree.put(replace(card, question=texts.slightly(card.question, chance)))


def rename_file(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    name = chance.choice(sorted(tree.files))
    return tree.with_file(name, None).with_file(_new_name(tree), tree.files[name])


def rename_and_reword(tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    tree = rename_file(tree, chance, memory)
    card = _pick(tree, chance)
    return tree.put(replace(card, question=texts.slightly(card.question, chance)))


def _new_name(tree: Tree) -> str:
    return next(name for n in itertools.count(1) if (name := f"file{n}.md") not in tree.files)


def split_file(tree: Tree, chance: random.Random, _: Memory) -> Tree | None:
    name = chance.choice(sorted(tree.files))
    file = tree.files[name]
    half = len(file.cards) // 2
    if not half:
        return None
    tree = tree.with_file(_new_name(tree), replace(file, cards=file.cards[half:]))
    return tree.with_file(name, replace(file, cards=file.cards[:half]))


def join_files(tree: Tree, chance: random.Random, _: Memory) -> Tree | None:
    if len(tree.files) < 2:
        return None
    first, second = chance.sample(sorted(tree.files), 2)
    cards = tree.files[first].cards + tree.files[second].cards
    return tree.with_file(first, replace(tree.files[first], cards=cards)).with_file(second, None)


def move_deck(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    name = chance.choice(sorted(tree.files))
    return tree.with_file(name, replace(tree.files[name], deck=f"Plays::{chance.randrange(5)}0 Part"))


def add(tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    name = chance.choice(sorted(tree.files))
    card = texts.fresh(next(memory.keys), chance)
    card = replace(card, id=f"own-{card.key}" if chance.random() < 0.3 else "")
    return tree.add(card, name, chance.randrange(len(tree.files[name].cards) + 1))


def add_alike(tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    """Add a card that looks like one that is there, and is another."""
    tree_card, name = _pick(tree, chance, _is_plain), chance.choice(sorted(tree.files))
    return tree.add(
        _alike(tree_card, chance, memory), name, chance.randrange(len(tree.files[name].cards) + 1)
    )


def replace_alike(tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    """Take a card out, and put another one in its place that looks like it."""
    card = _pick(tree, chance, _is_plain)
    name = tree.places[card.key]
    place = tree.files[name].cards.index(card)
    memory.gone[card.key] = card, name
    return tree.drop(card.key).add(_alike(card, chance, memory), name, place)


def _alike(card: Card, chance: random.Random, memory: Memory) -> Card:
    # A card is known by its question, and by an answer of several words: who writes another one changes both.
    way = chance.choice((texts.otherwise, texts.wholly))
    kept = texts.otherwise if " " in card.answer else lambda text, _: text
    answer = chance.choice((texts.otherwise, kept))
    question = way(card.question, chance)
    return replace(
        card, key=next(memory.keys), question=question, answer=answer(card.answer, chance), id="", words=()
    )


def drop(tree: Tree, chance: random.Random, memory: Memory) -> Tree | None:
    if len(tree.cards) < 3:
        return None
    card = _pick(tree, chance)
    memory.gone[card.key] = card, tree.places[card.key]
    return tree.drop(card.key)


def bring_back(tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    card, name = memory.gone[chance.choice([key for key in memory.gone if key not in tree.cards])]
    name = name if name in tree.files else chance.choice(sorted(tree.files))
    return tree.add(card, name, len(tree.files[name].cards))


def write_id(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    card = _pick(tree, chance, lambda card: not card.id)
    return tree.put(replace(card, id=f"own-{card.key}-{chance.randrange(100)}"))


def rename_id(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    card = _pick(tree, chance, lambda card: bool(card.id))
    return tree.put(replace(card, id=f"other-{card.key}-{chance.randrange(100)}"))


def drop_id(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    return tree.put(replace(_pick(tree, chance, lambda card: bool(card.id)), id="", words=()))


def change_kind(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    """Turn a card into another kind of the same note type; it stays the same card."""
    card = _pick(tree, chance, _is_plain)
    kind = chance.choice([kind for kind in ("recall", "choice", "typed") if kind != card.kind])
    wrong = (f"Not {card.answer}", "Neither") if kind == "choice" else ()
    return tree.put(
        replace(card, kind=kind, wrong=wrong, is_reversed=False if kind != "recall" else card.is_reversed)
    )


def to_cloze(tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    """Turn a card into a cloze or back: in Anki that is another card."""
    card = _pick(tree, chance)
    key, name = next(memory.keys), tree.places[card.key]
    place = tree.files[name].cards.index(card)
    if card.kind == "cloze":
        other = replace(card, key=key, kind="recall", answer=f"By the {card.blanks[0].text}.", blanks=())
    else:
        blank = Blank(key * 100, 1, "The answer is", card.answer)
        other = Card(key, "cloze", card.question, blanks=(blank,), id=card.id)
    memory.gone[card.key] = card, name
    return tree.drop(card.key).add(replace(other, words=()), name, place)


def edit_blank(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    card = _pick(tree, chance, _is_cloze)
    which = chance.randrange(len(card.blanks))
    blanks = tuple(
        replace(one, text=f"{one.text} {chance.choice('xyz')}") if place == which else one
        for place, one in enumerate(card.blanks)
    )
    return tree.put(replace(card, blanks=blanks))


def edit_stem(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    card = _pick(tree, chance, _is_cloze)
    first, *others = card.blanks
    return tree.put(replace(card, blanks=(replace(first, stem=texts.slightly(first.stem, chance)), *others)))


def add_blank(tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    card = _pick(tree, chance, lambda card: card.kind == "cloze" and len(card.blanks) < 5)
    number = max(one.number for one in card.blanks) + 1
    return tree.put(replace(card, blanks=(*card.blanks, _blank(number, "and then the", chance, memory))))


def insert_blank(tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    """Put a new blank in front and number all of them again, which is what people do."""
    card = _pick(tree, chance, lambda card: card.kind == "cloze" and len(card.blanks) < 5)
    new = _blank(1, "First the", chance, memory)
    return tree.put(
        replace(card, blanks=(new, *(replace(one, number=one.number + 1) for one in card.blanks)))
    )


def _blank(number: int, stem: str, chance: random.Random, memory: Memory) -> Blank:
    """Return a new blank whose text no other one ever had."""
    key = next(memory.keys)
    return Blank(key * 100, number, stem, f"{chance.choice(('reef', 'dune', 'fjord'))} {key}")


def exchange_numbers(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    card = _pick(tree, chance, lambda card: len(card.blanks) > 1)
    first, second, *others = card.blanks
    swapped = (replace(first, number=second.number), replace(second, number=first.number))
    return tree.put(replace(card, blanks=(*swapped, *others)))


def drop_blank(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    card = _pick(tree, chance, lambda card: len(card.blanks) > 1)
    blanks = list(card.blanks)
    del blanks[chance.randrange(len(blanks))]
    if chance.random() < 0.5:
        blanks = [replace(one, number=number) for number, one in enumerate(blanks, 1)]
    return tree.put(replace(card, blanks=tuple(blanks)))


def ask_in_reverse(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    card = _pick(tree, chance, lambda card: card.kind == "recall")
    return tree.put(replace(card, is_reversed=not card.is_reversed))


def explain(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    return tree.put(replace(_pick(tree, chance), takeaway=f"Remark {chance.randrange(1000)}."))


def tag(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    return tree.put(replace(_pick(tree, chance), tag=f"t{chance.randrange(9)}"))


def sign(tree: Tree, chance: random.Random, _: Memory) -> Tree:
    return replace(tree, author=f"Author {chance.randrange(9)}")


EDITS: Mapping[str, Edit] = {
    "reword question": _reworded(texts.slightly),
    "reword answer": _reworded(None, texts.slightly),
    "reword both": _reworded(texts.slightly, texts.slightly),
    "rewrite question": _reworded(texts.wholly),
    "rewrite answer": _reworded(None, texts.wholly),
    "rewrite both": _reworded(texts.wholly, texts.wholly),
    "exchange answers": exchange_answers,
    "exchange ids": exchange_ids,
    "shuffle": shuffle,
    "move": move,
    "move and reword": move_and_reword,
    "rename file": rename_file,
    "rename file and reword": rename_and_reword,
    "split file": split_file,
    "join files": join_files,
    "move deck": move_deck,
    "add": add,
    "add alike": add_alike,
    "replace alike": replace_alike,
    "drop": drop,
    "bring back": bring_back,
    "write id": write_id,
    "rename id": rename_id,
    "drop id": drop_id,
    "change kind": change_kind,
    "to cloze": to_cloze,
    "edit blank": edit_blank,
    "edit stem": edit_stem,
    "add blank": add_blank,
    "insert blank": insert_blank,
    "exchange numbers": exchange_numbers,
    "drop blank": drop_blank,
    "reverse": ask_in_reverse,
    "explain": explain,
    "tag": tag,
    "sign": sign,
}


def apply(name: str, tree: Tree, chance: random.Random, memory: Memory) -> Tree:
    """Do an edit; a tree on which it makes no sense stays as it is."""
    try:
        edited = EDITS[name](tree, chance, memory)
    except IndexError:  # no card of that sort
        return tree
    if edited is None:
        return tree
    edited = replace(edited, files={name: file for name, file in edited.files.items() if file.cards})
    return edited if memory.owns(edited) and edited.files else tree


def start(chance: random.Random, memory: Memory) -> Tree:
    """Return the sources of a new deck."""
    tree = Tree({"a.md": File("Plays::10 One"), "b.md": File("Plays::20 Two")})
    while len(tree.cards) < 7 or not all(file.cards for file in tree.files.values()):
        edited = add(tree, chance, memory)
        tree = edited if memory.owns(edited) else tree
    return tree
