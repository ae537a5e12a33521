"""Note types that the learner changed: told, and never doubled; templates that follow, styling that stays."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from verideck.rendering.note_types import NOTE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from anki.collection import Collection
    from tests.addon.updating.conftest import Author, Learner


def extended(col: Collection, note_type: Any) -> None:
    col.models.add_field(note_type, col.models.new_field("My notes"))


def reordered(col: Collection, note_type: Any) -> None:
    col.models.reposition_field(note_type, note_type["flds"][3], 9)


def with_a_card(col: Collection, note_type: Any) -> None:
    template = col.models.new_template("Mine")
    template["qfmt"], template["afmt"] = "{{Question}} mine", "{{Answer}}"
    col.models.add_template(note_type, template)


def renamed(col: Collection, note_type: Any) -> None:
    for field in note_type["flds"]:
        if field["name"] == "Answer":
            field["name"] = "Antwort"


def verideck(learner: Learner) -> Any:
    learner.col.models._clear_cache()
    note_type = learner.col.models.by_name("Verideck")
    assert note_type
    return note_type


def change(learner: Learner, how: Callable[[Collection, Any], None]) -> None:
    note_type = verideck(learner)
    how(learner.col, note_type)
    learner.col.models.update_dict(note_type)
    assert learner.col.db
    learner.col.db.execute("update col set ls = scm + 1")  # the learner has synchronised since


def names(learner: Learner) -> list[str]:
    return [one.name for one in learner.col.models.all_names_and_ids() if "Verideck" in one.name]


@pytest.mark.parametrize("how", [extended, reordered, with_a_card])
def test_notes_of_a_changed_note_type_are_updated_by_name(
    author: Author, learner: Learner, how: Callable[[Collection, Any], None]
) -> None:
    learner.anki.load(author.build())
    change(learner, how)
    learner.edit(author, "two", Answer="Mine.")
    schema = learner.anki.rows("select scm from col")
    author.later().change("one", Answer="Corrected.")
    author.add("seven", media={"verideck-" + "e" * 20 + ".svg": b"<svg/>"})
    plan, report = learner.update(author.build())
    (fault,) = plan.note_types
    assert not fault.blocking
    assert fault.notes == 6
    assert fault.message
    assert names(learner) == ["Verideck"]
    assert learner.note(author, "one")["Answer"] == "Corrected."
    assert learner.note(author, "two")["Answer"] == "Mine."
    assert learner.note(author, "seven")["Answer"] == "It is seven."
    assert learner.deck_of(author, "seven") == "Sums::10 Weights"
    assert len(report.added) == 1
    assert learner.col.media.have("verideck-" + "e" * 20 + ".svg")
    assert learner.anki.rows("select scm from col") == schema
    assert learner.plan(author.build()).empty
    learner.col.undo()
    assert not learner.has(author, "seven")


def test_a_renamed_field_is_known_by_its_id(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    change(learner, renamed)
    author.later().change("one", Answer="Corrected.")
    plan, _ = learner.update(author.build())
    assert plan.note_types == ()
    assert learner.note(author, "one")["Antwort"] == "Corrected."


def test_a_note_type_that_lacks_a_field_is_left_alone(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    change(learner, lambda col, one: col.models.remove_field(one, one["flds"][6]))
    author.later().change("one", Answer="Corrected.")
    author.add("seven")
    plan, _ = learner.update(author.build())
    (fault,) = plan.note_types
    assert fault.blocking
    assert "Why" in fault.message
    assert "Why" in fault.hint
    assert learner.note(author, "one")["Answer"] == "It is one."
    assert not learner.has(author, "seven")
    assert names(learner) == ["Verideck"]


def newer(author: Author, extra: str) -> None:
    """Give the deck's note types other templates and styling, with a later stamp."""
    author.note_types = {
        name: dataclasses.replace(
            one,
            css=f"{one.css}\n{extra}",
            templates=tuple(
                dataclasses.replace(template, front=f"{template.front}<i>{extra}</i>")
                for template in one.templates
            ),
        )
        for name, one in NOTE_TYPES.items()
    }
    author.note_types_mod = author.now


def test_templates_follow_without_a_new_note(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    learner.anki.answer(1, "Sums::10 Weights")
    before, decks = learner.scheduling(), learner.anki.rows("select name from decks order by id")
    newer(author.later(), "/* new */")
    plan, _ = learner.update(author.build())
    assert plan.templates
    assert "/* new */" in verideck(learner)["css"]
    assert "/* new */" in verideck(learner)["tmpls"][0]["qfmt"]
    assert learner.scheduling() == before
    assert learner.anki.rows("select name from decks order by id") == decks
    learner.col.undo()
    assert "/* new */" not in verideck(learner)["css"]


def test_a_styling_of_the_learners_own_stays(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    note_type = verideck(learner)
    note_type["css"] += "\n.card { font-size: 40px }"
    learner.col.models.update_dict(note_type)
    newer(author.later(), "/* new */")
    plan, _ = learner.update(author.build())
    assert not plan.templates
    assert any("styling of Verideck" in problem for problem in plan.problems)
    assert "40px" in verideck(learner)["css"]
    assert "/* new */" not in verideck(learner)["css"]


def test_a_note_that_the_learner_gave_another_note_type_is_told(author: Author, learner: Learner) -> None:
    learner.anki.load(author.build())
    basic = learner.col.models.by_name("Basic")
    assert basic
    note = learner.note(author, "one")
    change_info = learner.col.models.change_notetype_info(
        old_notetype_id=note.mid, new_notetype_id=basic["id"]
    )
    request = change_info.input
    request.note_ids.append(note.id)
    learner.col.models.change_notetype_of_notes(request)
    assert learner.col.db
    learner.col.db.execute("update col set ls = scm + 1")
    before = learner.note(author, "one").fields
    author.later().change("one", Answer="Corrected.")
    author.change("two", Answer="Corrected.")
    plan, _ = learner.update(author.build())
    assert learner.note(author, "one").fields == before
    assert learner.note(author, "two")["Answer"] == "Corrected."
    assert plan.problems or plan.note_types
    assert len(learner.anki.rows("select 1 from notes where guid = ?", author.cards["one"].guid)) == 1
