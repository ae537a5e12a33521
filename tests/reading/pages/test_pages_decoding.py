"""Bytes to lines: encodings, line ends, odd characters, what is no page of text, what is too long."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.problems import Severity
from verideck.reading import pages
from verideck.reading.items import Fate
from verideck.reading.pages import decoding

TEXT = "Recall & Review\nbeginner\nWhat is “dew” – naïvely?\nWater.\nClick to reveal answer\n"


def texts(data: bytes) -> list[str]:
    return [line.text for line in pages.read(data, "page.txt").lines]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("\n", "\u2028").encode(),
        TEXT.replace(" ", "\u00a0").encode(),
        TEXT.replace(" ", "\u200b \u202f\ufeff").replace("  ", " ").encode(),
    ],
)
def test_an_encoding_is_found_without_a_word(data: bytes) -> None:
    page = pages.read(data, "page.txt")
    assert " ".join(" ".join(line.text for line in page.lines).split()) == " ".join(TEXT.split())
    assert len(page.lines) == 5
    assert (len(page.items), page.problems) == (1, ())


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (TEXT.encode("cp1252"), 3, "not UTF-8; read as Windows-1252"),
        (TEXT.encode("utf-16-le"), 1, "no byte order mark; read as UTF-16"),
        (TEXT.encode().replace(b"\xaf", b""), 3, "1 places that are not UTF-8"),
        (TEXT.replace("W", "W\0").encode(), 3, "2 control characters were dropped"),
        (TEXT.replace("Water", "W\x07ater").encode(), 4, "a control character was dropped"),
    ],
)
def test_what_was_forgiven_is_a_warning(data: bytes, line: int, message: str) -> None:
    page = pages.read(data, "page.txt")
    assert len(page.items) == 1
    assert [(one.line, one.severity, one.message) for one in page.problems] == [
        (line, Severity.WARNING, message)
    ]


def test_a_page_s_own_encoding_is_used_where_it_is_not_utf_8() -> None:
    text = "<html><meta charset=iso-8859-2><p>Łódź</p></html>"
    assert texts(text.encode("iso-8859-2")) == ["Łódź"]
    unknown = b"<html><meta charset=no-such-thing><p>na\xefve</p></html>"
    assert texts(unknown) == ["naïve"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an empty page"),
        (b" \n\t\n", "an empty page"),
        (b"%PDF-1.7 x", "this is a PDF, not a page of text"),
        (b"PK\x03\x04x", "this is a ZIP archive, not a page of text"),
        (b"\x89PNG\r\n", "this is an image, not a page of text"),
        (
            b"MIME-Version: 1.0\nContent-Type: multipart/related;\n",
            "this is a web archive (MHTML), not a page of text",
        ),
        (b"x" * (decoding.MOST_BYTES + 1), "a file of 8,000,001 bytes"),
        (b"x\n" * (decoding.MOST_LINES + 1), "a page of more than 10,000 lines"),
        (b"x" * (decoding.MOST_CHARACTERS + 1), "a page of 1,000,001 characters"),
    ],
)
def test_what_is_no_page_is_one_error_with_a_hint(data: bytes, message: str) -> None:
    page = pages.read(data, "page.txt")
    (problem,) = page.problems
    assert (problem.severity, problem.message, bool(problem.hint)) == (Severity.ERROR, message, True)
    assert (page.items, page.lines) == ((), ())


@given(st.binary(max_size=400))
@settings(max_examples=50, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    page = pages.read(data, "page.txt")
    assert page.problems
    assert len(page.fates) == len(page.lines)
    assert Fate.UNACCOUNTED not in page.fates
    assert all("\n" not in line.text and "\0" not in line.text for line in page.lines)


def test_a_binary_file_is_told_as_one_and_a_stray_control_character_is_not() -> None:
    (problem,) = pages.read(bytes(range(256)) * 4, "photo.txt").problems
    assert (problem.severity, problem.message) == (Severity.ERROR, "a binary file, not a page of text")
    assert pages.read(TEXT.replace("a", "a\x07", 2).encode(), "page.txt").items
