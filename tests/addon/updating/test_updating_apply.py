"""Updates over a collection with reviews and edits: own work stays, corrections come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addon.updating.plan import RETIRED, Choices, Retire, Standing

if TYPE_CHECKING:
    from tests.addon.updating.conftest import Author, Learner


def test_corrections_arrive_and_edits_stay(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.anki.answer(2, "Sums::10 Weights")
    learner.edit(author, "two", Answer="It is mine.")
    learner.edit(author, "six", Hint="My hint.")
    learner.tag(author, "one", "exam", "marked")
    before = learner.scheduling()
    author.later(version="2.0.0").change("one", Answer="Corrected.", tags=("sums", "new"))
    author.change("six", Answer="Corrected, too.")

    plan, report = learner.update(author.build())
    assert (plan.title, plan.version, plan.standing) == ("Sums", "2.0.0", Standing.NEWER)
    assert [note.question for note in plan.changed] == ["What is one?", "What is six?"]
    assert [note.question for note in plan.edited] == ["What is two?"]
    assert (plan.conflicts, plan.unchanged) == ((), 3)
    assert learner.note(author, "one")["Answer"] == "Corrected."
    assert set(learner.note(author, "one").tags) == {"sums", "new", "exam", "marked"}
    assert learner.note(author, "two")["Answer"] == "It is mine."
    assert (learner.note(author, "six")["Hint"], learner.note(author, "six")["Answer"]) == (
        "My hint.",
        "Corrected, too.",
    )
    assert learner.scheduling() == before
    assert len(report.changed) == 2
    assert learner.col.fix_integrity()[1]


@pytest.mark.parametrize("take", [False, True])
def test_a_field_that_both_changed_is_the_learners_to_decide(
    author: Author, learner: Learner, take: bool
) -> None:
    learner.anki.load(author.build())
    learner.edit(author, "one", Answer="Mine.")
    author.later().change("one", Answer="Theirs.", Question="What now is one?")
    mine = learner.note(author, "one").id
    plan, report = learner.update(
        author.build(),
        lambda plan: Choices(take=frozenset({(mine, "Answer")} if take else ())),
    )
    (note,) = plan.conflicts
    assert [(one.name, one.mine, one.theirs) for one in note.conflicts] == [("Answer", "Mine.", "Theirs.")]
    assert learner.note(author, "one")["Answer"] == ("Theirs." if take else "Mine.")
    assert learner.note(author, "one")["Question"] == "What now is one?"
    assert report.kept == (() if take else (mine,))

    again, _ = learner.update(author.build())  # the choice stands: nothing is asked a second time
    assert (again.conflicts, again.changed) == ((), ())
    assert len(again.edited) == (0 if take else 1)


def test_the_same_package_again_changes_nothing(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.edit(author, "one", Answer="Mine.")
    author.later().change("one", Answer="Theirs.")
    author.change("two", Answer="Theirs.")
    author.change("three", live=False)
    author.add("seven")
    learner.update(author.build())
    rows = "select id, mod, usn, tags, flds from notes order by id"
    before, decks = learner.anki.rows(rows), learner.anki.rows("select * from decks order by id")
    plan, report = learner.update(author.build())
    assert plan.standing is Standing.SAME
    assert plan.empty
    assert (report.changed, report.added, report.retired) == ((), (), ())
    assert learner.anki.rows(rows) == before
    assert learner.anki.rows("select * from decks order by id") == decks


def test_one_step_undoes_everything(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.col.set_config("mergeNotetypes", val=True)
    learner.anki.answer(2, "Sums::10 Weights")
    learner.edit(author, "one", Answer="Mine.")
    author.later().change("one", Question="Other?", Answer="Theirs.")
    author.change("two", deck="Sums::30 New")
    author.change("three", live=False)
    author.add("seven", deck="Sums::40 Newer")
    before, reviews = learner.everything(), learner.scheduling()
    _, report = learner.update(author.build())
    assert learner.everything() != before
    assert learner.col.undo_status().undo == "Update Sums"
    assert learner.col.get_config("mergeNotetypes") is True
    assert (len(report.added), len(report.moved), len(report.retired)) == (1, 1, 1)
    learner.col.undo()
    assert learner.everything() == before
    assert learner.scheduling() == reviews
    learner.col.redo()
    assert learner.has(author, "seven")
    assert learner.col.fix_integrity()[1]


def test_new_notes_arrive_in_the_learners_decks(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.col.decks.rename(learner.col.decks.id_for_name("Sums"), "Study::My sums")  # type: ignore[arg-type]
    learner.col.decks.rename(
        learner.col.decks.id_for_name("Study::My sums::20 Shapes"),  # type: ignore[arg-type]
        "Study::My sums::Forms",
    )
    decks = len(learner.col.decks.all_names_and_ids())
    author.later().add("seven", deck="Sums::20 Shapes")
    author.add("eight", deck="Sums::10 Weights")
    author.add("nine", deck="Sums::30 New")
    plan, report = learner.update(author.build())
    assert {one.question: one.deck for one in plan.new} == {
        "What is seven?": "Study::My sums::Forms",
        "What is eight?": "Study::My sums::10 Weights",
        "What is nine?": "Study::My sums::30 New",
    }
    assert learner.deck_of(author, "seven") == "Study::My sums::Forms"
    assert learner.deck_of(author, "eight") == "Study::My sums::10 Weights"
    assert learner.deck_of(author, "nine") == "Study::My sums::30 New"
    assert len(learner.col.decks.all_names_and_ids()) == decks + 1
    assert learner.col.decks.id_for_name("Sums") is None
    assert len(report.added) == 3


def test_cards_move_with_their_deck_unless_the_learner_moved_them(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    own = learner.col.decks.id("Exam")
    assert own
    learner.col.set_deck([card.id for card in learner.note(author, "two").cards()], own)
    lent = learner.note(author, "three").cards()[0]
    learner.col.sched.suspend_cards([learner.note(author, "one").cards()[0].id])
    learner.col.set_user_flag_for_cards(3, [learner.note(author, "one").cards()[0].id])
    filtered = learner.col.sched.get_or_create_filtered_deck(0)  # type: ignore[arg-type]
    filtered.config.search_terms[0].search = f"nid:{lent.nid}"
    learner.col.sched.add_or_update_filtered_deck(filtered)
    before = learner.scheduling()
    author.later()
    for card in ("one", "two", "three"):
        author.change(card, deck="Sums::20 Shapes")
    plan, report = learner.update(author.build())
    assert {one.question for one in plan.moved} == {"What is one?", "What is three?"}
    assert learner.deck_of(author, "one") == "Sums::20 Shapes"
    assert learner.deck_of(author, "two") == "Exam"
    moved = learner.note(author, "three").cards()[0]
    assert learner.col.decks.name(moved.odid) == "Sums::20 Shapes"
    assert moved.did == filtered.id or learner.col.decks.is_filtered(moved.did)
    assert learner.scheduling() == before
    assert len(report.moved) == 2
    assert learner.plan(author.build()).moved == ()


def test_a_retired_note_is_suspended_and_a_revived_one_comes_back(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.anki.answer(1, "Sums::10 Weights")
    author.later().change("one", live=False)
    author.change("two", live=False)
    learner.col.sched.suspend_cards([card.id for card in learner.note(author, "two").cards()])
    plan, report = learner.update(author.build())
    assert {one.question: one.untouched for one in plan.retired} == {
        "What is one?": False,
        "What is two?": True,
    }
    for card in ("one", "two"):
        assert RETIRED in learner.note(author, card).tags
        assert {one.queue for one in learner.note(author, card).cards()} == {-1}
    assert learner.plan(author.build()).retired == ()

    author.later().change("one", live=True, Answer="Better.")
    author.change("two", live=True)
    plan, report = learner.update(author.build())
    assert len(plan.revived) == len(report.revived) == 2
    assert learner.note(author, "one")["Answer"] == "Better."
    assert {one.queue for one in learner.note(author, "one").cards()} != {-1}
    assert {one.queue for one in learner.note(author, "two").cards()} == {-1}  # the learner's own doing
    assert not any(RETIRED in learner.note(author, card).tags for card in ("one", "two"))
    assert learner.plan(author.build()).empty


def test_a_learner_who_takes_a_retired_card_up_again_is_left_alone(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    author.later().change("one", live=False)
    learner.update(author.build())
    learner.col.sched.unsuspend_cards([card.id for card in learner.note(author, "one").cards()])
    note = learner.note(author, "one")
    note.tags = []
    learner.col.update_note(note)
    author.later().change("two", Answer="Other.")
    plan, _ = learner.update(author.build())
    assert plan.retired == ()
    assert {one.queue for one in learner.note(author, "one").cards()} == {0}


def test_retired_notes_that_nobody_touched_are_deleted_if_asked(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.anki.answer(1, "Sums::10 Weights")
    learner.edit(author, "two", Takeaway="Mine.")
    author.later()
    for card in ("one", "two", "three"):
        author.change(card, live=False)
    _, report = learner.update(author.build(), lambda plan: Choices(retire=Retire.DELETE))
    assert (len(report.deleted), len(report.retired)) == (1, 2)
    assert [learner.has(author, card) for card in ("one", "two", "three")] == [True, True, False]
    learner.col.undo()
    assert learner.has(author, "three")


def test_a_note_that_the_learner_deleted_comes_only_if_chosen(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.col.remove_notes([learner.note(author, "one").id])
    author.later().change("two", Answer="Other.")
    plan, report = learner.update(author.build())
    assert [(one.question, one.deleted) for one in plan.new] == [("What is one?", True)]
    assert not learner.has(author, "one")
    _, report = learner.update(author.build(), lambda plan: Choices())
    assert learner.has(author, "one")
    assert len(report.added) == 1


def test_without_a_manifest_meta_alone_does(author: Author, learner: Learner) -> None:
    import io
    import zipfile

    def bare(package: bytes) -> bytes:
        into = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(into, "w") as new:
            for name in old.namelist():
                if name != "verideck.json":
                    new.writestr(name, old.read(name))
        return into.getvalue()

    learner.anki.load(bare(author.build()))
    learner.edit(author, "one", Hint="Mine.")
    author.later().change("one", Answer="Other.")
    author.change("two", live=False)
    plan, _ = learner.update(bare(author.build()))
    assert any("does not say which cards" in problem for problem in plan.problems)
    assert plan.standing is Standing.NEWER
    assert plan.retired == ()
    assert learner.note(author, "one")["Answer"] == "Other."
    assert learner.note(author, "one")["Hint"] == "Mine."


def test_an_older_package_is_told_from_a_newer_one(author: Author, learner: Learner) -> None:
    first = author.build()
    author.later(version="2").change("one", Answer="Second.")
    second = author.build()
    author.later(version="3").change("two", Answer="Third.")
    third = author.build()
    learner.anki.load(second)  # by a plain import: nothing but dates tells
    assert learner.plan(first).standing is Standing.OLDER
    assert learner.plan(third).standing is Standing.NEWER
    learner.update(third)  # an update remembers
    plan = learner.plan(second)
    assert (plan.standing, plan.installed) == (Standing.OLDER, "3")
    assert any("older" in problem for problem in plan.problems)


def test_a_version_may_be_left_out(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    author.later().change("one", Answer="Second.")
    author.later().change("one", Answer="Third.")
    learner.edit(author, "two", Answer="Mine.")
    plan, _ = learner.update(author.build())
    assert learner.note(author, "one")["Answer"] == "Third."
    assert plan.conflicts == ()


def test_a_foreign_decks_package_touches_nothing(
    author: Author, learner: Learner, other_author: type[Author]
) -> None:
    learner.anki.load(author.build())
    other = other_author("9f000000-0000-4000-8000-000000000000", "Others")
    other.add("one", "Another?")
    assert learner.plan(other.build()).standing is Standing.ABSENT
    # A package that claims guids of another deck leaves that deck's notes alone.
    other.cards["one"].guid = author.cards["one"].guid
    before = learner.everything()
    plan = learner.plan(other.build())
    assert plan.standing is Standing.ABSENT
    assert (*plan.changed, *plan.conflicts, *plan.new) == ()
    assert learner.everything() == before


def test_a_damaged_meta_makes_conflicts_of_what_differs(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.edit(author, "one", Meta="", Answer="Mine.")
    learner.edit(author, "two", Meta='{"v":1,"namespace":')
    author.later().change("one", Hint="New.")
    author.change("two", Answer="Other.")
    plan, _ = learner.update(author.build())
    assert {one.question: [field.name for field in one.conflicts] for one in plan.conflicts} == {
        "What is one?": ["Answer", "Hint"],
        "What is two?": ["Answer"],
    }
    assert learner.note(author, "one")["Answer"] == "Mine."
    assert learner.plan(author.build()).conflicts == ()  # Meta is whole again


def test_media_of_changed_notes_arrive_and_old_ones_are_cleaned_later(
    author: Author, learner: Learner
) -> None:
    old, new = "verideck-" + "a" * 20 + ".svg", "verideck-" + "b" * 20 + ".svg"
    author.change("one", Why=f'<img src="{old}">', media={old: b"<svg>old</svg>"})
    learner.anki.load(author.build())
    assert learner.col.media.have(old)
    author.later().change("one", Why=f'<img src="{new}">', media={new: b"<svg>new</svg>"})
    learner.update(author.build())
    assert learner.col.media.have(new)
    assert learner.col.media.have(old)  # undoing needs it
    learner.col.undo()
    check = learner.col.media.check()
    assert list(check.missing) == []


def test_unused_media_are_trashed_in_a_later_session(
    author: Author, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from addon.updating import media

    old, new = "verideck-" + "c" * 20 + ".svg", "verideck-" + "d" * 20 + ".svg"
    author.change("one", Why=f'<img src="{old}">', media={old: b"<svg>old</svg>"})
    learner.anki.load(author.build())
    learner.col.media.write_data("_verideck_user.css", b"x")
    learner.col.media.write_data("mine.svg", b"x")
    author.later().change("one", Why=f'<img src="{new}">', media={new: b"<svg>new</svg>"})
    learner.update(author.build())
    assert learner.plan(author.build()).media == ()
    monkeypatch.setattr(media, "_may_be_undone", set())  # Anki was closed and opened
    author.later().change("two", Answer="Other.")
    plan, report = learner.update(author.build())
    assert plan.media == (old,)
    assert report.media == 1
    assert not learner.col.media.have(old)
    for name in (new, "_verideck_user.css", "mine.svg"):
        assert learner.col.media.have(name)


def test_two_decks_of_one_name_do_not_meet(
    author: Author, learner: Learner, other_author: type[Author]
) -> None:
    other = other_author("9f000000-0000-4000-8000-000000000000", "Sums")
    other.add("one", "Another?")
    other.add("two", "Another, too?")
    learner.anki.load(author.build())
    learner.anki.load(other.build())
    author.later().change("one", Answer="Corrected.")
    author.change("two", live=False)
    author.change("three", deck="Sums::20 Shapes")
    before = [learner.note(other, card).fields for card in ("one", "two")]
    plan, _ = learner.update(author.build())
    assert (len(plan.changed), len(plan.retired), len(plan.moved)) == (1, 1, 1)
    assert [learner.note(other, card).fields for card in ("one", "two")] == before
    assert learner.deck_of(other, "one") == "Sums::10 Weights"
    assert learner.plan(other.build()).standing is Standing.SAME
