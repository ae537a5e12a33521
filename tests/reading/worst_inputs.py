"""For each reader and writer, the texts that cost it most, by their length: of each kind one row.

A row was put here because something in its reader looked to the end of the text from each of its marks, had
two repetitions side by side, copied the rest of a text at each step, or compared all with all.
"""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from verideck import project as projects
from verideck.cards import Checked, Identity, Kind, Verdict
from verideck.importing import composing, deciding, flow, gathering, naming
from verideck.packaging import lock
from verideck.reading import formats, markdown, pages
from verideck.reading.formats import gift_writing
from verideck.reading.items import Item, Page
from verideck.rendering import alternatives, notes
from verideck.verifying import evidence, syntax, values
from verideck.verifying.recognising import recognise
from verideck.verifying.snippets import grammar

PROJECT = projects.unnamed("deck")
IDENTITY = Identity(guid="guid", card_id="card", note_id=1, due=1, mod=1)
HEAD = "---\ndeck: D\n---\n\n"


@dataclass(frozen=True, slots=True)
class Row:
    """A reader, and a text of about so many characters that is hard for it.

    `size` is where a reader that takes the square of the length would take minutes, and ours takes a second.
    """

    read: Callable[[str], object]
    make: Callable[[int], str]
    size: int = 100_000


