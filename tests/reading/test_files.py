"""Bytes to text."""

from __future__ import annotations

import pytest

from verideck.reading import files


def test_line_ends_and_byte_order_mark() -> None:
    assert files.decode("\ufeffa\r\nb\rc\n".encode(), "p") == ("a\nb\nc\n", ())


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"ab\n\xc3\xa9\xff!", (2, 2), "not UTF-8: byte 0xFF at offset 5"),
        (b"\xef\xbb\xbfcaf\xe9", (1, 4), "not UTF-8: byte 0xE9 at offset 6"),
        (b"a\r\nb\xe9", (2, 2), "not UTF-8: byte 0xE9 at offset 4"),
        (b"\x89PNG\r\n\x1a\n\0", (3, 1), "not a text file: byte 0x00 at offset 8"),
        ("deck".encode("utf-16"), (1, 1), "the text is UTF-16, not UTF-8"),
        (b"a" * (files.MOST_BYTES + 1), (1, 1), "a file of 8,000,001 bytes"),
        (b"x\n" + b"a" * (files.LONGEST_LINE + 1), (2, 1), "a line of 1,000,001 characters"),
        (b"\n" * files.MOST_LINES, (1, 1), "a file of 200,001 lines"),
    ],
)
def test_bytes_that_are_no_source(data: bytes, place: tuple[int, int], message: str) -> None:
    text, problems = files.decode(data, "p")
    assert text is None
    assert [(one.path, one.line, one.column, one.message) for one in problems] == [("p", *place, message)]
    assert problems[0].hint


def test_a_ten_megabyte_line_is_refused() -> None:
    text, problems = files.decode(b"a" * 10_000_000, "p")
    assert text is None
    assert problems[0].message == "a file of 10,000,000 bytes"
