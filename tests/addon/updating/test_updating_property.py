"""Whatever learners and authors do: no review lost, no note doubled, edits kept, corrections there."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki.collection import Collection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.conftest import Anki

from addon.updating.applying import apply
from addon.updating.packages import read_package
from addon.updating.plan import Choices, Decision, Retire
from addon.updating.planning import planned

if TYPE_CHECKING:
    from anki.notes import Note
    from tests.addon.updating.conftest import Author

CARDS = ("one", "two", "three", "four", "five")
FIELDS = ("Question", "Answer", "Hint", "Why")
DECKS = ("Sums::10 Weights", "Sums::20 Shapes", "Sums::30 New", "Other")
TEXTS = ("", "A text.", "Another<br>text.", "Ångström &amp; <b>more</b>", "A text. ")
WRITTEN = TEXTS[:4]  # a blank more or less is an edit of nobody, and a hash cannot tell it from one
TAGS = ("sums", "exam", "Hard", "a::b", "marked", "leech")

card = st.sampled_from(CARDS)
learners = st.one_of(
    st.tuples(st.just("edit"), card, st.sampled_from(("Answer", "Hint")), st.sampled_from(TEXTS)),
    st.tuples(st.just("tag"), card, st.sampled_from(TAGS), st.booleans()),
    st.tuples(st.just("move"), card, st.sampled_from(DECKS), st.none()),
    st.tuples(st.just("suspend"), card, st.booleans(), st.none()),
    st.tuples(st.just("delete"), card, st.none(), st.none()),
    st.tuples(st.just("review"), st.integers(1, 3), st.none(), st.none()),
    st.tuples(
        st.just("rename"), st.sampled_from(DECKS[:2]), st.sampled_from(("Mine", "Sums::Own")), st.none()
    ),
    st.tuples(st.just("damage"), card, st.sampled_from(("", "{}", '{"v":1}', "[[")), st.none()),
    st.tuples(st.just("lend"), card, st.none(), st.none()),
    st.tuples(st.just("flag"), card, st.integers(0, 7), st.none()),
)
authors = st.one_of(
    st.tuples(st.just("text"), card, st.sampled_from(FIELDS), st.sampled_from(WRITTEN)),
    st.tuples(st.just("text"), card, st.just("Reverse"), st.sampled_from(("", "1"))),
    st.tuples(st.just("tags"), card, st.sets(st.sampled_from(TAGS[:4])), st.none()),
    st.tuples(st.just("deck"), card, st.sampled_from(DECKS[:3]), st.none()),
    st.tuples(st.just("live"), card, st.booleans(), st.none()),
)
quarrels = st.tuples(
    card, st.sampled_from(("Answer", "Hint")), st.sampled_from(TEXTS), st.sampled_from(WRITTEN)
)
seasons = st.tuples(
    st.lists(learners, max_size=6), st.lists(authors, max_size=6), st.lists(quarrels, max_size=2)
)
stories = st.lists(seasons, min_size=1, max_size=3)


def test_nothing_of_the_learners_is_ever_lost(other_author: Callable[[], Author]) -> None:
    empty = Path(tempfile.mkdtemp())
    Collection(str(empty / "collection.anki2")).close()

    @settings(
        max_examples=int(os.environ.get("UPDATES", "15")),
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(stories, st.sampled_from(Retire), st.booleans())
    def told(story: Any, retire: Retire, take: bool) -> None:
        folder = Path(tempfile.mkdtemp())
        shutil.copytree(empty, folder, dirs_exist_ok=True)
        anki = Anki(folder)
        try:
            lived(anki, other_author(), story, retire, take=take)
        finally:
            anki.col.close()
            shutil.rmtree(folder)

    told()
    shutil.rmtree(empty)


def lived(anki: Anki, author: Author, story: Any, retire: Retire, *, take: bool) -> None:
    for name in CARDS[:4]:
        author.add(name, deck=DECKS[len(name) % 2])
    anki.load(author.build())
    shipped = texts(author)
    for deeds, changes, both in story:
        for deed in (*deeds, *(("edit", name, field, mine) for name, field, mine, _ in both)):
            act(anki, author, *deed)
        author.later()
        for change in (*changes, *(("text", name, field, theirs) for name, field, _, theirs in both)):
            write(author, *change)
        wanted = expected(anki, author, shipped, take=take)
        updated(anki, author, retire, take=take)
        for guid, fields in wanted.items():
            note = anki.col.get_note(anki.rows("select id from notes where guid = ?", guid)[0][0])
            assert {name: note[name].strip() for name in fields} == fields
        shipped |= texts(author)


def texts(author: Author) -> dict[str, dict[str, str]]:
    """Give the texts that the deck ships now, by guid."""
    live = (draft for draft in author.cards.values() if draft.live)
    return {draft.guid: {name: draft.fields.get(name, "").strip() for name in FIELDS} for draft in live}


def expected(
    anki: Anki, author: Author, shipped: Mapping[str, Mapping[str, str]], *, take: bool
) -> dict[str, dict[str, str]]:
    """Say what the fields of notes are to be, from the story alone; of those whose Meta is as it was."""
    now = texts(author)
    wanted = {}
    for nid, guid in anki.rows("select id, guid from notes"):
        note = anki.col.get_note(nid)
        if guid not in now or guid not in shipped or not note["Meta"].startswith('{"v":1,"namespace"'):
            continue
        three = {name: (note[name].strip(), now[guid][name], shipped[guid][name]) for name in FIELDS}
        wanted[guid] = {
            name: theirs if mine == base or (theirs != base and take) else mine
            for name, (mine, theirs, base) in three.items()
        }
    return wanted


def act(anki: Anki, author: Author, deed: str, what: Any, how: Any, more: Any) -> None:
    """Do what a learner does, where it can be done."""
    if deed in ("review", "rename"):
        review(anki, what) if deed == "review" else rename(anki, what, how)
        return
    if what not in author.cards:
        return
    rows = anki.rows("select id from notes where guid = ?", author.cards[what].guid)
    if rows:
        DEEDS[deed](anki.col, anki.col.get_note(rows[0][0]), how, more)


def review(anki: Anki, count: int) -> None:
    names = (one.name for one in anki.col.decks.all_names_and_ids() if one.name != "Default")
    with contextlib.suppress(IndexError, StopIteration):  # nothing is due there
        anki.answer(count, next(names))


def rename(anki: Anki, before: str, after: str) -> None:
    found = anki.col.decks.id_for_name(before)
    if found and not anki.col.decks.id_for_name(after):
        anki.col.decks.rename(found, after)


def edit(col: Collection, note: Note, field: str, text: str) -> None:
    note[field] = text
    col.update_note(note)


def damage(col: Collection, note: Note, text: str, _more: None) -> None:
    edit(col, note, "Meta", text)


def tag(col: Collection, note: Note, name: str, add: bool) -> None:
    note.tags = [*note.tags, name] if add else [one for one in note.tags if one != name]
    col.update_note(note)


def move(col: Collection, note: Note, deck: str, _more: None) -> None:
    target = col.decks.id(deck)
    assert target
    col.set_deck(note.card_ids(), target)


def suspend(col: Collection, note: Note, on: bool, _more: None) -> None:
    (col.sched.suspend_cards if on else col.sched.unsuspend_cards)(note.card_ids())


def delete(col: Collection, note: Note, _how: None, _more: None) -> None:
    col.remove_notes([note.id])


def flag(col: Collection, note: Note, number: int, _more: None) -> None:
    col.set_user_flag_for_cards(number, note.card_ids())


def lend(col: Collection, note: Note, _how: None, _more: None) -> None:
    if not any(one.queue < 0 or one.odid for one in note.cards()):
        lent: Any = col.sched.get_or_create_filtered_deck(0)  # type: ignore[arg-type]
        lent.config.search_terms[0].search = f"nid:{note.id}"
        col.sched.add_or_update_filtered_deck(lent)


DEEDS: Mapping[str, Callable[..., None]] = {
    "edit": edit,
    "damage": damage,
    "tag": tag,
    "move": move,
    "suspend": suspend,
    "delete": delete,
    "flag": flag,
    "lend": lend,
}


def write(author: Author, deed: str, what: str, how: Any, more: Any) -> None:
    """Do what an author does."""
    if what not in author.cards:
        author.add(what)
    if deed == "text":
        author.change(what, **{how: more or ("What?" if how == "Question" else "")})
    elif deed == "tags":
        author.change(what, tags=tuple(sorted(how)))
    else:
        author.change(what, **{deed: how})


def updated(anki: Anki, author: Author, retire: Retire, *, take: bool) -> None:
    """Update, and hold what came of it against what was promised."""
    col = anki.col
    assert col.db
    col.db.execute("update col set ls = scm")
    path = anki.folder / "deck.apkg"
    path.write_bytes(author.build())
    schedule = (
        "select id, type, due, ivl, factor, reps, lapses, left, flags, odue, data from cards order by id"
    )
    queues = dict(anki.rows("select id, queue from cards"))
    cards, reviews = anki.rows(schedule), anki.rows("select * from revlog order by id")
    notes = {row[0]: row for row in anki.rows("select id, guid, tags, flds from notes")}
    with read_package(path) as package:
        plan = planned(col, package)
        conflicts = {(one.note_id, field.name) for one in plan.conflicts for field in one.conflicts}
        choices = Choices(
            take=frozenset(conflicts if take else ()),
            skip=Choices.usual(plan).skip,
            retire=retire,
        )
        report = apply(col, package, plan, choices)
        assert not col.schema_changed()

        assert not anki.rows("select guid from notes group by guid having count() > 1")
        assert anki.rows("select * from revlog order by id") == reviews
        gone = set(report.deleted)
        kept = [row for row in cards if row[0] in dict(anki.rows("select id, nid from cards"))]
        lost = [row for row in cards if row not in kept]
        assert {row[0] // 100 for row in lost} <= {nid // 100 for nid in gone}
        old = {row[0] for row in kept}
        assert [row for row in anki.rows(schedule) if row[0] in old] == kept
        where = anki.rows("select id, nid, case odid when 0 then did else odid end from cards order by id")
        for _, nid, did in (row for row in where if row[0] not in queues and row[1] in notes):
            assert did in {other for key, of, other in where if of == nid and key in queues}
        assert not [one for one in col.decks.all_names_and_ids() if one.name.endswith("+")]
        changed = {
            nid
            for nid, cid, queue in anki.rows("select nid, id, queue from cards")
            if cid in queues and queues[cid] != queue
        }
        assert changed <= {*report.retired, *report.revived}

        by_guid = {one.guid: one for one in package.notes.values()}
        described = {one.note_id: one for one in (*plan.changed, *plan.conflicts, *plan.edited)}
        for nid, (_, guid, tags, _flds) in notes.items():
            if nid in gone:
                assert not [1 for row in reviews if row[1] // 100 == nid // 100]
                continue
            note = col.get_note(nid)
            own = set(tags.split()) & {"exam", "Hard", "a::b", "marked", "leech"} - offered(author)
            assert own <= set(note.tags)
            for field in described[nid].fields if nid in described else ():
                wanted = field.theirs if arrives(field.decision, take=take) else field.mine
                assert note[field.name] == wanted
            if guid in by_guid and nid not in described:
                for name in FIELDS:
                    assert note[name].strip() == by_guid[guid].fields[name].strip()
        arrived = {one.guid for one in plan.new} - choices.skip
        assert arrived <= {guid for (guid,) in anki.rows("select guid from notes")}
    with read_package(path) as package:
        again = planned(col, package)
        assert not any((again.changed, again.conflicts, again.moved, again.revived, again.silent))
        assert again.retired == () or retire is Retire.LEAVE
        assert all(one.deleted for one in again.new)
    assert col.fix_integrity()[1]


def arrives(decision: Decision, *, take: bool) -> bool:
    return decision is Decision.TAKE or (decision is Decision.CONFLICT and take)


def offered(author: Author) -> set[str]:
    """Give the tags that the deck has or had: what becomes of them is the deck's business, too."""
    return {tag for draft in author.cards.values() for tag in draft.tags} | set(author.ever)
