"""Structure stands at column 0: where the reader reports no error, comrak sees the same blocks."""

from __future__ import annotations

import random
import re
from html.parser import HTMLParser
from pathlib import Path

import comrak
import pytest

from verideck.problems import has_errors
from verideck.reading import front_matter, markdown, near, scanner
from verideck.reading.blocks import Box, Fenced, Heading, Separator
from verideck.reading.passages import Line

Seen = list[tuple[object, ...]]
VOID = frozenset({"input", "img", "br", "hr"})  # elements without an end

FIXTURE = Path(__file__).parent / "fixtures" / "cards.txt"
FRONT_MATTER = "---\ndeck: D\n---\n\n"

# What a slip of the finger, or an attacker, puts into a source.
FRAGMENTS = (
    *("", " ", "  ", "    ", "\t", "\\", "`", "```", "~~~", "````", "~~~~", "```python check", "``` a`b"),
    *("---", "===", "-", "--", "=", "- - -", "___", "***", "+++", "\\---", "&nbsp;", "\u00a0", "\u3000"),
    *(
        "- [x] a",
        "- [ ] b",
        "* [x] c",
        "-\t[x] d",
        "- [x]\te",
        "-  [x] f",
        "> - [x] g",
        "- - [x] h",
        "1. [x] i",
    ),
    *("## H", "# T", "#t", "##\tt", "## a ##", "###### x", "####### y", "\\## z", " # u"),
    *("> [!TIP]", "> [!NOTE]", ">", "> q", ">> r", ">\tq", "> ```", "> ## v"),
    *("- item", "* item", "+ item", "1. one", "2) two", "  - z", "   - w", "1. z\n   w", "- a\n\n  b"),
    *("<div>", "</p>", "<?", "<!X", "<!--", "-->", "<!-- x -->", "<b>", "<kbd>x</kbd>", "<script>", "<br>"),
    *("<img src='a.png' alt='x'>", "<img src='a.png' alt='x'> t", "<https://example.org>", "<a@b.c>"),
    *("| a | b |", "|---|---|", "|-", ":--", "a | b\n--- | ---\nc | d", "[a]: b", "[^1]: f", "[x](y)"),
    *("$a$", "$$", "{{c1::", "}}", "text", "  reason", "    code", "`a\nb`", "**a\nb**", "a  ", "a\\"),
    *("```\ncode\n```", "~~~ x\n`\n~~~", "- [x] a\n  b", "- [ ] c\n\n  why", "\n", "\n\n"),
)


def rendering_options() -> tuple[comrak.ExtensionOptions, comrak.RenderOptions]:
    """Turn on what cards are rendered with, and the places of blocks."""
    extensions = comrak.ExtensionOptions()
    for name in ("alerts", "autolink", "math_dollars", "strikethrough", "table", "tasklist"):
        setattr(extensions, name, True)
    rendering = comrak.RenderOptions()
    rendering.sourcepos = True
    rendering.full_info_string = True
    return extensions, rendering


EXTENSIONS, RENDERING = rendering_options()


class Outline(HTMLParser):
    """Collects headings, rules, code blocks and tick boxes from comrak's HTML, each with its line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: Seen = []
        self._open: list[str] = []
        self._line = 0  # of the top-level block that is open
        self._item = 0  # of the last list item
        self._code = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        place = dict(attributes).get("data-sourcepos")
        line = int(place.split(":")[0]) if place else 0
        if not self._open:
            self._line, self._code = line, ""
            if tag in {"h1", "h2"}:
                self.seen.append((tag, line))
            elif tag == "hr":
                self.seen.append(("rule", line))
        if tag == "li":
            self._item = line
        if tag == "input":
            nested = self._open.count("li") != 1 or self._open[0] not in {"ul", "ol"}
            self.seen.append(("nested box" if nested else "box", self._item, ("checked", "") in attributes))
        if tag not in VOID:
            self._open.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open == ["pre", "code"]:
            self._code += data

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self._open and self._open.pop() != tag:
            pass
        if not self._open and tag == "pre":
            self.seen.append(("fence", self._line, self._code))


def seen_by_comrak(lines: list[str]) -> Seen:
    """Give comrak's outline, without decorative rules and indented code."""
    outline = Outline()
    outline.feed(comrak.render_markdown("\n".join(lines), EXTENSIONS, None, RENDERING))
    outline.close()

    def counts(entry: tuple[object, ...]) -> bool:
        line = lines[int(str(entry[1])) - 1]
        if entry[0] == "rule":
            return line.startswith("-")
        return entry[0] != "fence" or line.startswith(("```", "~~~"))

    return [entry for entry in outline.seen if counts(entry)]


