"""Which card is which, from look to look."""

from __future__ import annotations

import pytest

from verideck.previewing.matching import Place, keys
from verideck.previewing.sections import Section, find, owner


def places(*written: str, path: str = "a.md") -> list[Place]:
    """Write a place a word: `name/heading`, with `!` in front where it cannot be read."""
    found = []
    for line, word in enumerate(written, start=1):
        name, _, heading = word.lstrip("!").partition("/")
        found.append(Place(path, line, name, heading, whole=not word.startswith("!")))
    return found


def was(*written: str, path: str = "a.md") -> dict[str, Place]:
    return {place.name or place.heading: place for place in places(*written, path=path)}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (["a", "b"], ["a", "b"], ["a", "b"]),
        (["a", "b"], ["b", "a"], ["b", "a"]),
        (["a", "c"], ["a", "b", "c"], ["a", "b", "c"]),
        (["a", "b", "c"], ["a", "c"], ["a", "c"]),
        (["a", "b", "c"], ["a", "new", "c"], ["a", "b", "c"]),  # renamed in its place
        (["a", "b", "c"], ["a", "!", "c"], ["a", "b", "c"]),  # broken in its place
        (["a", "b"], ["!", "!", "a"], ["a"]),  # new and broken: nothing to show of either
        (["a/What?", "b"], ["b", "!/What?"], ["b", "a"]),  # told by its heading
        (["a", "b"], ["a", "a", "b"], ["a", "a~2", "b"]),
        (["a", "b"], ["c", "a", "b"], ["c", "a", "b"]),
        (["a", "b"], ["!b", "!a"], ["b", "a"]),
    ],
)
def test_cards_keep_their_keys(before: list[str], now: list[str], expected: list[str]) -> None:
    assert [key for _, key in keys(places(*now), was(*before))] == expected


def test_a_renamed_card_leaves_its_key_to_no_other() -> None:
    first = {key: place for place, key in keys(places("a", "new", "c"), was("a", "b", "c"))}
    assert list(first) == ["a", "b", "c"]
    assert [key for _, key in keys(places("a", "new", "c", "b"), first)] == ["a", "b", "c", "b~2"]


def test_cards_of_an_unreadable_file_stay() -> None:
    before = was("a", "b") | was("c", path="b.md")
    assert [key for _, key in keys(places("c", path="b.md"), before, {"a.md"})] == ["a", "b", "c"]
    assert [key for _, key in keys(places("c", path="b.md"), before)] == ["c"]


def test_a_card_is_found_in_another_file_by_its_name_only() -> None:
    before = was("a/What?") | {"What?": Place("a.md", 2, "", "What?")}
    now = [Place("b.md", 1, "a", "What?"), Place("b.md", 2, "", "What?")]
    assert [key for _, key in keys(now, {**before, "b": Place("a.md", 3, "b")})] == ["a", "What?"]
    assert [key for _, key in keys(now[1:], before, {"a.md"})] == ["a", "What?", "What?~2"]


def test_sections_are_found_in_what_cannot_be_read() -> None:
    text = (
        "# Title\n\n## One\n<!-- card: typed #one -->\n\n```python chek\n## none\n```\n\n## Two\n- [ x] a\n"
    )
    assert find(text.encode(), "a.md") == (
        Section(1, 1, "Title"),
        Section(3, 2, "One", "one"),
        Section(10, 2, "Two"),
    )
    assert find(b"\xff\xfe", "a.md") == ()


def test_a_line_belongs_to_the_section_above_it() -> None:
    sections = (Section(3, 2, "One"), Section(10, 2, "Two"))
    owners = [owner(sections, line) for line in (1, 3, 9, 10, 99)]
    assert [one.line if one else 0 for one in owners] == [0, 3, 3, 10, 10]
