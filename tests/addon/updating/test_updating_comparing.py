"""The three-way comparison, text by text."""

from __future__ import annotations

import pytest

from addon.updating import comparing, meta, same
from addon.updating.homes import Homes
from addon.updating.meta import Shipped
from addon.updating.plan import Decision
from verideck.rendering import data

SHIPPED = "<p>One &quot;word&quot;.</p>\n<p>Two<br />lines &#91;x].</p>\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "base", "decided"),
    [
        ("a", "a", "a", None),
        ("a", "b", "a", Decision.TAKE),
        ("b", "a", "a", Decision.KEEP),
        ("b", "c", "a", Decision.CONFLICT),
        ("b", "b", "a", None),  # both made the same correction
        ("", "b", "", Decision.TAKE),
        ("a", "", "a", Decision.TAKE),
        ("b", "", "a", Decision.CONFLICT),
        ("b", "", "", Decision.KEEP),
        ("<br>", "b", "", Decision.TAKE),  # an emptied field of an editor
        ("A\u030a", "Å", "Å", None),
    ],
)
def test_a_field_is_decided_by_what_was_shipped(
    mine: str, theirs: str, base: str, decided: Decision | None
) -> None:
    assert comparing.decision(mine, theirs, meta.digest(base) if base else "") is decided


@pytest.mark.parametrize(("mine", "theirs", "decided"), [("a", "a", None), ("a", "b", Decision.CONFLICT)])
def test_where_nothing_tells_what_was_shipped_the_learner_decides(
    mine: str, theirs: str, decided: Decision | None
) -> None:
    assert comparing.decision(mine, theirs, None) is decided


@pytest.mark.parametrize(
    "mine",
    [
        '<p>One "word".</p>\n<p>Two<br>lines [x].</p>\n',  # Anki's editor
        '<p>One "word".</p><br><p>Two<br>lines [x].</p>',  # AnkiDroid's
        "<p>One &quot;word&quot;.</p> <p>Two<br/>lines &#91;x].</p><br>",
    ],
)
def test_what_editors_do_by_themselves_is_no_edit(mine: str) -> None:
    base = meta.digest(SHIPPED)
    assert comparing.decision(mine, SHIPPED, base) is None


@pytest.mark.parametrize(
    "mine",
    [
        SHIPPED.replace("Two", "2"),
        SHIPPED.replace("<br />", "<br /><br />"),
        SHIPPED.replace("<p>One", "<p><b>One</b>"),
        SHIPPED.replace("</p>\n<p>", "</p>\n<br><p>"),
    ],
)
def test_what_a_person_does_is_an_edit(mine: str) -> None:
    assert comparing.decision(mine, SHIPPED, meta.digest(SHIPPED)) is Decision.KEEP
    assert comparing.decision(mine, "<p>New.</p>", meta.digest(SHIPPED)) is Decision.CONFLICT


def test_breaks_of_ankidroid_are_known_though_the_deck_changed() -> None:
    shipped = "<p>One.</p>\n<pre>a\nb</pre>\n"
    assert (
        comparing.decision(shipped.replace("\n", "<br>"), "<p>New.</p>", meta.digest(shipped))
        is Decision.TAKE
    )


def test_blanks_in_code_count() -> None:
    assert not same.same("<pre>a  b</pre>", "<pre>a b</pre>")
    assert same.same("<p>a  b</p>", "<p>a b</p>")


def test_tags_of_the_learner_stay_and_those_of_the_deck_follow_it() -> None:
    mine = ("own", "Deck", "gone", "marked", "leech")
    assert comparing.tags(mine, ("deck", "new", "taken"), ("deck", "gone", "taken")) == (("new",), ("gone",))
    assert comparing.tags(mine, ("deck", "new"), None) == (("new",), ())
    assert comparing.tags((), ("two words", "marked"), ()) == (("two_words",), ())


def shipped_of(fields: dict[str, str]) -> Shipped:
    return Shipped("n", "d", frozenset(), {name: meta.digest(text) for name, text in fields.items()})


