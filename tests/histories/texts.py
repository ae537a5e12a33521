"""Texts as people write them for cards, many of them nearly alike, and ways to word them anew."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.histories.model import Blank, Card

Way = Callable[[str, random.Random], str]

_PLACES = (
    ("Peru", "Lima"), ("Ecuador", "Quito"), ("Chile", "Santiago"), ("Cuba", "Havana"), ("Iran", "Tehran"),
    ("Iraq", "Baghdad"), ("Austria", "Vienna"), ("Australia", "Canberra"), ("Norway", "Oslo"),
    ("Mali", "Bamako"),
    ("Malta", "Valletta"), ("Niger", "Niamey"), ("Nigeria", "Abuja"), ("Ireland", "Dublin"),
    ("Iceland", "Reykjavik"),
)  # fmt: skip
_ANIMALS = (
    ("whale", "Yes"), ("bat", "Yes"), ("trout", "No"), ("shrew", "Yes"), ("newt", "No"), ("seal", "Yes"),
    ("heron", "No"), ("mole", "Yes"), ("moth", "No"), ("otter", "Yes"), ("viper", "No"), ("hare", "Yes"),
)  # fmt: skip
_WORDS = (
    ("собака", "dog"), ("кошка", "cat"), ("птица", "bird"), ("мышь", "mouse"), ("猫", "cat"), ("犬", "dog"),
    ("die Bank", "the bench"), ("der Hund", "dog"), ("die Katze", "cat"), ("ἵππος", "horse"),
    ("كتاب", "book"),
)  # fmt: skip
_PARTS = ("query", "key", "value", "head", "mask", "score", "weight", "token", "layer", "logit", "bucket")
_DEEDS = ("is compared with every key", "is mixed by the weights", "hides what comes later", "sums to one")
_NAMES = (
    "ridge",
    "delta",
    "basalt",
    "glacier",
    "monsoon",
    "estuary",
    "plateau",
    "isthmus",
    "lagoon",
    "tundra",
)
_OTHER_WORDS = (
    "amber", "birch", "copper", "dagger", "ember", "falcon", "gravel", "hollow", "ivory", "jigsaw", "kettle",
    "lantern", "marble", "nectar", "orchid", "pepper", "quiver", "ribbon", "saddle", "thimble", "umbrella",
    "velvet", "walnut", "yonder", "zigzag", "bishop", "cobweb", "drizzle", "fumble", "glimpse", "huddle",
    "jungle", "mellow", "nimble", "puzzle", "rumble", "shiver", "tumble", "whisper", "wobble",
)  # fmt: skip


def fresh(key: int, chance: random.Random) -> Card:
    """Return a card that nobody has written yet."""
    return chance.choice(_FAMILIES)(key, chance)


def _place(key: int, chance: random.Random) -> Card:
    country, city = chance.choice(_PLACES)
    return Card(key, "recall", f"What is the capital of {country}?", city, is_reversed=chance.random() < 0.3)


def _yes(key: int, chance: random.Random) -> Card:
    animal, answer = chance.choice(_ANIMALS)
    return Card(key, "recall", f"Is the {animal} a mammal?", answer)


def _option(key: int, chance: random.Random) -> Card:
    animal, answer = chance.choice(_ANIMALS)
    wrong = "No" if answer == "Yes" else "Yes"
    return Card(key, "choice", f"The {animal} feeds its young with milk.", answer, wrong=(wrong,))


def _sum(key: int, chance: random.Random) -> Card:
    a, b = chance.randrange(2, 40), chance.randrange(2, 40)
    return Card(key, "typed", f"What is {a} plus {b}?", str(a + b))


def _word(key: int, chance: random.Random) -> Card:
    word, meaning = chance.choice(_WORDS)
    return Card(key, "recall", word, meaning, is_reversed=chance.random() < 0.5)


def _deed(key: int, chance: random.Random) -> Card:
    part = chance.choice(_PARTS)
    return Card(key, "recall", f"What does a {part} do in layer {key}?", f"A {part} {chance.choice(_DEEDS)}.")


def _program(key: int, chance: random.Random) -> Card:
    code = f"```python\nx = {chance.randrange(9)}\nprint(x * {chance.randrange(2, 9)})\n```"
    return Card(
        key, "recall", "What does this print?", f"The number in line {chance.randrange(5)}.", body=code
    )


def _choice(key: int, chance: random.Random) -> Card:
    right, *wrong = chance.sample(_NAMES, 4)
    stem = f"Which of these is shaped by {chance.choice(('ice', 'wind', 'water', 'fire'))} most"
    return Card(
        key, "choice", f"{stem} in region {key}?", f"The {right}", wrong=tuple(f"The {one}" for one in wrong)
    )


def _cloze(key: int, chance: random.Random) -> Card:
    count = chance.randrange(2, 4)
    names = chance.sample(_NAMES, count)
    blanks = tuple(
        Blank(key * 100 + number, number, f"{chance.choice(_PARTS).title()} {number} lies by the", name)
        for number, name in enumerate(names, 1)
    )
    return Card(key, "cloze", f"Map {chance.choice('ABCDEF')} of {key}", blanks=blanks)


_FAMILIES = (_place, _yes, _option, _sum, _word, _deed, _program, _choice, _cloze)


def slightly(text: str, chance: random.Random) -> str:
    """Return a text with a slip mended or a word changed."""
    ways: tuple[Callable[[str], str], ...] = (
        lambda text: f"{text[:-1]} exactly{text[-1]}" if text[-1:] in "?." else f"{text} indeed",
        lambda text: f"In short: {text}",
        lambda text: text.replace("the ", "this ", 1) if "the " in text else f"{text} (usually)",
        lambda text: text.replace("a ", "one ", 1) if "a " in text else f"Now, {text}",
    )
    return chance.choice(ways)(text)


def wholly(text: str, chance: random.Random) -> str:
    """Return a text that says the same in other words, none of which it had."""
    had = set(text.split(" "))
    return " ".join(chance.sample([word for word in _OTHER_WORDS if word not in had], 4))


def otherwise(text: str, chance: random.Random) -> str:
    """Return a text that looks much alike and asks for something else."""
    words = text.split(" ")
    place = chance.randrange(len(words))
    words[place] = f"{words[place]}{chance.choice(('II', 'x', 'er', 's'))}"
    return " ".join(words)
