"""A review never moves to another card: edits, refusals and the hints that resolve them, in the real Anki.

Each card's explanation names what the card is about, `K1`, and no matching reads it: a note whose mark
changes has the reviews of another card.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verideck import building

if TYPE_CHECKING:
    from tests.conftest import Anki

    from verideck.problems import Problem

HEAD = "---\ndeck: Deck\n---\n\n"
DIRECTIVE = re.compile(r"`(<!-- card: .* -->)`")
NUMBER = re.compile(r"\{\{c\d+::")
AGO = 10_000  # seconds between the first build and now


def card(question: str, answer: str, mark: str, words: str = "") -> str:
    """Write a recall card."""
    said = f"<!-- card: {words} -->\n" if words else ""
    return f"## {question}\n{said}\n---\n\n{answer}\n\n---\n\n{mark}\n\n"


def cloze(text: str, mark: str, words: str = "#z") -> str:
    """Write a cloze card."""
    said = f"<!-- card: {words} -->\n" if words else ""
    return f"## Z\n{said}\n{text}\n\n---\n\n{mark}\n\n"


class Deck:
    """A deck, its author, and a learner who reviews each card after each build."""

    def __init__(self, folder: Path, anki: Anki) -> None:
        self.folder = folder
        self.anki = anki
        self.time = int(time.time()) - AGO
        folder.mkdir()

    def write(self, files: Mapping[str, str]) -> None:
        """Make these the deck's only sources."""
        for path in self.folder.glob("*.md"):
            path.unlink()
        for name, text in files.items():
            (self.folder / name).write_text(HEAD + text, encoding="utf-8")

    def build(self, *only: str) -> building.Built | tuple[Problem, ...]:
        """Build, a minute after the last time."""
        self.time += 60
        paths = [self.folder / name for name in only] or [self.folder]
        return building.build(paths, self.folder.parent / "build", now=self.time)

    def release(self, built: building.Built | None = None) -> building.Built:
        """Build (or take what was built), import and review."""
        made = built or self.build()
        assert isinstance(made, building.Built), [str(problem) for problem in made]
        self.anki.load(made.package.read_bytes())
        while self.anki.rows("select 1 from cards where queue = 0"):
            self.anki.answer(1)
        return made

    def marks(self) -> dict[int, str]:
        """Give the mark of each note that the learner has."""
        rows = self.anki.rows("select id, flds from notes")
        return {note: " ".join(sorted(set(re.findall(r"\bK\d+\b", fields)))) for note, fields in rows}

    def clozes(self) -> dict[int, str]:
        """Give what each card of cloze notes hides, by the card's id."""
        rows = self.anki.rows(
            "select cards.id, cards.ord, notes.flds from cards join notes on nid = notes.id"
        )
        return {
            number: " ".join(re.findall(rf"\{{\{{c{ordinal + 1}::(.*?)\}}\}}", fields))
            for number, ordinal, fields in rows
        }

    def follow(self, choice: int) -> building.Built:
        """Follow the hints of a build, the `choice`th way out of each: the next build is made."""
        problems = self.build()
        assert not isinstance(problems, building.Built)
        errors = [problem for problem in problems if problem.severity == "error"]
        for problem in sorted(errors, key=lambda problem: (problem.path, -problem.line)):
            follow(problem, choice)
        built = self.build()
        assert isinstance(built, building.Built), [str(problem) for problem in built]
        return built


def follow(problem: Problem, choice: int) -> None:
    """Do to the source what a hint says, to the letter."""
    path = Path(problem.path)
    lines = path.read_text(encoding="utf-8").split("\n")
    ways = problem.hint.split("\n")
    if ways[0].endswith("write"):  # lines of a cloze card follow, up to the next way out
        kept = [way.strip() for way in ways[1:] if not DIRECTIVE.search(way)]
        if choice == 0:
            for line in kept:
                place = next(n for n, old in enumerate(lines) if NUMBER.sub("", old) == NUMBER.sub("", line))
                lines[place] = line
        ways = [way for way in ways if DIRECTIVE.search(way)]
        if choice == 0 and "hides nothing now" not in ways[0]:
            ways = []
        choice = 0
    if ways:
        way = ways[min(choice, len(ways) - 1)]
        found = DIRECTIVE.search(way)
        assert found, problem.hint
        if "in place of its directive" in way:
            lines[problem.line] = found[1]
        else:
            assert "below its heading" in way, way
            lines.insert(problem.line, found[1])
    path.write_text("\n".join(lines), encoding="utf-8")


