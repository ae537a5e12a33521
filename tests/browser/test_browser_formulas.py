"""Formulas in Anki's own MathJax: its commands are in the table, and nothing that a stranger writes acts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.tex.hostile import ATTACKS, HREF

from addon.reading import formulas as addon_formulas
from verideck import building, tex
from verideck.publishing import showing
from verideck.rendering import typeset

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

    from verideck.cards import Note

    Screen = Any  # the classes of conftest.py
    MakeScreen = Callable[..., Screen]

FRONT = "---\ndeck: D\n---\n\n"
# Of the reviewer's MathJax: the names of commands and environments that it knows.
KNOWN = r"""async () => {
  await MathJax.startup.promise;
  const found = {};
  for (const [kind, handler] of MathJax.startup.document.inputJax[0].parseOptions.handlers.map) {
    found[kind] = handler._configuration.items.flatMap(({ item }) => (item.map ? [...item.map.keys()] : []));
  }
  return found;
}"""
# Sets a formula, and says what of it could act.
SET = r"""async (tex) => {
  await MathJax.startup.promise;
  const place = document.getElementById("qa");
  place.textContent = "\\[" + tex + "\\]";
  await MathJax.typesetPromise([place]);
  const acting = (one) => [...one.attributes].some(({ name }) => /^(on|href|xlink:href|src|id$)/.test(name));
  return {
    set: place.querySelectorAll("mjx-container").length,
    acts: [...place.querySelectorAll("*")].filter((one) => acting(one) && !/^mjx-eqn/.test(one.id)).length,
    links: place.querySelectorAll("a, script, iframe, img, style").length,
  };
}"""
STRINGS = r"""async (texts) => {
  await MathJax.startup.promise;
  const finder = MathJax.startup.document.inputJax[0].findTeX;
  return texts.map((text) => finder.findMath([text]).map(({ math }) => math));
}"""
FOUND = r"""async (sides) => {
  await MathJax.startup.promise;
  const { domStrings, inputJax } = MathJax.startup.document;
  return sides.map((html) => {
    const place = document.createElement("div");
    place.innerHTML = html;
    const [strings] = domStrings.find(place);
    return inputJax[0].findTeX.findMath(strings).map(({ math }) => math);
  });
}"""


@pytest.fixture
def reviewer(screen: MakeScreen) -> Screen:
    return screen(reviewer=True)


def empty(reviewer: Screen) -> Page:
    """Open a page of Anki's reviewer with MathJax ready."""
    page: Page = reviewer.show(r"<p>\(x\)</p>")
    page.locator("mjx-container").wait_for(state="attached")
    return page


def sides_of(notes: list[Note]) -> Iterator[str]:
    for note in notes:
        for shown in showing.sides(note):
            yield from (shown.front, shown.back)


def made_anyway(folder: Path, markdown: str) -> list[Note]:
    """Render cards though they have errors: what a build refuses, a preview shows."""
    folder.mkdir(exist_ok=True)
    (folder / "a.md").write_text(FRONT + markdown, encoding="utf-8")
    return [note for note, _ in building.examine([folder], now=4_000_000_000).notes]


def acts(reviewer: Screen, side: str) -> list[str]:
    """Show a side, click on all that can be clicked on in it, and tell what happened."""
    happened: list[str] = []
    page = reviewer.show(side)

    def refuse(dialog: Dialog) -> None:
        happened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    before = page.url
    # The browser says in its console that it opens no mail program.
    page.evaluate("""() => {
      const isMail = (one) => one.closest("a[href^='mailto:']");
      document.addEventListener("click", (event) => isMail(event.target) && event.preventDefault());
      document.querySelectorAll("#qa *").forEach((one) => {
        one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      });
    }""")
    page.evaluate("() => new Promise((done) => setTimeout(done))")  # `javascript:` runs later
    happened += [] if page.url == before else [page.url]
    links = page.locator("#qa a:not([href^='mailto:'])").count()
    return happened + ["a link"] * links


def test_the_table_has_every_command_that_ankis_mathjax_knows(reviewer: Screen) -> None:
    known = empty(reviewer).evaluate(KNOWN)
    macros = {name.removeprefix("\\") if len(name) > 1 else name for name in known["macro"]}
    unknown = macros - tex.COMMANDS.keys() - tex.REFUSED.keys()
    assert unknown == {*"()[]<>./", "notChar"} - {">"}  # delimiters without a backslash; MathJax's own
    assert tex.COMMANDS.keys() - macros == {"\n", "of"}  # read with `\root`
    assert set(known["environment"]) == tex.ENVIRONMENTS.keys()


ARGUMENTS = {
    "m": "{x}",
    "t": "{x}",
    "x": "(",
    "d": "{1em}",
    "n": "{1}",
    "c": "{red}",
    "w": "{box}",
    "l": "{cc}",
    "e": "{align}",
    "o": "[t]",
    "D": "[1em]",
    "R": "[1em]",
    "N": "[1]",
    "C": "[named]",
    "k": "[color=red]",
    "b": "[yellow,1px]",
}


def arguments(takes: str) -> str:
    return "".join(ARGUMENTS[kind] for kind in takes)


def test_no_allowed_command_acts(reviewer: Screen) -> None:
    page = empty(reviewer)
    samples = [
        f"\\{name}{''.join(ARGUMENTS[kind] for kind in takes)} y" for name, takes in tex.COMMANDS.items()
    ]
    samples += [
        f"\\begin{{{name}}}{''.join(ARGUMENTS[kind] for kind in takes)} y \\end{{{name}}}"
        for name, takes in tex.ENVIRONMENTS.items()
    ]
    for sample in samples:
        found = page.evaluate(SET, sample)
        assert (found["acts"], found["links"]) == (0, 0), sample


