"""Figures and statements of the literature: what an author should cite, with the place and what stands there.

Nothing here computes or refutes anything; a paper's figure is not a fact of arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Kind, Subject
from verideck.verifying.recognising import text
from verideck.verifying.recognising.proposals import Proposal

if TYPE_CHECKING:
    from verideck.reading.items import Item


@dataclass(frozen=True, slots=True)
class Figure:
    """One statement: words that must all stand in the question, the work, the place, and what stands there.

    `figure` finds the option that states it, or nothing.
    """

    words: tuple[re.Pattern[str], ...]
    work: str
    place: str
    message: str
    figure: re.Pattern[str] | None = None


def _row(words: tuple[str, ...], work: str, place: str, message: str, figure: str = "") -> Figure:
    return Figure(tuple(map(re.compile, words)), work, place, message, re.compile(figure) if figure else None)


VASWANI = r"\b(?:original|base|vaswani|attention is all you need)\b"
FIGURES: tuple[Figure, ...] = (
    _row(
        (
            r"\breformer\b",
            r"\b(?:words|tokens)\b",
            r"\b(?:gpu|accelerator|16 ?gb|memory)\b",
            r"\bhow many|how long|million",
        ),
        "announcement",
        "introduction",
        "the announcement of January 2020 speaks of up to 1 million words on one accelerator "
        "of 16 GB; the paper itself "
        "goes to 64K tokens",
        r"\b(?:1|one) million\b|\b1,?000,?000\b",
    ),
    _row(
        (r"\breversible\b", r"\bbleu\b"),
        "reformer",
        "table 4",
        "the paper's table 4 reports 27.6 to 28.0 BLEU for the reversible base model and "
        "29.1 for the big one, which is "
        "not below the original Transformer's 27.3 and 28.4",
    ),
    _row(
        (
            r"\breformer\b",
            r"\b(?:longest|sequence lengths?|how long|context)\b",
            r"\b(?:paper|experiments?|enwik8)\b",
        ),
        "reformer",
        "section 5",
        "the paper's experiments go to sequences of 64K tokens on enwik8",
        r"\b64 ?k\b|\b65,?536\b",
    ),
    _row(
        (r"\bhash\w*\b", r"\b(?:trained with|evaluat\w+)\b", r"\b(?:duplicat\w+|synthetic|copy)\b"),
        "reformer",
        "table 2",
        "the paper's table 2 reports 100, 99.9, 99.4 and 91.9 % for a model trained with 4 "
        "hashes and evaluated with "
        "8, 4, 2 and 1",
    ),
    _row(
        (r"\btransformer\b", VASWANI, r"\bbleu\b"),
        "vaswani",
        "table 2",
        "the paper's table 2 reports 28.4 BLEU for the big model on English to German, 27.3 "
        "for the base model, and 41.8 "
        "on English to French",
        r"\b(?:28\.4|27\.3|41\.8)\b",
    ),
    _row(
        (
            r"\btransformer\b",
            VASWANI,
            r"\b(?:d_?model|embedding (?:size|dimension)|model dimension|hidden size)\b",
        ),
        "vaswani",
        "table 3",
        "the base model has d_model = 512, the big one 1024",
        r"\b(?:512|1,?024)\b",
    ),
    _row(
        (r"\btransformer\b", VASWANI, r"\bhow many (?:attention )?heads|number of (?:attention )?heads"),
        "vaswani",
        "table 3",
        "the base model has 8 heads of 64 features, the big one 16",
        r"\b(?:8|16|eight|sixteen)\b",
    ),
    _row(
        (
            r"\btransformer\b",
            VASWANI,
            r"\bhow many (?:encoder |decoder )?(?:layers|blocks)|number of (?:encoder |decoder )?layers",
        ),
        "vaswani",
        "section 3.1",
        "encoder and decoder have 6 layers each",
        r"\b(?:6|six)\b",
    ),
    _row(
        (
            r"\btransformer\b",
            VASWANI,
            r"\b(?:d_?ff|inner (?:size|dimension|layer)|feed-?forward (?:size|dimension))\b",
        ),
        "vaswani",
        "section 3.3",
        "the feed-forward network is 2048 wide inside",
        r"\b2,?048\b",
    ),
    _row(
        (r"\b(?:in which year|what year|when was)\b", r"\b(?:transformer|attention is all you need)\b"),
        "vaswani",
        "title page",
        "the paper appeared in 2017",
        r"\b2017\b",
    ),
    _row(
        (r"\bbert\b(?!-)", r"\b(?:base|large)\b", r"\b(?:layers|heads|hidden|parameters)\b"),
        "devlin",
        "section 3",
        "BERT base has 12 layers, 768 features, 12 heads and 110 million parameters; BERT "
        "large 24, 1024, 16 and 340 "
        "million",
        r"\b(?:12|24|16|768|1,?024|110|340)\b",
    ),
    _row(
        (
            r"\bgpt-?2\b",
            r"\b(?:parameters|layers|context|tokens)\b",
            r"\bhow (?:many|long|large)|largest|size",
        ),
        "radford",
        "section 2.3",
        "GPT-2 has up to 1542 million parameters, 48 layers and 1600 features, and a context of 1024 tokens",
        r"\b(?:1\.5|1,?542|48|1,?024|1,?600|117)\b",
    ),
    _row(
        (
            r"\bgpt-?3\b",
            r"\b(?:parameters|layers|context|heads)\b",
            r"\bhow (?:many|long|large)|largest|size",
        ),
        "brown",
        "table 2.1",
        "the largest GPT-3 has 175 billion parameters, 96 layers and 96 heads; its context has 2048 tokens",
        r"\b(?:175|96|2,?048)\b",
    ),
)


def recognise(item: Item) -> Iterable[Proposal]:
    """Propose to cite the works whose figures a question asks for or builds upon."""
    stated = " ".join((text.asked(item), *(option.text for option in item.options))).lower()
    for row in FIGURES:
        if all(words.search(stated) for words in row.words):
            option = _option(item, row)
            chosen = f", option={text.quoted(option)}" if option else ""
            yield Proposal(
                "literature", "", Subject.EXPLANATION, item.line,
                cite=f'cited("{row.work}", "{row.place}"{chosen})', message=row.message,
            )  # fmt: skip


def _option(item: Item, row: Figure) -> str:
    """Give the text of the one option that states the figure."""
    if item.kind is not Kind.CHOICE or row.figure is None:
        return ""
    stating = [
        option.text.strip() for option in item.options if row.figure.search(text.plain(option.text).lower())
    ]
    return stating[0] if len(stating) == 1 else ""