@dataclass(frozen=True)
class Refusal:
    """An edit that a build refuses, as two sets of files; `{k}` in them is the mark of the card in doubt.

    `told` is a part of each problem, in order. The first way out keeps the reviews, the second begins a new
    card.
    """

    before: Mapping[str, str]
    after: Mapping[str, str]
    told: Sequence[str]
    ids: Sequence[str] = field(default=())


REFUSALS: Mapping[str, Refusal] = {
    "a question with a short answer is reworded": Refusal(
        {"a.md": card("What is the captial of France?", "Paris", "K1")},
        {"a.md": card("What is the capital of France?", "Paris", "{k}")},
        ['cannot tell whether the card "What is the capital of France?" is `what-is-the-captial-of-france`'],
    ),
    "question and answer are reworded": Refusal(
        {"a.md": card("What do the weights of a query sum to?", "They add up to one", "K1")},
        {"a.md": card("What do the weights of one query sum to?", "They always add up to 1", "{k}", ".t")},
        ["cannot tell whether"],
    ),
    "a file is renamed and a card reworded": Refusal(
        {"a.md": card("Third?", "the third", "K1") + card("Other?", "the other one", "K2")},
        {"b.md": card("Third card?", "third card", "{k}") + card("Other?", "the other one", "K2")},
        ["cannot tell whether"],
    ),
    "two nearly equal cards": Refusal(
        {"a.md": card("World War I ended in", "1918", "K1")},
        {"a.md": card("World War II ended in", "1945", "{k}")},
        ["cannot tell whether"],
    ),
    "an id is written and the answer edited": Refusal(
        {"a.md": card("Which axis is summed?", "The keys", "K1")},
        {"a.md": card("Which axis is summed?", "The keys of it", "{k}", "#axis .t")},
        ["cannot tell whether the card `axis` is `which-axis-is-summed`"],
    ),
    "an id whose texts are both others": Refusal(
        {"a.md": card("What is a query?", "The vector that asks", "K1", "#a .tag level=beginner")},
        {"a.md": card("When did it rain?", "Yesterday night", "{k}", "#a .tag level=beginner")},
        ["`a` has another question and another answer now"],
    ),
    "an id under another yes or no": Refusal(
        {"a.md": card("Is the whale a mammal?", "Yes", "K1", "#a")},
        {"a.md": card("Does softmax sum to one?", "Yes", "{k}", "#a")},
        ["`a` has another question and another answer now"],
    ),
    "question and answer change places": Refusal(
        {"a.md": card("dog", "Hund", "K1", "reverse #d")},
        {"a.md": card("Hund", "dog", "{k}", "reverse #d")},
        ["`d` has another question and another answer now"],
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_first_way_out_keeps_the_reviews(name: str, tmp_path: Path, anki: Anki) -> None:
    refusal = REFUSALS[name]
    deck = Deck(tmp_path / "deck", anki)
    deck.write(refusal.before)
    deck.release()
    before, reviews = deck.marks(), anki.rows("select cid, id from revlog")
    deck.write({file: text.format(k="K1") for file, text in refusal.after.items()})
    lock = (deck.folder / "deck.lock").read_bytes()
    problems = deck.build()
    assert not isinstance(problems, building.Built)
    assert len(problems) == len(refusal.told)
    for problem, part in zip(problems, refusal.told, strict=True):
        assert part in problem.message
    assert (deck.folder / "deck.lock").read_bytes() == lock
    built = deck.release(deck.follow(0))
    assert not built.examined.changes.new
    assert not built.examined.changes.retired
    assert deck.marks() == before
    assert anki.rows("select cid, id from revlog") == reviews
    anki.check()


@pytest.mark.parametrize("name", REFUSALS)
def test_the_second_way_out_begins_a_new_card(name: str, tmp_path: Path, anki: Anki) -> None:
    refusal = REFUSALS[name]
    deck = Deck(tmp_path / "deck", anki)
    deck.write(refusal.before)
    deck.release()
    before = deck.marks()
    deck.write({file: text.format(k="K9") for file, text in refusal.after.items()})
    built = deck.release(deck.follow(1))
    assert len(built.examined.changes.new) == len(built.examined.changes.retired) == 1
    after = deck.marks()
    assert {note: after[note] for note in before} == before
    assert sorted(mark for note, mark in after.items() if note not in before) == ["K9"]
    anki.check()


def test_swapped_ids_are_put_back_by_the_first_way_out(tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    deck.write({"a.md": card("A one?", "aa bb", "K1", "#a") + card("B two?", "cc dd", "K2", "#b .t")})
    deck.release()
    before = deck.marks()
    swapped = {"a.md": card("A one?", "aa bb", "K1", "#b .t") + card("B two?", "cc dd", "K2", "#a")}
    deck.write(swapped)
    problems = deck.build()
    assert not isinstance(problems, building.Built)
    assert [problem.message.split("\n")[0] for problem in problems] == [
        "`b` has the text of `a` now: were their ids swapped?",
        "`a` has the text of `b` now: were their ids swapped?",
    ]
    deck.release(deck.follow(0))
    assert deck.marks() == before
    deck.write(swapped)
    built = deck.follow(1)  # agreed to: each id goes on with the other text
    assert len(built.examined.changes.reworded) == 2


CLOZES: Mapping[str, tuple[str, str, str]] = {
    "swapped": ("{{c1::query}} and {{c2::key}}.", "{{c2::query}} and {{c1::key}}.", "what c1 hid is c2 now"),
    "inserted first": (
        "x {{c1::query}} {{c2::key}}",
        "{{c1::new}} x {{c2::query}} {{c3::key}}",
        "what c1 hid is c2 now; what c2 hid is c3 now",
    ),
    "edited and moved": (
        "{{c1::the queries}} or {{c2::the keys}}",
        "{{c1::nothing}} or {{c2::the query}} or {{c3::the keys}}",
        "what c1 hid is c2 now; what c2 hid is c3 now",
    ),
    "equal texts swapped": (
        "{{c1::2}} + {{c2::2}} = 4",
        "{{c2::2}} + {{c1::2}} = 4",
        "what c1 hid is c2 now",
    ),
}


@pytest.mark.parametrize("name", CLOZES)
def test_cloze_numbers_keep_their_text(name: str, tmp_path: Path, anki: Anki) -> None:
    first, second, told = CLOZES[name]
    deck = Deck(tmp_path / "deck", anki)
    deck.write({"a.md": cloze(first, "K1")})
    deck.release()
    before = deck.clozes()
    deck.write({"a.md": cloze(second, "K1")})
    problems = deck.build()
    assert not isinstance(problems, building.Built)
    assert told in problems[0].message
    deck.release(deck.follow(0))
    after = deck.clozes()
    if name == "edited and moved":
        before = {number: text.replace("the queries", "the query") for number, text in before.items()}
    assert {number: after[number] for number in before} == before
    anki.check()


def test_a_cloze_that_is_deleted_needs_consent_and_its_number_is_not_used_again(
    tmp_path: Path, anki: Anki
) -> None:
    deck = Deck(tmp_path / "deck", anki)
    deck.write({"a.md": cloze("{{c1::query}} {{c2::key}} {{c3::value}}", "K1")})
    deck.release()
    before = deck.clozes()
    deck.write({"a.md": cloze("{{c1::query}} {{c2::value}}", "K1")})
    # The value keeps its number, the key's reviews are given up.
    built = deck.release(deck.follow(0))
    assert "{{c1::query}} {{c3::value}}" in (deck.folder / "a.md").read_text(encoding="utf-8")
    (change,) = built.examined.changes.reworded
    assert not change.keeps
    assert "c2 is gone" in change.text
    after = deck.clozes()
    assert {number: text for number, text in after.items() if text} == {
        number: text for number, text in before.items() if text != "key"
    }
    deck.write({"a.md": cloze("{{c1::query}} {{c2::mask}} {{c3::value}}", "K1", "#z renumbered")})
    problems = deck.build()
    assert not isinstance(problems, building.Built)
    assert "c2 hid another text before" in problems[0].message
    deck.follow(0)
    assert "{{c4::mask}}" in (deck.folder / "a.md").read_text(encoding="utf-8")


def test_consent_counts_once(tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    deck.write({"a.md": card("What is a query?", "The vector that asks", "K1", "#a")})
    deck.release()
    deck.write({"a.md": card("Who was it?", "My aunt Mary", "K1", "#a reworded")})
    deck.release()
    deck.write({"a.md": card("Why not?", "Too late again", "K1", "#a reworded")})
    problems = deck.build()
    assert not isinstance(problems, building.Built)
    assert "<!-- card: #a reworded=2 -->" in problems[0].hint
    deck.follow(0)
    deck.write({"a.md": card("Why not?", "Too late again", "K1", "#a")})
    deck.release()
    deck.write({"a.md": card("Once more?", "Yes of course", "K1", "#a reworded")})
    deck.release()  # the word was taken out, so it counts again


def test_a_reverse_that_is_dropped_needs_consent(tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    deck.write({"a.md": card("dog", "Hund", "K1", ".t #d reverse")})
    deck.release()
    deck.write({"a.md": card("dog", "Hund", "K1", ".t #d")})
    problems = deck.build()
    assert not isinstance(problems, building.Built)
    assert "`d` is no longer asked in reverse" in problems[0].message
    lock = (deck.folder / "deck.lock").read_text(encoding="utf-8")
    deck.follow(0)
    assert (deck.folder / "deck.lock").read_text(encoding="utf-8") == lock
    deck.write({"a.md": card("dog", "Hund", "K1", ".t #d")})
    built = deck.follow(1)
    assert "<!-- card: #d one-way .t -->" in (deck.folder / "a.md").read_text(encoding="utf-8")
    assert not any(change.keeps for change in built.examined.changes.changed)


def test_a_conflicted_copy_is_told_with_both_places(tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    text = card("Q one?", "first", "K1") + card("Q two?", "second", "K2") + card("Q three?", "third", "K3")
    deck.write({"cards.md": text})
    deck.release()
    before = deck.marks()
    for name in ("cards (conflicted copy).md", "cards 2.md", "aaa.md"):
        deck.write({"cards.md": text, name: text})
        problems = deck.build()
        assert not isinstance(problems, building.Built)
        (problem,) = problems
        assert Path(problem.path).name == name
        assert f"{name} (lines 5, 15, 25) repeats 3 cards of" in problem.message
        assert "cards.md (lines 5, 15, 25)" in problem.message
        (deck.folder / name).unlink()  # as the hint says
        deck.release()
        assert deck.marks() == before
    new = {"cards.md": text, "more.md": card("Q one?", "first", "K1", "#again new")}
    deck.write(new)
    assert len(deck.release().examined.changes.new) == 1


def test_a_first_build_refuses_copies_too(tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    text = card("Q one?", "first", "K1")
    deck.write({"cards.md": text, "cards - Copy.md": text})
    problems = deck.build()
    assert not isinstance(problems, building.Built)
    assert [Path(problem.path).name for problem in problems] == ["cards - Copy.md"]
    built = deck.follow(0)  # the copy is meant: it has an id of its own
    assert len(deck.release(built).examined.changes.new) == 2
    assert len(deck.marks()) == 2


def test_a_card_moved_into_the_file_that_is_built_keeps_its_reviews(tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    one, two = card("Q one?", "first", "K1"), card("Q two?", "second", "K2")
    deck.write({"a.md": one + two, "b.md": card("Q three?", "third", "K3")})
    deck.release()
    before = deck.marks()
    deck.write({"a.md": two, "b.md": card("Q three?", "third", "K3") + one})
    part = deck.build("b.md")
    assert isinstance(part, building.Built)
    assert not part.examined.changes.new
    deck.release()
    assert deck.marks() == before


def test_a_copy_of_a_card_in_a_file_that_is_not_built_is_told(tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    one = card("Q one?", "first", "K1", "#one")
    deck.write({"a.md": one, "b.md": card("Q two?", "second", "K2")})
    deck.release()
    deck.write({"a.md": one, "b.md": card("Q one?", "first", "K1")})
    problems = deck.build("b.md")
    assert not isinstance(problems, building.Built)
    assert "repeats the same card of" in problems[0].message
    deck.write({"a.md": one, "b.md": card("Other?", "else", "K2", "#one")})
    problems = deck.build("b.md")
    assert not isinstance(problems, building.Built)
    assert any("two cards with the id `#one`" in problem.message for problem in problems)


def test_unrelated_cards_are_new_and_retired_without_a_question(tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    deck.write({"a.md": card("Is the whale a mammal?", "Yes", "K1") + card("Is the bat one?", "Yes", "K2")})
    deck.release()
    before = deck.marks()
    deck.write({"a.md": card("Is the bat one?", "Yes", "K2") + card("Does softmax sum up?", "Yes", "K3")})
    built = deck.release()
    assert len(built.examined.changes.new) == len(built.examined.changes.retired) == 1
    assert {note: deck.marks()[note] for note in before} == before


def test_an_id_that_another_card_has_by_its_heading_is_resolved_by_the_hint(
    tmp_path: Path, anki: Anki
) -> None:
    deck = Deck(tmp_path / "deck", anki)
    deck.write({"a.md": card("Query?", "one", "K1")})
    deck.release()
    before = deck.marks()
    deck.write({"a.md": card("Query?", "one", "K1") + card("Something else?", "two", "K2", "#query .t")})
    problems = deck.build()
    assert not isinstance(problems, building.Built)
    assert 'the id `query` already belongs to the card "Query?" in a.md' in problems[0].message
    built = deck.release(deck.follow(0))
    assert [change.card for change in built.examined.changes.new] == ["query-2"]
    assert {note: deck.marks()[note] for note in before} == before


@pytest.mark.parametrize("words", ["", "#s .t"])
def test_a_card_that_becomes_a_cloze_is_a_new_one_by_the_hint(words: str, tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    deck.write({"a.md": card("Softmax", "Exponentials divided by their sum", "K1", words)})
    deck.release()
    before = deck.marks()
    said = f"<!-- card: {words} -->\n" if words else ""
    deck.write({"a.md": f"## Softmax\n{said}\n{{{{c1::Exponentials}}}} by their sum.\n\n---\n\nK9\n"})
    problems = deck.build()
    assert not isinstance(problems, building.Built)
    assert "reviews" in problems[0].message + problems[0].hint
    built = deck.release(deck.follow(0))
    assert len(built.examined.changes.new) == len(built.examined.changes.retired) == 1
    after = deck.marks()
    assert {note: after[note] for note in before} == before
    assert "K9" in after.values()


def test_a_card_moved_out_of_a_file_that_cannot_be_read_waits_for_it(tmp_path: Path, anki: Anki) -> None:
    deck = Deck(tmp_path / "deck", anki)
    deck.write({"a.md": card("Q one?", "first", "K1"), "b.md": card("Q two?", "second", "K2")})
    deck.release()
    before = deck.marks()
    deck.write(
        {"a.md": "## No answer?\n", "b.md": card("Q two?", "second", "K2") + card("Q one?", "first", "K1")}
    )
    problems = deck.build("b.md")
    assert not isinstance(problems, building.Built)
    assert "a.md, which this build does not read" in problems[0].message
    (deck.folder / "a.md").unlink()
    deck.release()  # all files together, as the hint says
    assert deck.marks() == before
