"""Looking at a deck again and again: only what changed is done anew, and nothing good is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from verideck import building, local_record, lock_files
from verideck.cards import Location, Verdict
from verideck.previewing import panel
from verideck.previewing.entries import Placed, Snapshot, State
from verideck.previewing.looking import look
from verideck.previewing.remembering import Memory
from verideck.problems import warning
from verideck.verifying.provenance import TRUST

if TYPE_CHECKING:
    Looks = Any  # the class of conftest.py

ALL = ["even", "query", "both", "key", "mix"]


def keys(snapshot: Snapshot) -> list[str]:
    return [one.entry.key for one in snapshot.entries]


def changed(before: Snapshot, after: Snapshot) -> list[str]:
    was = {one.entry.key: one.version for one in before.entries}
    return [one.entry.key for one in after.entries if was.get(one.entry.key) != one.version]


def entry(snapshot: Snapshot, key: str) -> Placed:
    found = snapshot.find(key)
    assert found
    return found


@pytest.fixture
def first(looks: Looks) -> Snapshot:
    snapshot: Snapshot = looks()
    return snapshot


def test_a_card_whose_check_has_no_evidence_is_shown_before_its_verdict(looks: Looks) -> None:
    looks.memory = Memory()
    waiting = looks()
    assert keys(waiting) == ALL
    assert entry(waiting, "even").entry.state is State.COMPUTING
    assert entry(waiting, "even").entry.note
    assert {entry(waiting, key).entry.state for key in ALL[1:]} == {State.CURRENT}
    known = looks.compute()
    assert entry(known, "even").entry.state is State.CURRENT
    assert entry(known, "even").entry.checked.verdict is Verdict.VERIFIED
    assert changed(waiting, known) == ["even"]


def test_a_look_without_a_change_does_nothing(looks: Looks, first: Snapshot) -> None:
    assert looks() == first
    assert not looks.counts


def test_only_the_changed_file_is_read_and_only_the_changed_card_made_anew(
    looks: Looks, first: Snapshot
) -> None:
    after = looks.edit("sums.md", "The vector that asks.", "The row that asks.")
    assert changed(first, after) == ["query"]
    assert looks.counts == {"parse": 1, "verify": 1, "render": 1}
    note = entry(after, "query").entry.note
    assert note
    assert "The row that asks." in note.fields["Answer"]


def test_what_is_written_above_a_card_only_moves_it(looks: Looks, first: Snapshot) -> None:
    after = looks.edit("sums.md", "The vector that asks.", "The vector that asks.\n\nIt has $d_k$ numbers.")
    assert changed(first, after) == ["query"]
    assert entry(after, "both").line == entry(first, "both").line + 2
    assert looks.counts["render"] == 1


def test_a_problem_is_its_cards_and_moves_with_it(looks: Looks, first: Snapshot) -> None:
    wrong = looks.edit("sums.md", "- [x] `[0.5, 0.5]`\n- [ ]", "- [x] `[0.9, 0.1]`\n- [ ]")
    placed = entry(wrong, "even")
    assert placed.entry.checked.verdict is Verdict.NO_OPTION
    (problem,) = placed.entry.problems
    assert [(one.line, key) for one, key in wrong.problems] == [(problem.line + placed.line - 1, "even")]
    moved = looks.edit("sums.md", "deck: Sums\n", "deck: Sums\ntags: []\n")
    assert entry(moved, "even").line == placed.line + 1
    assert entry(moved, "even").entry.problems == (problem,)
    assert [one.line for one, _ in moved.problems] == [wrong.problems[0][0].line + 1]


def test_a_changed_heading_without_an_id_changes_the_card_in_its_place(looks: Looks, deck: Path) -> None:
    looks.write("sums.md", "---\ndeck: Sums\n---\n\n## One?\n\n1\n\n## Two?\n\n2\n\n## Three?\n\n3\n")
    before = looks()
    after = looks.edit("sums.md", "Two?\n\n2", "Twice two?\n\n4")
    assert keys(after) == keys(before)
    assert changed(before, after) == [keys(before)[1]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("## What is a query?\n<!-- card: #query -->\n\nThe vector that asks.", "## What is a query?\n"),
        ("The vector that asks.", ""),
    ],
    ids=["neither id nor answer", "no answer"],
)
def test_a_card_that_cannot_be_read_stays_as_it_last_was(
    old: str, new: str, looks: Looks, first: Snapshot
) -> None:
    after = looks.edit("sums.md", old, new)
    assert keys(after) == ALL
    assert changed(first, after) == ["query"]
    broken = entry(after, "query")
    assert broken.entry.state is State.STALE
    assert broken.entry.note == entry(first, "query").entry.note
    assert broken.entry.problems
    assert {key for _, key in after.problems} == {"query"}


def test_a_file_that_is_no_text_leaves_its_cards_as_they_last_were(looks: Looks, first: Snapshot) -> None:
    (looks.folder / "sums.md").write_bytes(b"\xff\xfe\x00")
    after = looks()
    assert keys(after) == ALL
    states = [one.entry.state for one in after.entries]
    assert states == [State.STALE] * 3 + [State.CURRENT] * 2
    assert len(after.problems) == 1


def test_a_broken_deck_toml_leaves_everything_as_it_last_was(looks: Looks, first: Snapshot) -> None:
    text = (looks.folder / "deck.toml").read_text(encoding="utf-8")
    looks.write("deck.toml", text + "[[[")
    after = looks()
    assert (keys(after), after.title) == (ALL, "Sums and words")
    assert {one.entry.state for one in after.entries} == {State.STALE}
    looks.write("deck.toml", text)
    mended = looks()
    assert {one.entry.state for one in mended.entries} == {State.CURRENT}
    assert not looks.counts


def test_deck_toml_is_followed(looks: Looks, first: Snapshot) -> None:
    after = looks.edit("deck.toml", "Sums and words", "Sums")
    assert after.title == "Sums"
    after = looks.edit("deck.toml", 'language = "en"', 'language = "de"')
    assert after.language == "de"
    note = entry(after, "both").entry.note
    assert note
    assert "Zu welcher Frage" in note.fields["Reverse"]


def test_files_come_and_go(looks: Looks, first: Snapshot) -> None:
    (looks.folder / "words.md").rename(looks.folder / "a-words.md")
    renamed = looks()
    assert keys(renamed) == ["key", "mix", "even", "query", "both"]
    assert entry(renamed, "key").path.endswith("a-words.md")
    (looks.folder / "a-words.md").unlink()
    assert keys(looks()) == ["even", "query", "both"]
    looks.write("more.md", "---\ndeck: More\n---\n\n## New?\n<!-- card: #new -->\n\nNew.\n")
    assert keys(looks()) == ["new", "even", "query", "both"]


def test_a_card_that_moves_to_another_file_keeps_its_key(looks: Looks, first: Snapshot) -> None:
    section = "## What is a query?\n<!-- card: #query -->\n\nThe vector that asks.\n\n"
    sums = (looks.folder / "sums.md").read_text(encoding="utf-8")
    words = (looks.folder / "words.md").read_text(encoding="utf-8")
    looks.write("sums.md", sums.replace(section, ""))
    looks.write("words.md", words + "\n" + section)
    after = looks()
    assert keys(after) == ["even", "both", "key", "mix", "query"]
    assert changed(first, after) == ["query"]


def test_a_changed_image_changes_its_card(looks: Looks, first: Snapshot) -> None:
    image = looks.folder / "dot.svg"
    image.write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>', encoding="utf-8")
    with_image = looks.edit("words.md", "What a query is held against", "![A dot](dot.svg) Held against")
    image.write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h2"/></svg>', encoding="utf-8")
    after = looks()
    assert changed(with_image, after) == ["key"]
    assert looks.counts == {"render": 1}
    note = entry(after, "key").entry.note
    assert note
    assert after.media(note.media[0].name) == image.read_bytes()
    image.unlink()
    gone = looks()
    assert [key for _, key in gone.problems] == ["key"]


def test_evidence_that_a_build_wrote_is_taken(looks: Looks, deck: Path) -> None:
    looks.memory = Memory()
    looks()
    lock_files.begin([deck])
    built = building.build([deck], deck.parent / "out", now=1_700_000_000)
    assert isinstance(built, building.Built)
    after = looks()
    assert {one.entry.state for one in after.entries} == {State.CURRENT}
    assert entry(after, "even").entry.checked.verdict is Verdict.VERIFIED


def test_two_cards_with_one_id_are_both_shown(looks: Looks, first: Snapshot) -> None:
    after = looks.edit("words.md", "<!-- card: #key -->", "<!-- card: #query -->")
    assert len(set(keys(after))) == len(ALL)
    assert after.problems


def test_a_deck_without_deck_toml_keeps_its_name_from_look_to_look(looks: Looks, deck: Path) -> None:
    (deck / "deck.toml").unlink()
    first = looks()
    second = looks.edit("sums.md", "The vector that asks.", "The row that asks.")
    assert changed(first, second) == ["query"]


def test_nothing_is_written(looks: Looks, deck: Path, first: Snapshot) -> None:
    looks.edit("sums.md", "The vector that asks.", "The row that asks.")
    assert sorted(path.name for path in deck.iterdir()) == ["deck.toml", "sums.md", "words.md"]


@pytest.fixture
def committed(looks: Looks, deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a deck whose evidence was computed elsewhere, as a fresh clone has it."""
    lock_files.begin([deck])
    built = building.build([deck], deck.parent / "out", now=1_700_000_000)
    assert isinstance(built, building.Built)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another machine"))
    looks.memory = Memory()
    return deck / "evidence.json"


