"""Names for what an import makes: ids of cards, names of decks, names of files."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from verideck.project import slugify
from verideck.reading import names

MOST_WORDS = 6  # of a question in an id
LONGEST_ID = 60
LONGEST_DECK = 80
UNNAMED = "card"

# Words that tell one question from another least.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be by can do does each for from given how in into is it its of on one or
        select should that the their them these they this to use used was we what when where which who why
        will with would you your following best explain describe after before""",
    )
)
_MARKUP = re.compile(r"[^0-9A-Za-z]+")


def identity(question: str, taken: Collection[str]) -> str:
    """Mint an id from a question's words, such as `output-shape-tensor`; a number tells equal ones apart."""
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode().lower()
    words = [word for word in _MARKUP.split(plain.replace("'", "")) if word]
    telling = [word for word in words if word not in _EMPTY] or words
    stem = "-".join(telling[:MOST_WORDS])[:LONGEST_ID].strip("-") or UNNAMED
    return unused(stem, taken)


def unused(stem: str, taken: Collection[str]) -> str:
    """Return a name, with a number after it if it is taken.

    The numbers of many equal names have gaps: each is found in a few steps, however many there are.
    """
    if stem not in taken:
        return stem
    low, high = 1, 2
    while f"{stem}-{high}" in taken:
        low, high = high, high * 2
    while high - low > 1:  # `low` is taken, `high` is not
        middle = (low + high) // 2
        low, high = (middle, high) if f"{stem}-{middle}" in taken else (low, middle)
    return f"{stem}-{high}"


def deck(title: str, path: str) -> str:
    """Name a page's deck after its title, or after its file; a name that Anki keeps as it is."""
    for text in (title, Path(path).stem.replace("_", " ")):
        # `::` would make a deck inside a deck, and Anki drops quotation marks.
        plain = "".join(letter if letter.isprintable() else " " for letter in text.replace("-->", "→"))
        plain = re.sub(r":{2,}", ":", plain.replace('"', "").replace("\\", ""))
        plain = " ".join(plain.split())[:LONGEST_DECK].strip(" :")
        if plain and names.deck_fault(plain) is None:
            return plain
    return "Imported"


def common_deck(decks: Sequence[str]) -> str:
    """Give the deck that holds all of these, empty where there is none or a card names no deck."""
    parts = [name.split("::") for name in decks]
    shared = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    name = "::".join(shared)
    return "" if names.deck_fault(name) else name


def below(deck: str, name: str) -> str:
    """Give a card's deck in its page's: the name that the page gives it, below the page's deck."""
    if not name or name == deck or names.deck_fault(name):
        return deck
    return name if name.startswith(f"{deck}::") else f"{deck}::{name}"


def file_names(pages: Sequence[Path], roots: Sequence[Path]) -> tuple[str, ...]:
    """Name the Markdown file of each page, below the folder they go to.

    A page keeps its own name, and its place below the folder it was found in; pages that would share a
    name are told apart by their suffix, then by a number.
    """
    stems = [_below(page, root) for page, root in zip(pages, roots, strict=True)]
    shared = {stem for stem, count in Counter(stems).items() if count > 1}
    made: dict[str, None] = {}  # in order
    for page, stem in zip(pages, stems, strict=True):
        told_apart = f"{stem}-{slugify(page.suffix)}" if stem in shared and page.suffix else stem
        made[unused(told_apart, made)] = None
    return tuple(f"{stem}.md" for stem in made)


def _below(page: Path, root: Path) -> str:
    parts: Iterable[str] = page.relative_to(root).with_suffix("").parts if page != root else (page.stem,)
    stem = "/".join(slugify(part) for part in parts)
    return f"{stem}-page" if stem.rpartition("/")[2] == "readme" else stem  # a README is no source
