"""The whole import on pages that nobody has seen: cut, joined, shuffled, doubled, noisy, odd, huge.

Each goes from bytes to the Markdown that is written and read again. Nothing is computed: every check comes
back as one that could not be evaluated, which leaves all that the readers and the carding do.
"""

from __future__ import annotations

import random
import sys
import types
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verideck.cards import Verdict
from verideck.importing import direct, flow, gathering, telling
from verideck.importing.composing import compose
from verideck.importing.margin import explained
from verideck.problems import Severity
from verideck.reading import markdown, pages
from verideck.reading.items import Fate
from verideck.verifying.budgets import Fault
from verideck.verifying.records import Outcome

if TYPE_CHECKING:
    from verideck.verifying.run import Compute
    from verideck.verifying.worker import Job

TESTS = Path(__file__).parents[1]
SEEDS = TESTS.parents[1] / "shared" / "seeds"
FIXTURES = TESTS / "reading" / "pages" / "fixtures"
FAMILIES = ("challenge", "recall", "explained", "pipeline", "graded")
ODD = (
    "\x00", "\x0c", "\u00a0", "\u200b", "\u202e", "\ufeff", "\ufffd", "\U0001f9e0", "e\u0301", "\u2028",
    "$", "$$", "\\", "`", "```", "<!--", "-->", "<!-- card: #x -->", "---", "# ", "## ", "{{c1::", "}}",
    "- [x] ", "![](a.png)", "|", "::", "&amp;", "<b>", "</pre>", "[!TIP]", "> ", "1 / 1 point", "A", "B)",
    "(", "[", "\"", "'''", "#", "\t", "0", "9" * 400, "1e999", "-", "%", "x" * 3000,
)  # fmt: skip


def saved() -> list[Path]:
    """List the pages that are bent: our fixtures, and the seeds where they are."""
    named = [page for family in FAMILIES for page in sorted((FIXTURES / family).iterdir())]
    seeds = sorted(path for path in SEEDS.rglob("*") if path.is_file()) if SEEDS.is_dir() else []
    return [page for page in named if page.suffix != ".expected"] + seeds


@cache
def texts() -> tuple[str, ...]:
    return tuple(
        path.read_bytes().decode("utf-16" if path.read_bytes()[:2] == b"\xff\xfe" else "utf-8", "replace")
        for path in saved()
    )


Bend = Callable[[random.Random, list[str]], None]


def place(rng: random.Random, lines: Sequence[str]) -> int:
    return rng.randrange(len(lines)) if lines else 0


def cut(rng: random.Random, lines: list[str]) -> None:
    at = place(rng, lines)
    del lines[at : at + rng.choice([1, 1, 2, 5, 40])]


def cut_short(rng: random.Random, lines: list[str]) -> None:
    at = place(rng, lines)
    lines[at:] = [lines[at][: rng.randrange(len(lines[at]) + 1)]] if lines else []


def join(rng: random.Random, lines: list[str]) -> None:
    at = place(rng, lines)
    end = at + rng.choice([2, 2, 3, 8])
    lines[at:end] = [rng.choice(["", " ", "\t"]).join(lines[at:end])]


def split(rng: random.Random, lines: list[str]) -> None:
    if lines:
        at = place(rng, lines)
        middle = rng.randrange(len(lines[at]) + 1)
        lines[at : at + 1] = [lines[at][:middle], lines[at][middle:]]


def shuffle(rng: random.Random, lines: list[str]) -> None:
    at = place(rng, lines)
    some = lines[at : at + rng.choice([2, 4, 12, 400])]
    rng.shuffle(some)
    lines[at : at + len(some)] = some


def double(rng: random.Random, lines: list[str]) -> None:
    at = place(rng, lines)
    lines[at:at] = lines[at : at + rng.choice([1, 1, 3, 10, 200])]


def noise(rng: random.Random, lines: list[str]) -> None:
    other = rng.choice(texts()).splitlines() or [""]
    at, start = place(rng, lines), rng.randrange(len(other))
    lines[at:at] = other[start : start + rng.choice([1, 3, 12, 60])]


def odd(rng: random.Random, lines: list[str]) -> None:
    if lines:
        at = place(rng, lines)
        middle = rng.choice([0, len(lines[at]), rng.randrange(len(lines[at]) + 1)])
        lines[at] = lines[at][:middle] + rng.choice(ODD) + lines[at][middle:]


def renumber(rng: random.Random, lines: list[str]) -> None:
    at = place(rng, lines)
    lines[at : at + 1] = [
        "".join(rng.choice("0123456789.,-") if c.isdigit() and rng.random() < 0.5 else c for c in line)
        for line in lines[at : at + 1]
    ]


BENDS: tuple[Bend, ...] = (cut, cut_short, join, split, shuffle, double, noise, odd, renumber)


def bent(rng: random.Random) -> bytes:
    """Bend a page in one to twelve ways, and encode it as some program would."""
    lines = rng.choice(texts()).splitlines()
    for _ in range(rng.choice([1, 1, 2, 3, 6, 12])):
        rng.choice(BENDS)(rng, lines)
    text = rng.choice(["\n", "\n", "\n", "\r\n", "\r"]).join(lines)
    encoding = rng.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"])
    data = text.encode(encoding, "replace")
    return data[: rng.randrange(len(data) + 1)] if rng.random() < 0.1 else data