def test_what_data_speaks_of_stays_together_in_a_conflict() -> None:
    """Data says which options are right: the learner's options with the deck's numbers would mark wrongly."""
    before = {"Question": "q", "Options": "a b", "Answer": "a", "Why": "w", "Data": "1", "Meta": ""}
    theirs = before | {"Options": "b a c", "Answer": "b", "Why": "v", "Data": "2"}
    found = comparing.note(before | {"Options": "mine"}, theirs, shipped_of(before), (), ())
    assert set(found.holds) == {"Options", "Answer", "Data"}
    assert comparing.deciding((), found.fields, found.holds) == {"Why": "v"}
    assert comparing.held((), found.fields, found.holds) == {"Options", "Answer", "Data"}
    chosen = comparing.deciding(("Options",), found.fields, found.holds)
    assert chosen == {"Options": "b a c", "Answer": "b", "Why": "v"}
    assert comparing.held(("Options",), found.fields, found.holds) == frozenset()
    # Where Data stays the same, each field is for itself.
    found = comparing.note(before | {"Options": "mine"}, theirs | {"Data": "1"}, shipped_of(before), (), ())
    assert found.holds == ()
    assert comparing.deciding((), found.fields, found.holds) == {"Answer": "b", "Why": "v"}


def test_meta_is_written_as_verideck_writes_it() -> None:
    fields = {"Question": "Ä <b>q</b>", "Answer": "", "Data": "{}"}
    written = data.meta("n-1", "Deck::[x] {{a}} & ü", ("b", "a"), fields)
    read = meta.read(written)
    assert read is not None
    assert meta.write(read) == written
    assert read.fields == {name: meta.digest(text) for name, text in fields.items() if text}
    gone = meta.read(meta.write(read.gone((1, 0))))
    assert gone is not None
    assert gone.retired == (0, 1)


DAMAGED = (
    "",
    "{",
    "[]",
    "{}",
    '{"namespace":1}',
    '{"namespace":"a","deck":"b","tags":1,"fields":{}}',
    '{"namespace":"a","deck":"b","tags":[],"fields":[]}',
    "[" * 60_000,
    '{"a":' * 9_000,
    "x" * 10**6,
    "NaN",
    '{"v":1e999}',
)


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_meta_is_none(text: str) -> None:
    assert meta.read(text) is None


def test_a_meta_that_an_editor_escaped_is_read() -> None:
    written = data.meta("n", "d", (), {"Question": "q"})
    assert (
        meta.read(written.replace('"', "&quot;")) == meta.read(f"<div>{written}</div>") == meta.read(written)
    )


LONG = (
    "<" * 190_000,
    "<br>" * 45_000 + "z",
    "&nbsp;" * 30_000 + "z",
    "<a " * 60_000,
    "&" * 190_000,
    "<!--" * 40_000,
    "<a " + "b " * 90_000 + ">",
    "<a " + '="' * 90_000 + ">",
)


@pytest.mark.parametrize("text", LONG)
def test_hostile_fields_are_compared_in_time(text: str) -> None:
    assert comparing.decision(text, "x", meta.digest("y")) is Decision.CONFLICT


def homes(*cards: tuple[str, str], decks: tuple[str, ...] = ()) -> Homes:
    return Homes(cards, {*decks, *(deck for _, deck in cards)})


def test_decks_are_found_where_their_cards_are() -> None:
    found = homes(("S::1", "Mine::One"), ("S::1", "Mine::One"), ("S::1", "Exam"), ("S::2", "Mine::2"))
    assert [found.of(name) for name in ("S::1", "S::2", "S::3", "S", "T")] == [
        "Mine::One", "Mine::2", "Mine::3", "Mine", "T",
    ]  # fmt: skip


def test_a_deck_that_has_its_name_is_itself() -> None:
    found = homes(("S::1", "Exam"), ("S::1", "Exam"), ("S::1", "S::1"))
    assert found.of("S::1") == "S::1"
    assert found.of("s::1") == "S::1"


def test_cards_strewn_about_tell_nothing() -> None:
    assert homes(("S::1", "A"), ("S::1", "B")).of("S::1") == "S::1"
    assert homes(("S::1", "Default")).of("S::1") == "S::1"