def seen_by_the_reader(lines: list[str], above: int) -> Seen:
    numbered = [Line(line, number) for number, line in enumerate(lines, start=1)]
    seen: Seen = []
    for block in scanner.scan(numbered[above:], "p")[0]:
        line = block.first.number
        match block:
            case Heading(level=1 | 2):
                seen.append((f"h{block.level}", line))
            case Separator():
                seen.append(("rule", line))
            case Fenced():
                seen.append(("fence", line, "".join(f"{one.text}\n" for one in block.code)))
            case Box():
                seen.append(("box", line, block.ticked))
    return seen


def disagreement(source: str) -> str | None:
    """Say how the two see a source differently: empty where they agree, None where the reader refuses it."""
    if has_errors(markdown.read(source, "p").problems):
        return None
    lines = source.split("\n")
    above = front_matter.read([Line(line, number) for number, line in enumerate(lines, start=1)], "p")[1]
    comraks = seen_by_comrak(["" for _ in lines[:above]] + lines[above:])
    ours = seen_by_the_reader(lines, above)
    return "" if comraks == ours else f"comrak {comraks}\nreader {ours}\n{source}"


def documents() -> list[str]:
    """Give small sources that use every feature: two cards of a fixture at a time."""
    text = FIXTURE.read_text(encoding="utf-8")
    source = text.split("\n.\n", 2)[1]
    cards = re.split(r"(?m)^(?=## )", source)
    return [cards[0] + "".join(cards[at : at + 2]) for at in range(1, len(cards))]


def mutated(chance: random.Random, source: str) -> str:
    lines = source.split("\n")
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        column = chance.randrange(len(lines[at]) + 1)
        match chance.randrange(8):
            case 0:
                lines.insert(at, chance.choice(FRAGMENTS))
            case 1:
                lines[at] = chance.choice(FRAGMENTS)
            case 2:
                lines[at : at + 1] = []
                lines = lines or [""]
            case 3:
                lines[at] = " " * chance.randrange(1, 6) + lines[at]
            case 4:
                lines[at], lines[other] = lines[other], lines[at]
            case 5:
                lines[at] = lines[at][:column] + chance.choice(FRAGMENTS) + lines[at][column:]
            case 6:
                lines[at] = lines[at][:column] + lines[at][column + 1 :]
            case _:
                lines.insert(at, lines[other])
    return "\n".join(lines)


def assembled(chance: random.Random) -> str:
    """Make a source of fragments alone."""
    head = FRONT_MATTER + "## Q\n" + chance.choice(("", "\n"))
    body = "\n".join(chance.choice(FRAGMENTS) for _ in range(chance.randrange(1, 7)))
    return (
        head
        + body
        + chance.choice(("", "\n\n## Next\n\nanswer", "\n## Next\n\nanswer", "\n\n---\n\nx", "\n---\n"))
    )


def hostile_sources(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    originals = documents()
    return [
        mutated(chance, chance.choice(originals)) if chance.random() < 0.6 else assembled(chance)
        for _ in range(count)
    ]


@pytest.mark.parametrize("source", documents())
def test_good_sources_are_seen_alike(source: str) -> None:
    lines = source.split("\n")
    above = lines.index("---", 1) + 1
    blanked = ["" for _ in lines[:above]] + lines[above:]
    assert seen_by_comrak(blanked) == seen_by_the_reader(lines, above)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mutated_sources_are_seen_alike_or_refused(seed: int) -> None:
    found = [disagreement(source) for source in hostile_sources(seed, 1000)]
    assert found.count("") > 150  # else the comparison says nothing
    assert [one for one in found if one] == []


def test_the_comparison_sees_what_near_misses_would_hide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "misses", lambda *_: iter(()))
    assert sum(bool(disagreement(source)) for source in hostile_sources(1, 600)) > 20
