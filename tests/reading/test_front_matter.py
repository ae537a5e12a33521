"""The front matter keeps what is written."""

from __future__ import annotations

import pytest

from verideck.reading import front_matter
from verideck.reading.passages import Line


def read(text: str) -> front_matter.FrontMatter:
    lines = [Line(line, number) for number, line in enumerate(f"---\n{text}\n---".split("\n"), start=1)]
    matter, taken, problems = front_matter.read(lines, "p")
    assert problems == ()
    assert taken == len(lines)
    return matter


@pytest.mark.parametrize(
    "word", ["no", "yes", "012", "1.10", "0x1F", "2020-01-01", "null", "~", "1e3", "12:30:45"]
)
def test_words_that_yaml_would_change(word: str) -> None:
    assert read(f"deck: {word}\ntags: [{word}]\nsource: {word}") == front_matter.FrontMatter(
        deck=word, tags=(word,), source=(word,)
    )


def test_lists_strings_and_comments() -> None:
    matter = read("# a remark\ndeck: 'A::10 B'\n\ntags:\n  - one\n  - \"two\"\nlevel: expert\nsource: A, B")
    assert matter == front_matter.FrontMatter("A::10 B", ("one", "two"), "expert", ("A, B",))


def test_all_that_is_wrong_is_told_and_what_is_good_is_kept() -> None:
    text = "deck: A\ntags: [one, {a: [1, {b: 2}]}, [x], two]\nsource: {a: 1}\nlevel: hard\ntitle:"
    lines = [Line(line, number) for number, line in enumerate(f"---\n{text}\n---".split("\n"), start=1)]
    matter, _, problems = front_matter.read(lines, "p")
    assert matter == front_matter.FrontMatter("A", ("one", "two"))
    assert [(problem.line, problem.column, problem.message) for problem in sorted(problems)] == [
        (3, 13, "a table or list inside the list `tags`"),
        (3, 31, "a table or list inside the list `tags`"),
        (4, 9, "a table where `source` takes text"),
        (5, 8, "an unknown level `hard`"),
        (6, 7, "no value for `title`"),
    ]
