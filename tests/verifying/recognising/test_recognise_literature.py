"""Figures of the literature: what is cited, with which place, and where nothing is."""

from __future__ import annotations

import pytest

from verideck.cards import Kind
from verideck.reading.items import Item, ItemOption
from verideck.verifying.recognising import literature


def item(question: str, *options: str) -> Item:
    written = tuple(ItemOption(text, 3 + place) for place, text in enumerate(options))
    return Item("page", 1, Kind.CHOICE if options else Kind.RECALL, question, options=written)


CITED = [
    (
        item("How many words fit into a Reformer on one 16 GB GPU?", "2 million", "1 million"),
        'cited("announcement", "introduction", option="1 million")',
    ),
    (
        item("A Reformer handles contexts of one million words on one accelerator."),
        'cited("announcement", "introduction")',
    ),
    (
        item("Why is the BLEU score of a Transformer better than with reversible layers?", "True", "False"),
        'cited("reformer", "table 4")',
    ),
    (
        item("What is the longest sequence in the Reformer paper's experiments?", "64K", "1024"),
        'cited("reformer", "section 5", option="64K")',
    ),
    (
        item("With how many hashes was the model of the synthetic task evaluated?"),
        'cited("reformer", "table 2")',
    ),
    (
        item("Which BLEU score has the original Transformer?", "28.4", "35"),
        'cited("vaswani", "table 2", option="28.4")',
    ),
    (
        item("What is d_model in the base Transformer?", "512", "256"),
        'cited("vaswani", "table 3", option="512")',
    ),
    (
        item("How many heads has the original Transformer?", "8", "12"),
        'cited("vaswani", "table 3", option="8")',
    ),
    (
        item("How many encoder layers has the base Transformer?", "6", "12"),
        'cited("vaswani", "section 3.1", option="6")',
    ),
    (
        item("What is d_ff in the base Transformer?", "2,048", "512"),
        'cited("vaswani", "section 3.3", option="2,048")',
    ),
    (
        item("In which year did Attention Is All You Need appear?", "2017", "2014"),
        'cited("vaswani", "title page", option="2017")',
    ),
    (item("How many layers has BERT base?", "12", "6"), 'cited("devlin", "section 3", option="12")'),
    (
        item("How many parameters has the largest GPT-2?", "1.5 billion", "110 million"),
        'cited("radford", "section 2.3", option="1.5 billion")',
    ),
    (
        item("How many parameters has GPT-3?", "175 billion", "1.5 billion"),
        'cited("brown", "table 2.1", option="175 billion")',
    ),
    (
        item("How many heads has the original Transformer?", "8", "16"),
        'cited("vaswani", "table 3")',
    ),  # which?
]


@pytest.mark.parametrize(("asked", "cite"), CITED)
def test_a_figure_is_cited_and_never_computed(asked: Item, cite: str) -> None:
    (found,) = literature.recognise(asked)
    assert found.cite == cite
    assert found.message
    assert (found.code, found.complete, found.program) == ("", False, False)


NOTHING = [
    "Which two parts make the Reformer cheaper than the Transformer?",
    "What does a reversible layer save?",
    "Why are dot products scaled?",
    "How many parameters has a linear layer from 64 to 8?",
    "A Transformer has d_model = 512 and 8 heads. What is d_k?",
    "How many heads do you need to attend to two places?",
    "What is a BLEU score?",
    "What is masked in BERT?",
    "How many hashes does LSH attention take?",
    "In LSH, why is a chunk joined with the one before?",
    "Who wrote about attention first?",
    "How many words are in the sentence?",
    "What year is it?",
    "How large is the vocabulary?",
    "Does a GPT decoder use a causal mask?",
    "",
]


@pytest.mark.parametrize("question", NOTHING)
def test_other_questions_cite_nothing(question: str) -> None:
    assert list(literature.recognise(item(question))) == []


def test_the_deck_s_own_works_are_called_as_it_calls_them() -> None:
    known = {"announcement", "reformer", "vaswani"}
    others = {"devlin", "radford", "brown"}  # an author lists these
    assert {row.work for row in literature.FIGURES} == known | others
