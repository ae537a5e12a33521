"""What is said of an update: every section, every number, one and many."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from addon.updating import sides, telling, wording
from addon.updating.plan import (
    ChangedNote,
    Choices,
    Decision,
    FieldChange,
    MovedNote,
    NewNote,
    NoteTypeFault,
    Plan,
    Report,
    Retire,
    RetiredNote,
    RevivedNote,
    Standing,
)

TAKE, KEEP, CONFLICT = Decision.TAKE, Decision.KEEP, Decision.CONFLICT
COLOURS = sides.Colours("#aaa", "#bbb", "#ccc", "#ddd")


def changed(number: int, *decisions: Decision, **more: Any) -> ChangedNote:
    names = ("Answer", "Why", "Hint")
    fields = tuple(
        FieldChange(name, "the old text", "the new text", decision)
        for name, decision in zip(names, decisions, strict=False)
    )
    return ChangedNote(number, f"g{number}", f"Question {number}", fields, **more)


PLAN = Plan(
    "Sums",
    "namespace",
    "2",
    "1",
    Standing.NEWER,
    new=(
        NewNote("a", "New one", "Sums", (("Answer", "<b>7</b>"),)),
        NewNote("b", "Gone", "Sums", (), deleted=True),
    ),
    changed=(changed(1, TAKE), changed(2, TAKE, KEEP)),
    conflicts=(changed(3, CONFLICT, TAKE), changed(4, CONFLICT, CONFLICT)),
    edited=(changed(5, KEEP),),
    moved=(MovedNote(6, "g6", "Question 6", (60,), "Sums::A", "Sums::B"),),
    retired=(
        RetiredNote(7, "g7", "Question 7", (70,), untouched=True),
        RetiredNote(8, "g8", "", (80,), untouched=False),
    ),
    revived=(RevivedNote(9, "g9", "Question 9", (90, 91)),),
    unchanged=5,
    media=("verideck-1.svg",),
)
USUAL = Choices.usual(PLAN)


def test_every_note_stands_in_a_section_and_what_asks_stands_first() -> None:
    counted = {section.key: len(section.rows) for section in wording.sections(PLAN)}
    assert list(counted.items()) == [
        ("conflicts", 2),
        ("new", 2),
        ("changed", 2),
        ("moved", 1),
        ("retired", 2),
        ("revived", 1),
        ("edited", 1),
        ("media", 1),
    ]
    assert wording.sections(Plan("", "", "", "", Standing.SAME)) == ()


def test_a_row_says_what_becomes_of_its_note() -> None:
    said = [wording.detail(row, USUAL) for section in wording.sections(PLAN) for row in section.rows]
    assert said == [
        "Answer: yours",
        "Answer: yours and Why: yours",
        "Sums",
        "deleted by you; Sums",
        "Answer",
        "Answer (yours stay: Why)",
        "Sums::A → Sums::B",
        "never reviewed it",
        "reviewed or edited it",
        "2 cards unsuspended",
        "Answer",
        "",
    ]
    assert wording.question(PLAN.retired[1]) == "(no question)"
    chosen = replace(USUAL, take=frozenset({(4, "Why")}))
    assert wording.detail(PLAN.conflicts[1], chosen) == "Answer: yours and Why: the deck’s"
    assert wording.detail(changed(1, tags_added=("x",)), USUAL) == "tags"
    assert wording.detail(changed(1), USUAL) == "details behind the card"
    assert wording.detail(changed(1, TAKE, emptied=(1,)), USUAL) == "Answer and 1 card no longer asked"


def test_the_outcome_counts_what_is_chosen() -> None:
    assert wording.outcome(PLAN, USUAL) == (
        "Notes: 1 added, 2 changed, 1 moved, 2 retired and 1 brought back. Reviews, flags and your tags stay."
    )
    other = replace(USUAL, take=frozenset({(3, "Answer")}), skip=frozenset({"a", "b"}), retire=Retire.DELETE)
    assert wording.outcome(PLAN, other) == (
        "Notes: 3 changed, 1 moved, 1 retired, 1 deleted and 1 brought back. "
        "Reviews, flags and your tags stay."
    )
    assert "retired" not in wording.outcome(PLAN, replace(USUAL, retire=Retire.LEAVE))
    one = Plan("", "", "", "", Standing.NEWER, changed=(changed(1, TAKE),))
    assert wording.outcome(one, Choices()) == "Note: 1 changed. Reviews, flags and your tags stay."


def test_nothing_to_do_is_said_and_what_was_deleted_can_still_be_had() -> None:
    plan = Plan("", "", "", "", Standing.SAME, new=(NewNote("b", "Gone", "Sums", (), deleted=True),))
    assert wording.idle(plan, Choices.usual(plan))
    assert wording.outcome(plan, Choices.usual(plan)).startswith("There is nothing to update")
    assert not wording.idle(plan, Choices())
    silent = replace(plan, silent=(1,), new=())
    assert wording.outcome(silent, Choices()).startswith("No note that you see changes; only what stands")
    assert "the look of the cards" in wording.outcome(replace(silent, templates=True), Choices())


def test_warnings_come_in_whole_sentences() -> None:
    fault = NoteTypeFault("Verideck", "A field is gone", "Put it back", 1_200, blocking=True)
    plan = replace(PLAN, standing=Standing.UNKNOWN, note_types=(fault,), problems=("It is odd!",))
    first, second, third = wording.warnings(plan)
    assert first.startswith("Nothing tells")
    assert second == "Verideck (1,200 notes): A field is gone. Put it back."
    assert third == "It is odd!"
    assert wording.warnings(PLAN) == ()
    (look,) = wording.warnings(replace(PLAN, templates=True))
    assert "_verideck_user.css" in look


def test_versions_are_told_as_far_as_they_are_known() -> None:
    assert wording.versions(PLAN) == "Version 1 → 2"
    assert wording.versions(replace(PLAN, installed="")) == "Version 2; you have an earlier one"
    assert wording.versions(replace(PLAN, installed="", standing=Standing.UNKNOWN)) == "Version 2"
    assert wording.versions(replace(PLAN, installed="2")) == "Version 2"
    assert wording.versions(replace(PLAN, version="")) == ""


def test_deleting_is_offered_where_something_was_never_reviewed() -> None:
    assert set(wording.retirements(PLAN)) == set(Retire)
    assert wording.retirements(PLAN)[Retire.DELETE] == "Delete the one never reviewed, suspend the others"
    reviewed = replace(PLAN, retired=PLAN.retired[1:])
    assert set(wording.retirements(reviewed)) == {Retire.SUSPEND, Retire.LEAVE}


@pytest.mark.parametrize(("number", "said"), [(0, "0 notes"), (1, "1 note"), (1_200, "1,200 notes")])
def test_plurals(number: int, said: str) -> None:
    assert wording.count(number, "note") == said


def test_a_page_shows_both_sides_and_who_wins() -> None:
    page = sides.page(PLAN.conflicts[0], USUAL, COLOURS)
    assert "the <span style='background-color: #aaa'>old</span> text" in page
    assert "the <span style='background-color: #bbb'>new</span> text" in page
    assert page.index("your text stays") < page.index("the deck’s text arrives")
    taken = sides.page(PLAN.conflicts[0], replace(USUAL, take=frozenset({(3, "Answer")})), COLOURS)
    assert "your text stays" not in taken
    with_tags = sides.page(changed(1, TAKE, tags_added=("a", "b"), tags_removed=("c",)), USUAL, COLOURS)
    assert "added: a, b; removed: c" in with_tags
    assert "no longer asks 2 cards" in sides.page(changed(1, TAKE, emptied=(1, 2)), USUAL, COLOURS)


def test_every_kind_of_row_has_a_page() -> None:
    for section in wording.sections(PLAN):
        for row in section.rows:
            assert bool(sides.page(row, USUAL, COLOURS)) == (section.key != "media")
    assert sides.page(None, USUAL, COLOURS) == ""


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "&lt;img src='http://example.org/x.png'&gt;",
        "<a href='file:///etc/passwd'>x</a>",
        "</td></table><img src=y>",
        "&#60;script&#62;",
    ],
)
def test_nothing_of_a_note_acts(hostile: str) -> None:
    note = replace(
        changed(1), question=hostile, fields=(FieldChange(hostile, hostile, f"{hostile} x", CONFLICT),)
    )
    rows: list[wording.Row] = [
        note,
        NewNote("g", hostile, hostile, ((hostile, hostile),)),
        MovedNote(1, "g", hostile, (), hostile, hostile),
        RetiredNote(1, "g", hostile, (), untouched=True),
        RevivedNote(1, "g", hostile, ()),
        replace(note, fields=(), tags_added=(hostile,)),
        replace(note, fields=()),
    ]
    for row in rows:
        page = sides.page(row, Choices(), COLOURS).lower()
        assert not any(tag in page for tag in ("<script", "<img", "<a ", "</a", "<style", "<link", "<iframe"))
        assert page.count("<table") == page.count("</table")


def test_a_text_cannot_turn_the_page_round() -> None:
    note = replace(changed(1), fields=(FieldChange("Answer", "a\u202eb", "a\u2066c\x00", TAKE),))
    page = sides.page(note, Choices(), COLOURS)
    assert not set("\u202e\u2066\x00") & set(page)


def test_a_report_tells_of_each_group_with_its_notes() -> None:
    report = Report(
        added=(1, 2), kept=(3,), retired=(4,), emptied=(6,), deleted=(5,), media=2, problems=("One failed",)
    )
    assert telling.lines(report) == (
        telling.Line("2 notes added.", (1, 2)),
        telling.Line("1 note with your own text kept.", (3,)),
        telling.Line("1 note retired: suspended and tagged verideck::retired.", (4,)),
        telling.Line("1 note with a card that is empty now. Tools → Empty Cards… deletes such cards.", (6,)),
        telling.Line("1 retired note deleted that you never reviewed."),
        telling.Line("2 unused files moved to the media trash."),
        telling.Line("One failed."),
    )
    assert len(telling.lines(Report())) == 1
    assert telling.search((1, 2)) == "nid:1,2"


def test_many_long_fields_share_the_room() -> None:
    fields = tuple(FieldChange(f"F{n}", "a " * 500_000, "b " * 500_000, CONFLICT) for n in range(18))
    page = sides.page(replace(changed(1), fields=fields), Choices(), COLOURS)
    assert len(page) < 200_000
    assert page.count("too long to be shown whole") == 18
    new = NewNote("g", "Q", "D", tuple((f"F{n}", "<b>a</b> " * 100_000) for n in range(18)))
    assert len(sides.page(new, Choices(), COLOURS)) < 40_000
