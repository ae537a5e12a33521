"""One form of a source: what changes, what must not, and that no card ever does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reading.test_against_comrak import hostile_sources

from verideck.problems import has_errors
from verideck.reading import canonical_form, markdown

ROOT = Path(__file__).parents[2]
FIXTURES = Path(__file__).parent / "fixtures"
HEAD = "---\ndeck: D\n---\n\n"

SPACE = "␠"

# What people write instead of the canonical form, and what looks like it.
DIRECTIVES = (
    "",
    "",
    "<!-- card: #a -->",
    "<!--card:  keep-order   #b-->  ",
    '<!-- card: .u .t level="expert" -->',
)
BLOCKS = (
    *("text", "text  ", "more\ntext ", "    code", "  \ntext", "* item", "1. one", "***  ", "### a # ", "\\"),
    *("## Next  ## ", "##\tTab #", "#  Title ##", "---", "---  ", "<!-- import: x -->", "<!-- import: --> "),
    *("- [x] a", "- [X]   b  ", "- [ ] c\n     more  \n  and more ", "- [ ] d\n\n\n    why\n\n\n  so  "),
    *("- [ ] e", "> [!TIP]\n> hint", ">[!important]\n>x\n>\n>  y  ", "> [!WARNING]\n>\n> no\n>", ">q  "),
    *("```python check\nanswer == 1\n```", "~~~  python  check  \nx\n~~~~ ", "````python check\n```\n````"),
    *("```python run \nprint(1)\n\n\n```", "~~~ text\n1\n~~~", "```python  vary  02\nn = [1, 2]\n``` "),
    *("```python heatmap h predict\nx \n```", "```\n## no\n\n\n- [X] no\n```", "``` a\n  \n```"),
    *("![a](heatmap:h)", "{{c1::a}} ", "$a$", "| a | b |\n|---|---|\n| c | d |  ", "> [!NOTE]\n>box "),
)  # fmt: skip
GAPS = ("\n", "\n\n", "\n\n\n", "\n \n", "\n\n  \n\n")


def assembled(chance: random.Random) -> str:
    """Make a source of fragments."""
    above = [chance.choice(BLOCKS) for _ in range(chance.choice((0, 0, 0, 1, 2)))]
    top = "\n".join(filter(None, ("##  First ", chance.choice(DIRECTIVES))))
    body = [chance.choice(BLOCKS) for _ in range(chance.randrange(1, 7))]
    return HEAD + "".join(part + chance.choice(GAPS) for part in (*above, top, *body))


def canonical(source: str) -> str | None:
    """Return a source in canonical form, held against all that it promises; None for one with errors."""
    before = markdown.read(source, "p")
    if has_errors(before.problems):
        return None
    made = canonical_form.rewrite(source, "p")
    assert not canonical_form.find_changes(before, markdown.read(made, "p")), made
    assert canonical_form.rewrite(made, "p") == made
    assert made.endswith("\n")
    assert not made.endswith("\n\n")
    return made


@pytest.mark.parametrize("seed", range(3))
def test_no_source_changes_its_cards_and_none_changes_twice(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    sources = [assembled(chance) for _ in range(700)]
    made = [canonical(source) for source in sources]
    assert sum(one not in (None, source) for one, source in zip(made, sources, strict=True)) > 100


def test_sources_with_slips_change_no_card() -> None:
    found = [canonical(source) for source in hostile_sources(4, 500)]
    assert sum(one is not None for one in found) > 80


@given(st.lists(st.sampled_from((*BLOCKS, "")), max_size=12), st.sampled_from(DIRECTIVES))
def test_any_order_of_blocks_changes_no_card(blocks: list[str], said: str) -> None:
    canonical(f"{HEAD}## First\n{said}\n\n" + "\n".join(blocks))


@given(st.lists(st.lists(st.sampled_from(("", "text", "  more ", "- [x] a", "> q", "```", "---", "## B")))))
def test_any_lines_change_no_card(groups: list[list[str]]) -> None:
    canonical(HEAD + "## First\n" + "\n\n".join("\n".join(group) for group in groups))


def cases() -> list[object]:
    """Return the cases of the fixture: a source and its canonical form, by title."""
    lines = (FIXTURES / "canonical.txt").read_text(encoding="utf-8").replace(SPACE, " ").split("\n")
    dots = [number for number, line in enumerate(lines) if line == "."]
    return [
        pytest.param(
            *("\n".join(lines[a + 1 : b]) + "\n" for a, b in ((first, second), (second, third))), id=title
        )
        for first, second, third in zip(dots[::3], dots[1::3], dots[2::3], strict=True)
        for title in [lines[first - 1]]
    ]


@pytest.mark.parametrize(("source", "expected"), cases())
def test_fixture(source: str, expected: str) -> None:
    assert canonical(source) == expected


DECK = sorted(path for path in (ROOT / "sources").glob("*.md") if path.stem != "README")


@pytest.mark.parametrize("path", DECK, ids=lambda path: str(path.stem))
def test_the_deck_is_in_canonical_form(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert canonical(source) == source


def test_a_card_of_every_sort_keeps_what_it_holds() -> None:
    assert canonical((ROOT / "tests" / "browser" / "showcase.md").read_text(encoding="utf-8"))


def test_the_sources_of_the_reader_keep_their_cards() -> None:
    sources = (FIXTURES / "cards.txt").read_text(encoding="utf-8").split("\n.\n")[1::3]
    heads = ("" if source.startswith("---\n") else HEAD for source in sources)
    made = [canonical(f"{head}{source}\n") for head, source in zip(heads, sources, strict=True)]
    assert None not in made


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("## A", "## A\n<!-- card: #new -->\n"),
        ("## A\n<!-- card: -->", "## A\n<!-- card: #new -->\n"),
        ("## A\n<!--card: typed   .t -->", "## A\n<!-- card: #new .t typed -->\n"),
        ("## A\n<!-- import: x -->", "## A\n<!-- card: #new -->\n<!-- import: x -->\n"),
    ],
)
def test_an_id_is_written_where_directives_go(head: str, expected: str) -> None:
    source = f"{HEAD}{head}\n\nanswer\n"
    made = canonical_form.rewrite(source, "p", {5: "new"})
    assert made == f"{HEAD}{expected}\nanswer\n"
    before, after = (markdown.read(text, "p") for text in (source, made))
    assert [card.id for card in after.cards] == ["new"]
    assert not canonical_form.find_changes(before, after, {5: "new"})
    assert canonical_form.find_changes(before, after)
    assert canonical_form.rewrite(made, "p", {5: "new"}) == made


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("answer", "answers"),
        ("answer", "answer  \n\n\nmore"),
        ("## A", "## B"),
        ("deck: D", "deck: E"),
        ("answer", "- [x] answer"),
        ("answer", "answer\n\n```python check\nx\n```"),
        ("answer", "answer\n\n## A\n\nagain"),
        ("answer", "answer\n\n<div>"),
        ("## A", "```python heatmap unused\nx\n```\n\n## A"),
    ],
)
def test_what_changes_a_card_is_found(old: str, new: str) -> None:
    source = f"{HEAD}## A\n\nanswer\n"
    before, after = (markdown.read(text, "p") for text in (source, source.replace(old, new)))
    assert canonical_form.find_changes(before, after)
    assert not canonical_form.find_changes(before, before)