def test_a_refused_command_would_act(reviewer: Screen) -> None:
    assert set(acts(reviewer, rf"<div class='verideck front'>\({HREF}\)</div>")) == {"1", "a link"}


@pytest.mark.parametrize("title", ATTACKS)
def test_nothing_that_a_stranger_writes_acts(title: str, reviewer: Screen, tmp_path: Path) -> None:
    text, _ = ATTACKS[title]
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    inside = "\n".join(f"  {line}" for line in text.split("\n"))
    everywhere = (
        f"## {text if chr(10) not in text else 'a'}\n\n{text}\n\n- [x] a\n\n{inside}\n- [ ] b\n\n{text}\n\n"
        f"> [!TIP]\n{quoted}\n\n## Of a cloze {{{{c3::too}}}}\n\n{text}\n\n---\n\n{text}\n\n"
        f"## Typed\n<!-- card: typed -->\n\n{text}\n\n---\n\n{text.split(chr(10))[-1]}\n"
    )
    notes = made_anyway(tmp_path / "cards", everywhere)
    assert len(notes) >= 2
    for side in dict.fromkeys(sides_of(notes)):
        assert acts(reviewer, side) == [], side


def test_what_a_script_writes_into_a_card_is_no_formula(
    reviewer: Screen, cards: Callable[[str], Any]
) -> None:
    token = rf"\\({HREF}\\)".replace("\\h", "\\\\h")
    made = cards(f"""{FRONT}## Which is «s»?
<!-- card: #vary -->

```python vary 2
s = ["a", "{token}"]
```

---

«s»

## Where?
<!-- card: #predict -->

```python heatmap row predict
weights = [[1, 0], [0.25, 0.75]]
tokens = ["a", "{token}"]
alt = "The second row is strongest on itself."
```

---

There.
""")
    reviewer.media = made.media
    for card in made.shown:
        for _ in range(4):  # a varying card shows each of its rows
            for side in (card.front, card.back):
                assert acts(reviewer, side) == [], card.name
    assert any("\\u2060" in note.fields["Data"] for note in made.notes)


PIECES = (
    r"\(",
    r"\)",
    r"\[",
    r"\]",
    "{",
    "}",
    r"\{",
    r"\}",
    "\\",
    "\\\\",
    "x",
    " ",
    r"\href",
    "%",
    "\n",
    "$",
)
HTML = (
    *PIECES,
    *("<b>", "</b>", "<br>", "<wbr>", "<!-- -->", "&#92;", "&lt;", "<code>", "</code>", "<pre>", "</pre>"),
    *("<kbd>", "</kbd>", "<p>", "</p>", '<img src="" alt="\\(x\\)">'),
)


def test_formulas_are_found_where_mathjax_finds_them(reviewer: Screen) -> None:
    chance = random.Random(1)  # noqa: S311  nothing secret
    texts = ["".join(chance.choices(PIECES, k=chance.randint(1, 14))) for _ in range(3_000)]
    for text, found in zip(texts, empty(reviewer).evaluate(STRINGS, texts), strict=True):
        ours = [formula.tex for formula in tex.Formulas(text) if formula.tex is not None]
        assert ours == found, text


def test_formulas_in_html_are_found_where_mathjax_finds_them(reviewer: Screen) -> None:
    chance = random.Random(2)  # noqa: S311  nothing secret
    page = empty(reviewer)
    written = ["".join(chance.choices(HTML, k=chance.randint(1, 14))) for _ in range(3_000)]
    # Well-formed, as rendering writes it.
    sides = page.evaluate(
        "(all) => all.map((html) => { const at = document.createElement('div'); at.innerHTML = html;"
        " return at.innerHTML; })",
        written,
    )
    for side, found in zip(sides, page.evaluate(FOUND, sides), strict=True):
        assert [formula.tex for formula in typeset.find(side) if formula.tex is not None] == found, side


def test_the_addon_leaves_no_formula_that_is_not_safe(reviewer: Screen) -> None:
    chance = random.Random(3)  # noqa: S311  nothing secret
    dropped = ("<table>", "</table>", "<td>", "</td>", "<tr>", "<select>", "</select>", "<style>", "</style>")
    more = (
        *HTML,
        *dropped,
        "%",
        HREF,
        HREF,
        "&bsol;",
        "&#x5c",
        "&lpar;",
        "<xmp>",
        "</xmp>",
        "{{c1::",
        "}}",
        "::",
        r"\(x\)",
    )
    fields = ["".join(chance.choices(more, k=chance.randint(1, 20))) for _ in range(8_000)]
    safe = [addon_formulas.safe(field)[0] for field in fields]
    assert sum(before != after for before, after in zip(fields, safe, strict=True)) > 400
    for field, found in zip(safe, empty(reviewer).evaluate(FOUND, safe), strict=True):
        assert not [formula for formula in found if tex.find_faults(formula)], field


def test_the_deepest_formulas_are_set(reviewer: Screen) -> None:
    page = empty(reviewer)
    for opening, closing in (
        (r"\xrightarrow{", "}"),
        (r"\pmb{", "}"),
        (r"\centernot{", "}"),
        (r"\overbracket{", "}"),
        (r"\sqrt{", "}"),
        (r"\left(", r"\right)"),
        (r"\begin{matrix} a & ", r"\end{matrix}"),
    ):
        deepest = max(
            (f"{opening * deep}x{closing * deep}" for deep in range(1, 41)),
            key=lambda one: len(one) if not tex.find_faults(one) else 0,
        )
        assert page.evaluate(SET, deepest)["set"] == 1, deepest