def repeated(before: str, unit: str, after: str = "") -> Callable[[int], str]:
    """Make texts in which one thing comes again and again."""
    return lambda size: before + unit * (size // len(unit)) + after


def nested(before: str, opening: str, closing: str, after: str = "") -> Callable[[int], str]:
    """Make texts of things inside each other."""

    def make(size: int) -> str:
        depth = size // (len(opening) + len(closing))
        return before + opening * depth + closing * depth + after

    return make


def numbered(before: str, unit: str, after: str = "") -> Callable[[int], str]:
    """Make texts of things that differ in a number, `#` in the unit."""
    return lambda size: before + "".join(unit.replace("#", str(n)) for n in range(size // len(unit))) + after


def source(text: str) -> None:
    """Read a source, render its cards, and write them for another program."""
    for card in markdown.read(text, "a.md").cards:
        notes.render(Checked(card, Verdict.UNCHECKED), IDENTITY, PROJECT, {})
        gift_writing.write((card,), PROJECT)


def file(name: str) -> Callable[[str], None]:
    """Give a reader that takes a file of this name, and imports what it holds."""

    def read(text: str) -> None:
        data = text.encode()
        imported(formats.read(data, name) or pages.read(data, name), name)

    return read


def imported(page: Page, name: str) -> None:
    """Propose checks, decide, and write the source."""
    proposals: list[tuple[()]] = []
    for item in page.items:
        recognise(item, page)
        proposals.append(())
    found = gathering.Found(Path("/deck") / name, Path("/deck"))
    whole = flow._imported(found, page, deciding.decide(page.items, proposals), [])
    if whole.entries:
        composing.compose([whole], ["2025-01-01"])


def package(flds: str) -> None:
    """Read a package with one note."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(
            "CREATE TABLE col (models, decks); CREATE TABLE cards (nid, ord, did, odid, queue);"
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, tags, flds);"
        )
        made.execute("INSERT INTO notes VALUES (1, 'g', 1, '', ?)", (flds,))
        made.commit()
        collection = made.serialize()
    into = BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("collection.anki2", collection)
    imported(formats.read(into.getvalue(), "a.apkg") or pages.read(b"", "a"), "a.apkg")


def asked(text: str) -> None:
    """Recognize what a question, or what explains it, says."""
    recognise(Item("page", 1, Kind.RECALL, text[:3_900]))
    recognise(Item("page", 1, Kind.RECALL, "What is 1 + 1?", explanation=text[:9_000], explanation_line=2))


SOURCES: dict[str, Callable[[int], str]] = {
    "quotes inside each other": repeated(f"{HEAD}## Q\n\n", ">"),
    "quotes and spaces": repeated(f"{HEAD}## Q\n\n", "> "),
    "quotes behind a tab": repeated(f"{HEAD}## Q\n\n", ">", ">\t"),
    "lists inside each other": repeated(f"{HEAD}## Q\n\n", "* ", "a"),
    "clozes that open": repeated(f"{HEAD}## Q\n\n", "{{c1::"),
    "clozes inside each other": nested(f"{HEAD}## Q\n\n", "{{c1::", "}}"),
    "a cloze and spaces": repeated(f"{HEAD}## Q\n\n{{{{c", " ", "x"),
    "a cloze and figures": repeated(f"{HEAD}## Q\n\n{{{{c", "1", "x"),
    "brackets": repeated(f"{HEAD}## Q\n\n", "["),
    "links that open": repeated(f"{HEAD}## Q\n\n", "[a]("),
    "images that open": repeated(f"{HEAD}## Q\n\n", "![a]("),
    "backticks": repeated(f"{HEAD}## Q\n\n", "` "),
    "dollars": repeated(f"{HEAD}## Q\n\n", "$a "),
    "emphasis": repeated(f"{HEAD}## Q\n\n", "*a _b "),
    "emphasis inside itself": nested(f"{HEAD}## Q\n\n", "**a ", " b**"),
    "tags that open": repeated(f"{HEAD}## Q\n\n", "<b "),
    "tags inside each other": nested(f"{HEAD}## Q\n\na ", "<b>", "</b>"),
    "guillemets": repeated(f"{HEAD}## Q\n\n", "«a"),
    "entities": repeated(f"{HEAD}## Q\n\n", "&#"),
    "backslashes": repeated(f"{HEAD}## Q\n\n", "\\"),
    "cells": repeated(f"{HEAD}## Q\n\n| a |\n|---|\n", "|"),
    "dashes": repeated(f"{HEAD}## Q\n\na\n", "-", "x"),
    "spaces": repeated(f"{HEAD}## Q\n\na", " ", "x"),
    "hashes": repeated(f"{HEAD}## Q", " #", " x"),
    "one line": repeated(f"{HEAD}## Q\n\n", "a"),
    "short lines": repeated(f"{HEAD}## Q\n\n", "a\n"),
    "cards": numbered(HEAD, "## Q#\n\na\n\n"),
    "equal cards": repeated(HEAD, "## Q\n\na\n\n"),
    "options": numbered(f"{HEAD}## Q\n\n- [x] a\n", "- [ ] b#\n"),
    "fences": repeated(f"{HEAD}## Q\n\n", "```\na\n```\n"),
    "fences that open": repeated(f"{HEAD}## Q\n\n```\n", "~~~math\n", "```\n"),
    "a directive of tags": numbered(f"{HEAD}## Q\n<!-- card:", " .t#", " -->\n\na\n"),
    "a comment of dashes": repeated(f"{HEAD}## Q\n<!--", "-"),
    "remarks": repeated(f"{HEAD}## Q\n", "<!-- import: a -->\n"),
    "heatmaps": numbered(f"{HEAD}## Q\n\n", "```python heatmap h#\nweights = [[1]]\n```\n"),
    "placed heatmaps": repeated(f"{HEAD}## Q\n\n", "![a](heatmap:b) "),
    "tags in the front matter": numbered("---\ndeck: D\ntags: [a", ", t#", "]\n---\n\n## Q\n\na\n"),
}
FIELDS: dict[str, Callable[[int], str]] = {
    "colons": repeated("", "a:"),
    "colons and a guillemet": repeated("", "a:", "»"),
    "guillemets and colons": repeated("", "«a:"),
    "bold inside each other": nested("", "<b>", "</b>"),
    "bold that opens": repeated("", "<b>"),
    "spaces in elements": repeated("", "<i> </i>"),
    "breaks": repeated("a", "<br>", "b"),
    "marks round many lines": repeated("<u><b>" * 25, "a<br>"),
    "comments that open": repeated("", "<!--"),
    "tags that open": repeated("", "<a "),
    "one long tag": repeated("<", "a"),
    "formulas that open": repeated("", "\\("),
    "formulas that open and one end": repeated("", "\\(", "\\)"),
    "formulas that open and one bad end": repeated("", "\\(", "$\\)"),
    "formulas": repeated("", "\\(a\\) "),
    "a formula and spaces": repeated("\\({{", "\u2003", "\\)"),
    "sounds that open": repeated("", "[sound:"),
    "dashes": repeated("a<br>", "-", "x"),
    "braces and spaces": repeated("{{", "\u2003", "x"),
    "cells": repeated("<table><tr>", "<td>a"),
    "lists": repeated("<ul>", "<li>a"),
    "images": numbered("", '<img src="a#.png">'),
    "references": repeated("", "&#"),
    "ampersands": repeated("", "&a"),
    "brackets": repeated("", "[a]("),
}
GIFT: dict[str, Callable[[int], str]] = {
    "ids that open": repeated("// ", "[id:a", "\n\nQ{=a}"),
    "tags and a backslash": repeated("// ", "[tag:", "\\\n\nQ{=a}"),
    "names that open": repeated("", "::a"),
    "answers": numbered("Q{=a", " ~b#"),
    "braces": repeated("Q", "{"),
    "feedback": repeated("Q{=a", "#", " ~b}"),
    "percents": repeated("Q{=a ~", "%50%", "b}"),
    "questions": numbered("", "Q#{=a ~b}\n\n"),
    "equal questions": repeated("", "Q{=a ~b}\n\n"),
    "escapes": repeated("Q", "\\:", "{=a ~b}"),
}
AIKEN: dict[str, Callable[[int], str]] = {
    "a key and spaces": repeated("Q\nA. a\nB. b\nANSWER:", " ", "!"),
    "options": numbered("Q\n", "A. a#\n"),
    "questions": repeated("", "Q\nA. a\nB. b\nANSWER: A\n"),
    "spaces": repeated("Q\n", " ", "x"),
}
QUIZ: dict[str, Callable[[int], str]] = {
    "code that would run": repeated("1. Q\n```", "{", "\n*a) b\nb) c\n"),
    "numbers": repeated("1. Q\n= [1,", " a", "]\n"),
    "questions": repeated("", "1. Q\n*a) b\nb) c\n"),
    "options": numbered("1. Q\n*a) a\n", "b) b#\n... c\n"),
    "blank lines": repeated("1. Q\n*a) b\n", "\n", "b) c"),
}
TEXTS: dict[str, Callable[[int], str]] = {
    "records": numbered("Front,Back\n", "q#,a\n"),
    "equal records": repeated("Front,Back\n", "q,a\n"),
    "columns": repeated("Front,Back\nq,a", ","),
    "quotes": repeated("Front,Back\nq,", '""'),
    "a quote that opens": repeated('Front,Back\nq,"', "a\n"),
    "tags": repeated("#tags column:3\n#separator:comma\nq,a,", "t "),
    "listed options": numbered('Question,Options,Answer\nq,"a', "\nb#", '",a\n'),
    "names with figures": repeated("#separator:comma\n#columns:Front,Back", "1", "x\nq,a\n"),
}
PAGES: dict[str, Callable[[int], str]] = {
    "blank lines": repeated("Challenge - 5 problems\n", "\n", "a"),
    "one line": repeated("Recall & Review\n", "a "),
    "options": numbered("Challenge - 5 problems\n1\nConceptual\nBeginner\nQ?\n", "A) a#\n"),
    "comments of HTML": repeated("<!--", "--><!--", "x"),
    "elements": repeated("<html><body>", "<p>a"),
    "elements inside each other": nested("<html><body>", "<div>", "</div>"),
    "headings": repeated("Model Pipeline: a\n", "data flow \n"),
    "joined code": repeated("Challenge - 5 problems\nQ?\nPython\n", "x=1 "),
}
CODE: dict[str, Callable[[int], str]] = {
    "brackets": repeated("a = ", "("),
    "signs": repeated("a = ", "-", "1"),
    "names": repeated("a = 1", " + a"),
    "lines": repeated("", "a = 1\n"),
    "constructs outside": repeated("", "lambda: 1\n"),
    "texts": repeated("a = ", '"" '),
}
ASKED: dict[str, Callable[[int], str]] = {
    "tensors": repeated("What is softmax of [1, 2] ", "tensor ", "[1]?"),
    "temperature": repeated("With a temperature", " ", "what is softmax([1, 2])?"),
    "figures": repeated("How many parameters? ", "1,111,111 "),
    "powers": repeated("y = a", "**a"),
    "how": repeated("", "how is "),
}
VALUES: dict[str, Callable[[int], str]] = {
    "spaces": repeated("1", " ", "x"),
    "equals": repeated("1", " = 1"),
    "brackets": repeated("", "["),
    "elements": repeated("[1", ", 1", "]"),
    "arguments": repeated("tensor([1]", " ", "x)"),
    "times ten": repeated("1", " ", "× 10^2"),
}


# Of these each unit is a card, or a part of one, which takes a millisecond: calls tell what is not linear.
MANY = frozenset(
    (
        "cards",
        "equal cards",
        "options",
        "fences",
        "heatmaps",
        "placed heatmaps",
        "records",
        "equal records",
        "questions",
        "equal questions",
        "listed options",
        "a directive of tags",
        "tags",
        "answers",
    )
)


def _size(name: str, most: int = 100_000) -> int:
    return 10_000 if name in MANY else most


def _rows() -> Iterator[tuple[str, Row]]:
    for name, make in SOURCES.items():
        yield f"source: {name}", Row(source, make, _size(name))
    for name, make in FIELDS.items():
        yield f"field: {name}", Row(file("a.tsv"), before(make, "#separator:tab\n#html:true\nQ\t"))
        yield f"package: {name}", Row(package, before(make, "Q\x1f"), 60_000)
    for suffix, texts in (("gift", GIFT), ("aiken", AIKEN), ("csv", TEXTS)):
        for name, make in texts.items():
            yield f"{suffix}: {name}", Row(file(f"a.{suffix}"), make, _size(name))
    for name, make in QUIZ.items():
        yield f"text2qti: {name}", Row(quiz, make, _size(name))
    for name, make in PAGES.items():
        yield f"page: {name}", Row(file("a.txt"), make, _size(name, 60_000))
    for name, make in CODE.items():
        yield f"check: {name}", Row(syntax.parse.__wrapped__, make, 19_000)
        yield f"program: {name}", Row(grammar.parse, make, 19_000)
    for name, make in ASKED.items():
        yield f"question: {name}", Row(asked, make, 10_000)
    for name, make in VALUES.items():
        yield f"value: {name}", Row(values.parse, make, 190_000)
    yield from OTHERS.items()


def before(make: Callable[[int], str], text: str) -> Callable[[int], str]:
    """Put a text in front of others."""
    return lambda size: text + make(size)


def quiz(text: str) -> None:
    """Read text2qti's Markdown, which no ending of a file's name tells."""
    from verideck.reading.formats import text2qti

    imported(text2qti.read(text.encode(), "a.txt"), "a.txt")


def identities(text: str) -> None:
    """Mint ids for equal questions."""
    taken: set[str] = set()
    for question in text.split("\n"):
        taken.add(naming.identity(question, taken))


def read_lock(text: str) -> None:
    """Read a lock."""
    lock.load(text, "deck.lock", "x", 1)


def read_evidence(text: str) -> None:
    """Read evidence."""
    evidence.load(text, "evidence.json")


def read_project(text: str) -> None:
    """Read what a deck says of itself."""
    projects.load(text, "deck.toml")


OTHERS: dict[str, Row] = {
    "package: clozes inside each other": Row(package, nested("", "{{c1::", "}}", "\x1fx"), 160_000),
    "alternative text: figures": Row(alternatives.fault, repeated("1 .", "1", "x")),
    "alternative text: points": Row(alternatives.fault, repeated("", "1.", "x")),
    "lock: lines": Row(read_lock, repeated("", '{"guid":"a"}\n'), 60_000),
    "lock: a deep line": Row(read_lock, repeated("", "[")),
    "evidence: lines": Row(read_evidence, repeated("[\n", '{"key":"a"},\n')),
    "evidence: braces": Row(read_evidence, repeated("", "{\n"), 60_000),
    "deck.toml: tables": Row(read_project, numbered("", "[works.a#]\n"), 15_000),
    "identities": Row(identities, repeated("", "What is it?\n")),
}
ROWS: dict[str, Row] = dict(_rows())
