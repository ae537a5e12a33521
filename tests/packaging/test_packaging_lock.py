"""`deck.lock`: what it looks like, what is mended, and what is told of a damaged one."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from verideck.packaging.lock import Entry, Lock, State, dump, load, released, with_media

Make = Callable[..., Any]
SPACE = "4d0c9f5e-2b59-4c55-9d57-0f6a3a8b1c11"
HEADER = f'{{"format": 2, "namespace": "{SPACE}"}}'


@pytest.fixture
def lock(build: Any, card: Make) -> Lock:
    planned: Lock = build(None, [card("A?", 1), card("B?", 3, id="b"), card("Ç’est où ?", 5)]).lock
    return planned


def lines(lock: Lock) -> list[str]:
    return dump(lock).splitlines()


def read(text: str, now: int) -> tuple[Lock, list[str]]:
    lock, problems = load(text, "sources/deck.lock", SPACE, now)
    return lock, [str(problem) for problem in problems]


def test_a_lock_reads_as_it_was_written(lock: Lock, now: int) -> None:
    assert read(dump(lock), now) == (lock, [])
    assert dump(read(dump(lock), now)[0]) == dump(lock)


def test_a_lock_is_a_header_and_a_sorted_line_a_card(lock: Lock) -> None:
    header, *rest = lines(lock)
    assert header == HEADER
    assert rest == sorted(rest)
    assert list(json.loads(rest[0]))[:5] == ["guid", "id", "written", "state", "note_type"]
    assert "Ç’est où ?" in dump(lock)
    assert dump(lock).endswith("}\n")


def test_no_text_is_an_empty_lock(now: int) -> None:
    assert read("", now) == (Lock(SPACE), [])


def test_line_ends_of_windows_a_mark_and_blank_lines_do_no_harm(lock: Lock, now: int) -> None:
    assert read("\ufeff" + dump(lock).replace("\n", "\r\n\r\n"), now) == (lock, [])


def test_a_union_merge_is_mended(lock: Lock, now: int) -> None:
    """Both branches edited one card, and both added one."""
    entry, *others = lock.entries
    ours = dataclasses.replace(entry, mod=now + 5, fingerprint="ours")
    theirs = dataclasses.replace(entry, mod=now + 9, fingerprint="theirs", due=77, release="1.1")
    merged = dump(Lock(SPACE, (ours, *others))) + dump(Lock(SPACE, (theirs, *others)))
    mended, problems = read(merged, now)
    assert problems == []
    assert len(mended.entries) == len(lock.entries)
    (result,) = (found for found in mended.entries if found.guid == entry.guid)
    assert result == theirs


def test_two_branches_that_edited_a_card_in_the_same_moment_make_a_newer_one(lock: Lock, now: int) -> None:
    entry = lock.entries[0]
    ours = dataclasses.replace(entry, mod=now + 9, fingerprint="ours", release="1.1")
    theirs = dataclasses.replace(ours, fingerprint="theirs")
    (result,) = read(dump(Lock(SPACE, (ours, theirs))), now)[0].entries
    assert (result.mod, result.release) == (now + 10, "")
    # The same card by an older formula and by today's: one branch was built by a newer Verideck.
    older = dataclasses.replace(theirs, formula=1, fingerprint="the same, by formula 1")
    assert read(dump(Lock(SPACE, (older, theirs))), now)[0].entries == (theirs,)


def test_merging_is_the_same_both_ways_round(lock: Lock, now: int) -> None:
    entry = lock.entries[0]
    ours = dataclasses.replace(entry, fingerprint="ours")
    theirs = dataclasses.replace(entry, fingerprint="theirs", state=State.RETIRED)
    both = [read(dump(Lock(SPACE, pair)), now)[0] for pair in ((ours, theirs), (theirs, ours))]
    assert both[0] == both[1]
    assert both[0].entries[0].live


def test_equal_lines_are_one_and_move_nothing(lock: Lock, now: int) -> None:
    assert read(dump(lock) + dump(lock), now) == (lock, [])


def test_another_position_is_no_change_that_learners_need(lock: Lock, now: int) -> None:
    entry = lock.entries[0]
    other = dataclasses.replace(entry, due=entry.due + 3)
    mended, problems = read(dump(Lock(SPACE, (entry, other))), now)
    assert (mended.entries[0].mod, problems) == (entry.mod, [])


def test_two_branches_of_one_moment_do_not_share_note_ids(lock: Lock, now: int) -> None:
    first, second = (dataclasses.replace(entry, note_id=50_000) for entry in lock.entries[:2])
    second = dataclasses.replace(second, first_release="1.0")
    mended, problems = read(dump(Lock(SPACE, (first, second))), now)
    ids = {entry.guid: entry.note_id for entry in mended.entries}
    assert problems == []
    assert ids[second.guid] == 50_000
    assert ids[first.guid] == 49_900


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| base"])
def test_conflict_markers_are_told(marker: str, lock: Lock, now: int) -> None:
    header, first, *rest = lines(lock)
    kept, problems = read("\n".join([header, first, marker, *rest]), now)
    assert len(problems) == 1
    assert problems[0].startswith("sources/deck.lock:3:1: error: a conflict marker")
    assert kept == lock


DAMAGE: dict[str, tuple[Callable[[str], str], str, str]] = {
    "cut": (lambda line: line[:40], ":3:", "damaged line"),
    "glued": (lambda line: line + line, ":3:", "damaged line: extra data"),
    "not an object": (lambda _: "[1]", ":3:1:", "not a JSON object"),
    "a wrong type": (lambda line: line.replace('"mod": ', '"mod": "x", "y": '), ":3:", "`mod` must be"),
    "a boolean": (lambda line: line.replace('"epoch": 1', '"epoch": true'), ":3:", "`epoch` must be"),
    "a state": (lambda line: line.replace('"live"', '"gone"'), ":3:", "`state` must be `live` or"),
    "a key gone": (lambda line: line.replace('"due": ', '"dew": '), ":3:1:", "`due` is missing"),
    "a key twice": (lambda line: line.replace("{", '{"due": 4, ', 1), ":3:", "`due` stands twice"),
    "a huge number": (lambda line: line.replace('"epoch": 1', '"epoch": ' + "1" * 5000), ":3:1:", "damaged"),
    "brackets": (lambda _: "[" * 100_000, ":3:1:", "damaged line"),
    "too late a place": (lambda line: line.replace('"due": ', '"due": 99999'), ":3:", "`due` must be"),
    "no text": (lambda _: '{"a": NaN}', ":3:", "is missing"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_told_at_its_place_and_the_rest_is_kept(name: str, lock: Lock, now: int) -> None:
    damage, place, message = DAMAGE[name]
    text = lines(lock)
    text[2] = damage(text[2])
    kept, problems = read("\n".join(text), now)
    assert problems
    assert any(f"sources/deck.lock{place}" in problem and message in problem for problem in problems)
    assert all("\n    hint: " in problem for problem in problems)
    assert set(kept.entries) == set(lock.entries) - {lock.entries[1]}


def test_the_column_is_that_of_the_key(lock: Lock, now: int) -> None:
    text = lines(lock)
    text[1] = text[1].replace('"note_type"', '"note_tipe"')
    _, problems = read("\n".join(text), now)
    column = text[1].index('"note_tipe"') + 1
    assert any(
        f":2:{column}: error: unknown key `note_tipe`\n    hint: did you mean `note_type`?" in problem
        for problem in problems
    )


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ('{"format": 1, "namespace": "another"}', "belongs to the namespace `another`"),
        (f'{{"format": 3, "namespace": "{SPACE}"}}', "format 3, of a newer Verideck"),
        (f'{{"format": "1", "namespace": "{SPACE}"}}', "`format` must be a number"),
        ('{"format": 1}', "belongs to the namespace"),
        ("", "the lock has no header"),
    ],
)
def test_a_header_that_does_not_fit(header: str, message: str, lock: Lock, now: int) -> None:
    _, problems = read("\n".join([header, *lines(lock)[1:]]), now)
    assert len(problems) == 1
    assert message in problems[0]


def test_a_second_header_of_another_deck_is_told(lock: Lock, now: int) -> None:
    _, problems = read(dump(lock) + '{"format": 1, "namespace": "x"}\n', now)
    assert len(problems) == 1
    assert problems[0].startswith("sources/deck.lock:5:1:")


def test_a_lock_from_the_future_is_an_error_and_a_slow_clock_is_not(lock: Lock, now: int) -> None:
    assert read(dump(lock), now - 80_000)[1] == []
    (problem,) = read(dump(lock), now - 90_000)[1]
    assert "from the future:" in problem
    assert "is dated 2026-09-21, as are 2 others" in problem
    far = Lock(SPACE, (dataclasses.replace(lock.entries[0], mod=(1 << 40) - 1),))
    assert "is dated 9999-12-31\n" in read(dump(far), now)[1][0]


def test_media_now_and_before_are_kept(lock: Lock) -> None:
    guid = lock.entries[0].guid
    first = with_media(lock, {guid: ("b.svg", "a.svg")})
    second = with_media(first, {guid: ["c.svg", "a.svg"]})
    assert first.entries[0].media == ("a.svg", "b.svg")
    assert (second.entries[0].media, second.entries[0].media_before) == (("a.svg", "c.svg"), ("b.svg",))
    assert with_media(second, {}) == second
    assert with_media(second, {guid: ["b.svg"]}).entries[0].media_before == ("a.svg", "c.svg")


def test_a_release_stamps_what_changed_since_the_last(lock: Lock, now: int, build: Any, card: Make) -> None:
    out = released(lock, "1.0", now + 100)
    assert {(entry.release, entry.first_release, entry.mod) for entry in out.entries} == {
        ("1.0", "1.0", now + 100)
    }
    planned = build(out, [card("A?", 1), card("B?", 3, id="b", answer="new"), card("Ç’est où ?", 5)], now)
    again = released(planned.lock, "1.1", now + 200)
    by_id: dict[str, Entry] = {entry.id: entry for entry in again.entries}
    assert (by_id["b"].release, by_id["b"].first_release, by_id["b"].mod) == ("1.1", "1.0", now + 200)
    assert (by_id["a"].release, by_id["a"].mod) == ("1.0", now + 100)