def test_evidence_from_elsewhere_is_computed_once_and_then_remembered(looks: Looks, committed: Path) -> None:
    waiting = looks()
    assert entry(waiting, "even").entry.state is State.COMPUTING
    computed = looks.compute()
    assert entry(computed, "even").entry.state is State.CURRENT
    assert entry(computed, "even").entry.checked.verdict is Verdict.VERIFIED
    assert computed.problems == ()
    assert local_record.remember(tuple(looks.memory.computed.values())) == ()  # as the computing thread does
    looks.memory = Memory()
    assert {one.entry.state for one in looks().entries} == {
        State.CURRENT
    }  # the next preview computes nothing


def test_what_waits_is_not_planned_again_at_each_look(looks: Looks, committed: Path) -> None:
    looks()
    assert looks.counts["verify"] == len(ALL)
    looks.edit("sums.md", "The vector that asks.", "The row that asks.")
    assert looks.counts["verify"] == 1
    built = building.build([committed.parent], committed.parent.parent / "out", now=1_700_000_000)
    assert isinstance(built, building.Built)
    assert entry(looks(), "even").entry.state is State.CURRENT  # another process has computed it meanwhile


def test_forged_evidence_is_shown_as_what_it_is(looks: Looks, committed: Path) -> None:
    text = committed.read_text(encoding="utf-8")
    assert '"tensor":[0.5,0.5],"shape":[2]' in text
    committed.write_text(
        text.replace('"tensor":[0.5,0.5],"shape":[2]', '"tensor":[1.0,1.0],"shape":[2]'), encoding="utf-8"
    )
    looks()
    shown = entry(looks.compute(), "even").entry
    assert shown.checked.verdict is Verdict.VERIFIED
    assert [one.text for step in shown.checked.claims if (one := step.computed)] == ["[0.5, 0.5]"]
    (problem,) = shown.problems
    assert "the committed evidence of card `even` did not agree" in problem.message


def test_trusted_evidence_waits_for_nothing_and_is_named(looks: Looks, committed: Path) -> None:
    seen = look([committed.parent], Snapshot(), Memory(), now=4_000_000_000, policy=TRUST)
    placed = entry(seen.snapshot, "even")
    assert placed.entry.state is State.CURRENT
    assert "Computed elsewhere and trusted" in panel.html(placed)
    assert "Computed elsewhere" not in panel.html(entry(seen.snapshot, "query"))


def test_without_torch_the_page_says_what_to_do(
    looks: Looks, committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    snapshot = looks()
    assert entry(snapshot, "even").entry.checked.verdict is Verdict.NOT_EVALUATED
    ((problem, key),) = snapshot.problems
    assert (key, problem.path.rpartition("/")[2]) == ("", "evidence.json")
    assert problem.message.startswith("1 check was computed elsewhere; install verideck[verify]")


def test_what_cannot_be_remembered_is_said_once(looks: Looks, first: Snapshot) -> None:
    why = warning(Location("/somewhere/computed.sqlite3"), "cannot be used")
    for ground, decided in list(looks.memory.decided.items())[:2]:
        looks.memory = looks.memory.learn(ground, decided, {}, (why,))
    assert [problem for problem, _ in looks().problems] == [why]
