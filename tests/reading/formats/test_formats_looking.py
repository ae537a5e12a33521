"""Which format a file is of: by its suffix, by its content; and that saved pages and sources are of none."""

from __future__ import annotations

from pathlib import Path

import pytest

from verideck.reading import formats

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FIXTURES = {
    "frogs.gift": "gift",
    "grass.aiken": "aiken",
    "sums.md": "text2qti",
    "notes.txt": "anki text",
}
PAGES = sorted((HERE.parent / "pages" / "fixtures").glob("*/*.txt"))
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
SOURCES = sorted(path for path in (ROOT / "sources").glob("*.md"))


@pytest.mark.parametrize("name", FIXTURES)
def test_content_tells(name: str) -> None:
    data = (HERE / "fixtures" / name).read_bytes()
    for encoded in (
        data,
        b"\xef\xbb\xbf" + data,
        data.replace(b"\n", b"\r\n"),
        data.decode().encode("utf-16"),
    ):
        found = formats.find(encoded, "saved")
        assert found is not None
        assert found.name == FIXTURES[name]


@pytest.mark.parametrize("path", [*PAGES, *SEEDS, *SOURCES], ids=lambda path: path.name)
def test_saved_pages_and_sources_are_of_none(path: Path) -> None:
    assert formats.find(path.read_bytes(), path.name) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A sentence with {braces} and ~tildes~ in it.",
        "for (i = 0; i < 3; i++) { x = ~y; }",
        "1. What is 2 + 3?\na) 4\nb) 5\n",
        "What is it?\nA. this\nB. that\nThe answer: A\n",
        "# A heading\n\n#separator of parts\n",
        "PK\x03\x04 is how an archive begins",
        "---\ntitle: notes\n---\n\n1. What is it?\n*a) this\nb) that\n",
        "::: note\n{a: 1}\n:::\n",
    ],
)
def test_other_texts_are_of_none(text: str) -> None:
    assert formats.find(text.encode(), "a.txt") is None
    assert formats.read(text.encode(), "a.txt") is None


def test_a_suffix_decides() -> None:
    assert [
        form.name for form in (formats.find(b"", f"a{suffix}") for suffix in formats.SUFFIXES) if form
    ] == [name for form in formats.FORMATS for name in [form.name] * len(form.suffixes)]
    found = formats.find(b"", "A.GIFT")
    assert found is not None
    assert found.name == "gift"
