"""The cards' script, run by a real engine on pages that Anki rendered: what a learner sees on both sides.

`page.js` stands for the browser: the elements and the storage that the script touches.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from py_mini_racer import MiniRacer

from verideck.cards import Card, Checked, HeatmapValues, Kind, Note, Step, Variant, Verdict

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.notes import Note as AnkiNote

    Rendered = Callable[..., tuple[Note, Any]]
    Added = Callable[[Note], AnkiNote]

PAGE = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
EMPTY = ("br", "hr", "img", "input", "wbr")


class Tree(HTMLParser):
    """Reads HTML into nested lists: tag, attributes, children."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[Any] = [["body", {}, []]]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = [tag, {name: value or "" for name, value in attrs}, []]
        self.stack[-1][2].append(element)
        if tag not in EMPTY:
            self.stack.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.stack[-1][2].append(data)


def text(element: list[Any]) -> str:
    if element[0] in ("script", "style") or "hidden" in element[1]:
        return ""
    return "".join(child if isinstance(child, str) else text(child) for child in element[2])


def elements(tree: list[Any]) -> Iterator[list[Any]]:
    yield tree
    for child in tree[2]:
        if not isinstance(child, str):
            yield from elements(child)


@dataclass
class Client:
    """Shows sides of cards, one after the other; `forgets`: a client that keeps nothing between pages.

    `day` counts from 1970; without one it is a day on which the first card shown has its first variant.
    """

    forgets: bool = False
    storage: str = "{}"
    random: float = 0.5
    day: int | None = None
    engine: MiniRacer = field(default_factory=MiniRacer)

    def __post_init__(self) -> None:
        self.engine.eval(PAGE)

    def show(self, html: str) -> list[Any]:
        """Run a side's script and give what then stands on the page."""
        if self.day is None:
            self.day = next(day for day in range(40) if self.run(html, "{}", day)[2] in (None, 0))
        storage = "{}" if self.forgets else self.storage
        tree, kept, _ = self.run(html, storage, self.day)
        self.storage = json.dumps(kept)
        return tree

    def run(self, html: str, storage: str, day: int) -> tuple[list[Any], dict[str, str], int | None]:
        """Run a side's script at noon of a day; gives the page, what is stored, and the row that is shown."""
        tree = Tree(html.rpartition("</style>")[2]).stack[0]
        (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        answered = self.engine.eval(f"""(() => {{
            const storage = {storage};
            const page = Page({json.dumps(tree)}, storage, () => {self.random});
            const now = new Date({day * 86_400_000 + 43_200_000});
            now.getTimezoneOffset = () => 0;
            const clock = function () {{ return now; }};
            const run = function (document, window, Math, Date) {{ {script} }};
            run(page.document, page.window, page.Math, clock);
            return JSON.stringify([written(page.root), storage]);
        }})()""")
        tree, kept = json.loads(str(answered))
        cards: list[dict[str, Any]] = [
            *json.loads((kept or {}).get("verideck", '{"cards": {}}'))["cards"].values()
        ]
        return list(tree), kept, cards[0].get("row") if cards else None


@dataclass
class Side:
    front: str
    back: str


@pytest.fixture
def sides(rendered: Rendered, added: Added) -> Callable[..., Side]:
    def render(card: Card, variants: tuple[Variant, ...]) -> Side:
        checked = Checked(
            card,
            Verdict.VERIFIED,
            steps=variants[0].steps if variants else (),
            heatmaps=variants[0].heatmaps if variants else (),
            variants=variants,
        )
        note, problems = rendered(checked)
        assert not problems
        output = added(note).cards()[0].render_output()
        return Side(output.question_text, output.answer_text)

    return render


def variants(*counts: int) -> tuple[Variant, ...]:
    return tuple(
        Variant(
            MappingProxyType({"n": str(n), "h": f"{n / 2:g}", "p": f"{n}%"}),
            (Step("n / 2", f"{n / 2:g}"), Step("odd" if n % 2 else "", "yes" if n % 2 else "")),
            (HeatmapValues("m", (((1 / n,) * n,),), ("q",), tuple("k" * n), f"{n} weights"),),
        )
        for n in counts
    )


@pytest.fixture
def card(make_card: Callable[..., Card]) -> Card:
    return make_card(
        heading="Half of «n»?",
        body="```python\nx = «n»\n```",
        answer="«h», or $\\frac{«n»}{2}$ of «p»: $«p»$",
        explanation="$$«n» / 2$$\n\n```python heatmap m\nweights\n```\n\n<abbr title='of «n»'>half</abbr>",
    )


def row(tree: list[Any]) -> str:
    """Read the number asked for off a page, where every place must show the same."""
    found = re.findall(r"Half of (\d+)\?", text(tree)) + re.findall(r"x = (\d+)", text(tree))
    assert len(set(found)) == 1
    assert len(found) == 2
    return str(found[0])


def review(client: Client, side: Side) -> tuple[str, str, list[Any]]:
    front = row(client.show(side.front))
    back = client.show(side.back)
    return front, row(back), back


def test_the_first_review_of_a_session_shows_the_day_s_variant_and_the_next_another(
    card: Card, sides: Callable[..., Side]
) -> None:
    side, client = sides(card, variants(2, 4, 6)), Client()
    assert review(client, side)[:2] == ("2", "2")
    assert review(client, side)[:2] == ("6", "6")
    assert review(client, side)[:2] == ("4", "4")


@pytest.mark.parametrize("random", [0.0, 0.3, 0.5, 0.999999])
def test_the_variant_of_last_time_never_comes_again(
    random: float, card: Card, sides: Callable[..., Side]
) -> None:
    side, client = sides(card, variants(2, 4, 6, 8)), Client(random=random)
    seen = []
    for _ in range(8):
        front, back, _ = review(client, side)
        assert front == back
        seen.append(front)
    assert all(one != other for one, other in pairwise(seen[1:]))


def test_every_variant_comes(card: Card, sides: Callable[..., Side]) -> None:
    side, client = sides(card, variants(2, 4, 6)), Client()
    seen = set()
    for turn in range(12):
        client.random = turn / 12
        seen.add(review(client, side)[0])
    assert seen == {"2", "4", "6"}


def test_a_client_that_forgets_shows_the_day_s_variant_on_both_sides(
    card: Card, sides: Callable[..., Side]
) -> None:
    side, client = sides(card, variants(2, 4, 6)), Client(forgets=True)
    for _ in range(4):
        assert review(client, side)[:2] == ("2", "2")


@pytest.mark.parametrize("counts", [(2, 4), (2, 4, 6), (2, 4, 6, 8, 10)])
def test_a_client_that_forgets_shows_all_variants_in_turn_and_none_on_two_days_running(
    counts: tuple[int, ...], card: Card, sides: Callable[..., Side]
) -> None:
    side, client = sides(card, variants(*counts)), Client(forgets=True)
    seen = []
    for day in range(20_000, 20_030):
        client.day = day
        shown, back, _ = review(client, side)
        assert shown == back
        seen.append(shown)
    assert all(one != other for one, other in pairwise(seen))
    assert {int(one) for one in seen} == set(counts)


def test_a_back_alone_is_right(card: Card, sides: Callable[..., Side]) -> None:
    client = Client()
    assert row(client.show(sides(card, variants(2, 4, 6)).back)) == "2"
    assert json.loads(json.loads(client.storage)["verideck"]).get("proven") is None


@pytest.mark.parametrize(
    "damaged",
    [
        "null", "{", "[]", "7", '{"cards": 3}', '{"cards": {}, "proven": "yes"}',
        '{"cards": null, "proven": true}',
        '{"cards": {"@": {"row": 99}}}',
        '{"cards": {"@": {"row": "length"}}}',
        '{"cards": {"@": null}}',
    ],
)  # fmt: skip
def test_damaged_state_is_as_none(damaged: str, card: Card, sides: Callable[..., Side]) -> None:
    side = sides(card, variants(2, 4, 6))
    (name,) = set(re.findall(r'data-card="([^"]*)"', side.front + side.back))
    storage = json.dumps({"verideck": damaged.replace("@", name)})
    assert row(Client(storage=storage).show(side.back)) == "2"
    assert review(Client(storage=storage), side)[:2] == ("2", "2")


def test_everything_on_the_back_changes_together(card: Card, sides: Callable[..., Side]) -> None:
    side, client = sides(card, variants(2, 4, 6)), Client()
    review(client, side)
    _, now, back = review(client, side)
    assert now == "6"
    shown = text(back)
    for part in (r"3, or \(\frac{6}{2}\) of 6%: \(6\%\)", r"\[6 / 2\]", "n / 23"):
        assert part in shown
    (image,) = (one for one in elements(back) if one[0] == "img" and "heatmap" in one[1].get("class", ""))
    assert image[1]["alt"] == "6 weights"
    assert re.fullmatch(r"verideck-\w+\.svg", image[1]["src"])
    first = next(one for one in elements(Tree(side.back).stack[0]) if "heatmap" in one[1].get("class", ""))
    assert image[1]["src"] != first[1]["src"]
    assert int(image[1]["width"]) > int(first[1]["width"])
    assert [one[1]["title"] for one in elements(back) if one[0] == "abbr"] == ["of 6"]


def test_without_script_the_page_is_the_first_variant_s(card: Card, sides: Callable[..., Side]) -> None:
    side = sides(card, variants(2, 4, 6))
    assert row(Tree(side.front.rpartition("</style>")[2]).stack[0]) == "2"
    shown = text(Tree(side.back.rpartition("</style>")[2]).stack[0])
    assert r"1, or \(\frac{2}{2}\) of 2%: \(2\%\)" in shown
    assert "«" not in shown


def test_lines_of_a_worked_solution_that_a_variant_lacks_are_hidden(
    card: Card, sides: Callable[..., Side]
) -> None:
    def lines(tree: list[Any]) -> list[str]:
        (solution,) = (one for one in elements(tree) if one[1].get("class") == "solution")
        return [text(line) for line in solution[2] if line[0] == "div" and "hidden" not in line[1]]

    for counts in ((2, 3), (3, 2)):
        side, client = sides(card, variants(*counts)), Client()
        for count in (*counts, counts[0]):
            found = lines(review(client, side)[2])
            assert found == [f"n / 2{count / 2:g}", *(["oddyes"] if count % 2 else [])]


def test_two_cards_do_not_disturb_each_other(card: Card, sides: Callable[..., Side]) -> None:
    side, client = sides(card, variants(2, 4)), Client()
    other = Side(side.front.replace(' Card"', ' Reverse"'), side.back.replace(' Card"', ' Reverse"'))
    review(client, side)
    shown = [review(client, one)[0] for one in (side, other, side, other, side, other)]
    assert shown[0] == shown[4] == "4"
    assert shown[2] == "2"
    assert shown[1] == shown[5] != shown[3]


def test_a_card_that_does_not_vary_proves_the_storage_for_others(
    card: Card, make_card: Callable[..., Card], sides: Callable[..., Side]
) -> None:
    client, plain = Client(), sides(make_card(answer="x"), ())
    client.show(plain.front)
    client.show(plain.back)
    assert review(client, sides(card, variants(2, 4)))[0] == "4"


def box(tree: list[Any]) -> list[Any]:
    return next(one for one in elements(tree) if one[1].get("id") == "typeans")


@pytest.mark.parametrize(
    ("typed", "classes", "shown"),
    [
        ("3", ["typeGood"], "3"),
        ("  3 ", ["typeGood"], "3"),
        ("1", ["typeBad", "typeMissed"], "1↓3"),
        ("13", ["typeBad", "typeGood", "typeGood"], "13↓3"),
        ("1 3", ["typeBad", "typeGood", "typeGood"], "1 3↓3"),
        ("6%", ["typeGood"], "6%"),
        ("6 / 2", ["typeGood", "equal"], "6 / 2right: equal in value"),
        ("<b>", ["typeBad", "typeMissed"], "<b>↓3"),
        ("", [], "3"),
    ],
)
def test_what_is_typed_is_compared_with_the_answer_asked_for(
    typed: str,
    classes: list[str],
    shown: str,
    make_card: Callable[..., Card],
    sides: Callable[..., Side],
    collection: Collection,
) -> None:
    card = make_card(Kind.TYPED, heading="Half of «n»?", body="x = «n»", accepted=("`«h»`", "«p»"))
    side, client = sides(card, variants(20, 4, 6)), Client()
    front = side.front.replace("[[type:Typed]]", '<input type="text" id="typeans">')

    def back(answered: str) -> str:
        """Give the back as Anki's reviewer does, with its comparison in it."""
        return side.back.replace("[[type:Typed]]", collection.compare_answer("10", answered))

    assert "Half of 20?" in text(client.show(front))
    assert text(box(client.show(back("1")))) == "1-↓10"
    asked = client.show(front)
    assert "Half of 6?" in text(asked)
    assert box(asked)[2] == []  # an input stays one
    found = box(client.show(back(typed)))
    assert text(found) == shown
    assert [one[1]["class"] for one in elements(found) if one[0] == "span" and one[1].get("class")] == classes