def uncomputed(jobs: Sequence[Job], _: Callable[[int, int], None]) -> list[Outcome]:
    return [Outcome(faults=(Fault(1, 1, "not computed"),)) for _ in jobs]


def imported(data: bytes, path: Path, compute: Compute = uncomputed) -> flow.ImportedPage:
    path.write_bytes(data)
    (page,) = flow.import_pages([gathering.Found(path, path)], compute=compute).pages
    return page


def faults(page: flow.ImportedPage) -> list[str]:
    """Say what is wrong with an import; nothing ever is."""
    said = []
    lines, fates = page.page.lines, page.page.fates
    if len(lines) != len(fates) or telling.fates(page)["unaccounted"] or Fate.UNACCOUNTED in fates:
        said.append(f"{len(lines)} lines have {len(fates)} fates: {telling.fates(page)}")
    if not set(page.owners.values()) <= set(range(len(page.entries))):
        said.append("a line belongs to a card that is not there")
    data = page.found.path.read_bytes()
    last = max(data.count(b"\n") + data.count(b"\r") + 1, len(lines))
    numbers = range(last + 1)  # HTML shows some of the file's lines
    said += [f"no such line: {one}" for one in page.problems if one.line not in numbers]
    said += [f"not said: {one}" for one in page.problems if not one.message.strip() or "\n" in one.message]
    if not page.entries and not page.problems:
        said.append("a page without cards of which nothing is said")
    said += [f"the line of {e.item.question!r}" for e in page.entries if e.item.line not in numbers]
    explained(page, lambda text, **_: text, 80)
    telling.as_json([page], lines=True).encode("utf-8")
    return said + (written_faults(page) if page.entries else [])


def written_faults(page: flow.ImportedPage) -> list[str]:
    """Say where the Markdown is not what was meant: read again, imported again, built directly."""
    text = compose([page], ["2025-01-01"]).text
    if len(text) > 20_000 + 40 * sum(len(line.text) + 20 for line in page.page.lines):
        return [f"{len(text)} characters are written"]
    reading = markdown.read(text, "page.md")
    said = [f"the Markdown: {one}" for one in reading.problems if one.severity is Severity.ERROR]
    if len(reading.cards) != len(page.entries):
        return [*said, f"{len(page.entries)} cards were written, {len(reading.cards)} read"]
    for card, entry in zip(reading.cards, page.entries, strict=True):
        meant = flow.card_of(page, entry)
        if (card.kind, card.lost, len(card.options), len(card.checks), card.runs != ()) != (
            meant.kind, meant.lost, len(meant.options), len(meant.checks), meant.runs != (),
        ):  # fmt: skip
            said.append(f"written {meant}, read {card}")
        if not card.lost and entry.decision.verdict is Verdict.SOURCE_LOST:
            said.append(f"lost, and not said on the card: {card}")
    again = compose([page], ["2025-01-01"], text)
    if again.text != text or again.unchanged != len(page.entries):
        said.append(f"imported again, it changes: {again.added} new, {again.renewed} renewed")
    list(direct._told_apart(direct._cards(page)))
    return said


@pytest.mark.parametrize("seed", range(12))
def test_a_page_bent_in_any_way_is_imported_whole(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311
    for _ in range(8):
        data = bent(rng)
        assert faults(imported(data, tmp_path / "page.txt")) == [], data


def test_every_page_as_it_is_gives_markdown_that_reads_without_an_error(tmp_path: Path) -> None:
    for path in saved():
        page = imported(path.read_bytes(), tmp_path / path.name)
        assert page.entries, path
        assert faults(page) == [], path


@pytest.mark.parametrize("family", FAMILIES)
def test_work_grows_with_the_page_and_no_faster(family: str, tmp_path: Path) -> None:
    """Count the functions called: eight pages in one cost about eight times one."""
    text = next(path for path in saved() if path.parent.name == family and path.suffix == ".txt").read_bytes()
    text = text.decode("utf-16" if text[:2] == b"\xff\xfe" else "utf-8").encode() + b"\n"
    path = tmp_path / "page.txt"
    once, often = calls(text, path), calls(text * 8, path)
    assert often < 12 * once


def calls(data: bytes, path: Path) -> int:
    imported(data, path)  # what is cached or imported once is not counted
    count = 0

    def counted(_: types.FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        page = imported(data, path)
        compose([page], ["2025-01-01"])
    finally:
        sys.setprofile(before)
    return count


def test_a_page_of_ten_megabytes_is_refused(tmp_path: Path) -> None:
    for text in (texts()[0], texts()[len(texts()) // 2], "A" * 70, "(" * 70):
        long = (text + "\n") * (10_000_000 // len(text))
        page = imported(long.encode()[:10_000_000], tmp_path / "page.txt")
        assert (page.entries, [one.severity for one in page.problems]) == ((), [Severity.ERROR])
        assert telling.fates(page)["unaccounted"] == 0


@pytest.mark.parametrize("number", range(0, len(texts()), 6))
def test_a_page_as_long_as_pages_may_be_is_read(number: int) -> None:
    text = texts()[number].replace("\r\n", "\n") + "\n"
    most = min(9_999 // (text.count("\n") + 1), 999_999 // len(text))
    most = most // 3 if "<html" in text else most  # which shows more lines than it has
    page = pages.read((text * most).encode(), "page.txt")
    assert len(page.items) >= most
    assert Fate.UNACCOUNTED not in page.fates
