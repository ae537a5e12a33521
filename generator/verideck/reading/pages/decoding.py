"""Bytes to the lines of a saved page: more forgiving than the sources' reader, says what it forgave."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from verideck.cards import Location
from verideck.problems import Problem, error, warning
from verideck.reading import files
from verideck.reading.items import Line

MOST_BYTES = files.MOST_BYTES
MOST_LINES = 10_000  # that are seen: a page has some hundreds, and is read within a second
MOST_CHARACTERS = 1_000_000  # that are seen

_MARKS = (  # the longer first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", "copy its text out of a viewer into a text file"),
    (b"PK\x03\x04", "a ZIP archive", "take the page out of it"),
    (b"\x89PNG", "an image", "read it with a text recognition program first"),
    (b"\xff\xd8\xff", "an image", "read it with a text recognition program first"),
    (b"GIF8", "an image", "read it with a text recognition program first"),
    (b"\x1f\x8b", "a compressed file", "unpack it"),
    (b"{\\rtf", "a document in RTF", "save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as plain text"),
)
_CHARSET = re.compile(rb"charset\s{0,4}=\s{0,4}[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # bytes of a file that are no text's
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\x0b\x0c]")
_BREAKS = re.compile("\r\n|[\r\u0085\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""A page's text with `\n` line ends and plain spaces; None where it cannot be read."""

    text: str | None
    problems: tuple[Problem, ...] = ()


def decode(data: bytes, path: str) -> Decoded:
    """Give a page's text: by its byte order mark, else UTF-8, else what it says itself, else Windows-1252."""
    if (found := _unreadable(data, path)) is not None:
        return Decoded(None, (found,))
    text, doubts = _text(data, path)
    text = _BREAKS.sub("\n", text)
    controls = _controls(text, path)
    return Decoded(_visible(text), (*doubts, *controls))


def lines(text: str) -> tuple[Line, ...]:
    r"""Give a text's lines, numbered from 1; the empty one behind the last `\n` is none."""
    split = text.split("\n")
    if not split[-1]:
        del split[-1]
    return tuple(Line(number, line.rstrip()) for number, line in enumerate(split, start=1))


def too_long(characters: int, count: int, path: str) -> tuple[Problem, ...]:
    """Refuse what is longer than any page, by its characters and lines that are to be seen."""
    found = []
    if count > MOST_LINES:
        hint = f"a page holds at most {MOST_LINES:,} lines; split it into several files"
        found.append(error(Location(path), f"a page of more than {MOST_LINES:,} lines", hint))
    if characters > MOST_CHARACTERS:
        hint = f"a page holds at most {MOST_CHARACTERS:,} characters; split it into several files"
        found.append(error(Location(path), f"a page of {characters:,} characters", hint))
    return tuple(found)


def plain(line: str) -> str:
    """Give one line's text without what cannot be seen, its odd spaces plain."""
    return line if line.isascii() and line.isprintable() else _visible(_BREAKS.sub(" ", line))


def _visible(text: str) -> str:
    return _SPACES.sub(" ", _INVISIBLE.sub("", _UNWANTED.sub("", text)))


def _unreadable(data: bytes, path: str) -> Problem | None:
    at = Location(path)
    if len(data) > MOST_BYTES:
        hint = f"a page holds at most {MOST_BYTES:,} bytes; save it without its images, or split it"
        return error(at, f"a file of {len(data):,} bytes", hint)
    for start, name, hint in _FOREIGN:
        if data.startswith(start):
            return error(at, f"this is {name}, not a page of text", hint)
    if b"multipart/related" in data[:4000] and b"MIME-Version:" in data[:4000]:
        hint = "save it as “HTML only”, or copy its text into a text file"
        return error(at, "this is a web archive (MHTML), not a page of text", hint)
    if not data.strip():
        return error(at, "an empty page", "save the page again")
    if (
        len(_BINARY.findall(data[:4000])) * 20 > len(data[:4000])
        and _utf_16(data) is None
        and not any(data.startswith(mark) for mark, _ in _MARKS)
    ):
        return error(at, "a binary file, not a page of text", "save the page as text or HTML")
    return None


def _text(data: bytes, path: str) -> tuple[str, tuple[Problem, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            return text, _replaced(text, path, encoding.upper())
    if (guessed := _utf_16(data)) is not None:
        text = data.decode(guessed, errors="replace")
        said = warning(Location(path), "no byte order mark; read as UTF-16", "save the page as UTF-8")
        return text, (said, *_replaced(text, path, "UTF-16"))
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _not_utf_8(data, path)


def _utf_16(data: bytes) -> str | None:
    """Guess UTF-16 without a mark: nearly every second byte of Western text is zero."""
    sample = data[:4000]
    if len(sample) < 4 or sample.count(0) * 5 < len(sample) * 2:
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def _not_utf_8(data: bytes, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Read what is not UTF-8: mostly UTF-8 with some broken bytes, or another encoding."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if sum(1 for character in text if character > "\x7f") > 2 * broken:
        return text, _replaced(text, path, "UTF-8")
    said = _CHARSET.search(data[:4000])
    encoding = said[1].decode("ascii") if said else "cp1252"
    try:
        if codecs.lookup(encoding).name == "utf-8":
            encoding = "cp1252"
        text = data.decode(encoding, errors="replace")
    except (LookupError, ValueError):
        encoding, text = "cp1252", data.decode("cp1252", errors="replace")
    shown = "Windows-1252" if encoding == "cp1252" else encoding
    told = warning(
        _first(text, re.compile(r"[^\x00-\x7f]"), path),
        f"not UTF-8; read as {shown}",
        "look whether the letters with accents are right; else save the page as UTF-8",
    )
    return text, (told,)


def _replaced(text: str, path: str, encoding: str) -> tuple[Problem, ...]:
    if not (count := text.count("\ufffd")):
        return ()
    at = _first(text, re.compile("\ufffd"), path)
    return (warning(at, f"{count:,} places that are not {encoding}", "save the page again as UTF-8"),)


def _controls(text: str, path: str) -> tuple[Problem, ...]:
    if not (count := sum(1 for _ in _UNWANTED.finditer(text))):
        return ()
    plural = "a control character was" if count == 1 else f"{count:,} control characters were"
    return (warning(_first(text, _UNWANTED, path), f"{plural} dropped", "compare with the original page"),)


def _first(text: str, pattern: re.Pattern[str], path: str) -> Location:
    if (found := pattern.search(text)) is None:
        return Location(path)
    at = found.start()
    above = _BREAKS.sub("\n", text[:at])
    return Location(path, above.count("\n") + 1, len(above) - above.rfind("\n"))
