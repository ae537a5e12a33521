"""Bytes to text: a source's encoding and size, and what is wrong with them."""

from __future__ import annotations

from verideck.cards import Location
from verideck.problems import Problem, error

MOST_BYTES = 8_000_000
LONGEST_LINE = 1_000_000  # characters
MOST_LINES = 200_000

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BYTE_ORDER_MARK = "\ufeff"


def decode(data: bytes, path: str) -> tuple[str | None, tuple[Problem, ...]]:
    r"""Give a source's text with `\n` line ends, or None and the reason why it cannot be read.

    A byte order mark is dropped; `\r\n` and `\r` end lines as `\n` does.
    """
    found = too_large(len(data), path) if len(data) > MOST_BYTES else _binary(data, path)
    if found is not None:
        return None, (found,)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        return None, (_undecodable(data, fault, path),)
    text = _lines_ended_alike(text).removeprefix(_BYTE_ORDER_MARK)
    problems = _overlong(text, path)
    return (None if problems else text), problems


def too_large(size: int, path: str) -> Problem:
    """Make the problem of a source with more than MOST_BYTES."""
    hint = f"a source holds at most {MOST_BYTES:,} bytes; split it into several files"
    return error(Location(path), f"a file of {size:,} bytes", hint)


def _lines_ended_alike(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _binary(data: bytes, path: str) -> Problem | None:
    if data.startswith(_UTF_16):
        return error(Location(path), "the text is UTF-16, not UTF-8", "save the file as UTF-8")
    if (offset := data.find(b"\0")) < 0:
        return None
    return error(
        _place(data, offset, path),
        f"not a text file: byte 0x00 at offset {offset}",
        "a source is Markdown in UTF-8; move other files to a folder of their own",
    )


def _undecodable(data: bytes, fault: UnicodeDecodeError, path: str) -> Problem:
    return error(
        _place(data, fault.start, path),
        f"not UTF-8: byte 0x{data[fault.start]:02X} at offset {fault.start}",
        "save the file as UTF-8; it may be in an older encoding such as Windows-1252",
    )


def _place(data: bytes, offset: int, path: str) -> Location:
    """Find the line and column of a byte; bytes that are not UTF-8 count as one character each."""
    before = _lines_ended_alike(data[:offset].decode("utf-8", errors="replace"))
    before = before.removeprefix(_BYTE_ORDER_MARK)
    return Location(path, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def _overlong(text: str, path: str) -> tuple[Problem, ...]:
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        hint = f"a source holds at most {MOST_LINES:,} lines; split it into several files"
        return (error(Location(path), f"a file of {len(lines):,} lines", hint),)
    hint = f"a line holds at most {LONGEST_LINE:,} characters; break it"
    return tuple(
        error(Location(path, number), f"a line of {len(line):,} characters", hint)
        for number, line in enumerate(lines, start=1)
        if len(line) > LONGEST_LINE
    )
