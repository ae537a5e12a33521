"""What a stranger may have put into notes and media: malformed, huge, nested, not a number, carrying scripts.

Standard library only, so that the real desktop can be fed the same. `cases` are equal for equal seeds.
"""

from __future__ import annotations

import json
import random
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from html import escape
from typing import Any, NamedTuple

COUNT = 10_000
OPENING, ENDING = "[attention]", "[/attention]"
SCRIPTS = (
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "</title></svg><script>window.hacked = 1</script>",
    '"><svg onload="window.hacked = 1">',
    "javascript:window.hacked=1",
    "${window.hacked = 1}",
    "{{c1::</script>}}",
    "[sound:x.mp3][latex]\\input{/etc/passwd}[/latex]",
    "\u202e\u0000\ud800\uffff\u0301\u0301\u0301",
    "]]>",
    "&lt;script&gt;window.hacked = 1&lt;/script&gt;",
)
NUMBERS = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "-1e999",
    "1e308",
    "1e-400",
    "9" * 5_000,
    "0." + "1" * 5_000,
    "null",
    "true",
    '"1"',
    "[]",
    "{}",
    "-0",
    "00",
    "1.",
    ".5",
    "+1",
    "0x10",
    "1_000",
    "١",
)


class Case(NamedTuple):
    """`kind` is "block" (HTML of a field), "data" (a Data field) or "picture" (the bytes of a media file)."""

    kind: str
    what: str
    text: str
    picture: bytes = b""


def cases(count: int = COUNT, seed: int = 0) -> Iterator[Case]:
    """Give so many cases; one in a hundred is huge."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    for number in range(count):
        yield chance.choice(HUGE if number % 100 == 99 else SMALL)(chance)


def spec(chance: random.Random, most: int = 4) -> dict[str, Any]:
    """Give a good block, of which the malformed ones are made."""
    heads, queries, keys = (chance.randint(1, most) for _ in range(3))
    weights = [
        [[round(chance.random(), 3) for _ in range(keys)] for _ in range(queries)] for _ in range(heads)
    ]
    return {
        "weights": weights,
        "query_tokens": [chance.choice((*SCRIPTS, "sat", "")) for _ in range(queries)],
        "key_tokens": [chance.choice((*SCRIPTS, "cat", "")) for _ in range(keys)],
        "head_names": [chance.choice(SCRIPTS) for _ in range(heads)],
        "alt": chance.choice(SCRIPTS),
        "mask": "causal",
    }


def data(given: dict[str, Any]) -> dict[str, Any]:
    """Give the same as a note's Data says it."""
    rows, columns = len(given["query_tokens"]), len(given["key_tokens"])
    entry = {
        "file": "verideck-0123456789abcdef0123.svg",
        "weights": given["weights"],
        "queries": given["query_tokens"],
        "keys": given["key_tokens"],
        "heads": given["head_names"],
        "masked": ["0" * columns] * rows,
        "alt": given["alt"],
    }
    return {"v": 1, "kind": "choice", "heatmaps": [entry]}


def wrapped(kind: str, text: str, what: str) -> Case:
    """Put JSON where a stranger would."""
    if kind == "block":
        return Case(kind, what, f"{OPENING}{escape(text)}{ENDING}")
    if kind == "data":
        return Case(kind, what, text)
    carried = escape(text, quote=False)
    return Case(kind, what, "", _svg(f"<metadata>{carried}</metadata>"))


def _svg(inside: str, before: str = "") -> bytes:
    start = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>t</title>'
    return f"{before}{start}{inside}</svg>".encode(errors="replace")


def _kind(chance: random.Random) -> tuple[str, dict[str, Any]]:
    kind, good = chance.choice(("block", "data", "picture")), spec(chance)
    if kind == "data":
        return kind, data(good)
    if kind == "picture":
        hidden = [[False] * len(good["key_tokens"])] * len(good["query_tokens"])
        return kind, {**data(good)["heatmaps"][0], "masked": hidden}
    return kind, good


def _carrying(chance: random.Random) -> Case:
    """Write what can be drawn, with scripts wherever texts stand."""
    kind, good = _kind(chance)
    return wrapped(kind, json.dumps(good), "carrying")


def _mutated(chance: random.Random) -> Case:
    """Change, leave out or add single letters."""
    kind, good = _kind(chance)
    letters = list(json.dumps(good, ensure_ascii=chance.random() < 0.5))
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(letters))
        letters[at : at + chance.randint(0, 3)] = chance.choice(
            ("", "[", "]", "{", "}", '"', ",", "\\", "\n", "“", "<", ">", "&", "\x1f", "9", "e9", *SCRIPTS)
        )
    return wrapped(kind, "".join(letters), "mutated")


def _cut(chance: random.Random) -> Case:
    kind, good = _kind(chance)
    text = json.dumps(good)
    return wrapped(kind, text[: chance.randrange(len(text))], "cut")


def _swapped(chance: random.Random) -> Case:
    """Put a value of any kind in the place of another."""
    kind, good = _kind(chance)
    target: Any = good["heatmaps"][0] if kind == "data" else good
    name = chance.choice(list(target))
    values: tuple[Any, ...] = (
        None,
        True,
        -1,
        0.5,
        "",
        "x",
        [],
        {},
        [[]],
        [[[]]],
        [[1]],
        [["a"]],
        [None],
        "causal",
        SCRIPTS[0],
    )
    target[name] = chance.choice((*values, [[1, 2], [3]], [[[1]], [[1, 2]]], [[1]] * 100, {"a": [1]}))
    return wrapped(kind, json.dumps(good), f"{name} swapped")


def _numbered(chance: random.Random) -> Case:
    """Put what is no number, or an unwieldy one, in the place of a weight."""
    kind, good = _kind(chance)
    target: Any = good["heatmaps"][0] if kind == "data" else good
    target["weights"][0][0][0] = "HERE"
    number = chance.choice(NUMBERS)
    return wrapped(kind, json.dumps(good).replace('"HERE"', number), f"number {number[:9]}")


def _keyed(chance: random.Random) -> Case:
    """Add keys: unknown, repeated, of hostile names; queries and keys that do not fit each other."""
    extra = chance.choice(
        (
            '"weights": 1, "weights": 2',
            '"__proto__": {"polluted": 1}',
            '"weigths": []',
            '"query": [[1]], "key": [[1, 2]]',
            '"query": [[1, 2, 3]], "key": [[1, 2, 3]], "heads": 2',
            '"query": [[1e30]], "key": [[1e30]], "scale": 1e30',
            '"query": [[1]], "key": [[1]], "scale": "none", "mask": [true]',
            '"view": {"heads": 99}',
            '"reveal": "yes"',
            f'"{SCRIPTS[0]}": 1'.replace("/", "\\/"),
        )
    )
    return Case("block", "keys", f"{OPENING}{{{extra}}}{ENDING}")


def _markup(chance: random.Random) -> Case:
    """Write a good block as editors and attackers do: in tags, comments, attributes, cut by elements."""
    text = f"{OPENING}{escape(json.dumps(spec(chance)))}{ENDING}"
    pieces = (
        "<br>",
        "</div><div>",
        "<b>",
        "</b>",
        "&nbsp;",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<a b='",
        '">',
    )
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(text))
        text = (
            text[:at]
            + chance.choice((*pieces, "<textarea>", "<img src=x onerror=window.hacked=1>", OPENING))
            + text[at:]
        )
    return Case(
        "block",
        "markup",
        chance.choice(("{}", "<div title='{}'>", "<p>{}</p>", "<style>{}")).replace("{}", text),
    )


def _xml(chance: random.Random) -> Case:
    """Give pictures that are none, or want something of their reader."""
    bomb = "<!DOCTYPE svg [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    external = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return Case(
        "picture",
        "xml",
        "",
        chance.choice(
            (
                b"",
                b"\x00" * 99,
                b"\xff\xfe<\x00s\x00v\x00g\x00/\x00>\x00",
                b"GIF89a",
                _svg("&a;", external),
                _svg("&i;", bomb + "]>"),
                _svg("<script>window.hacked = 1</script>"),
                _svg("<metadata>{}</metadata>", '<?xml version="1.0" encoding="UTF-7"?>'),
                _svg("<metadata><![CDATA[{}]]></metadata>"),
                _svg("<g/>" * 9),
                _svg("<g><svg/></g>" * 9),
                _svg(f"<metadata>{chance.choice(SCRIPTS)}</metadata>"),
                png_picture(
                    chance.randint(0, 1 << 32) & 0xFFFFFFFF,
                    chance.randint(0, 9),
                    b"\0\0" * chance.randint(0, 9),
                ),
            )
        ),
    )


def png_picture(width: int, height: int, lines: bytes, *, panels: int = 1) -> bytes:
    """Give a picture whose cells are a PNG that says what it likes of its size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    image = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"PLTE", b"\xfa\xf6\xe4" * 2)
    image += chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")
    ticks = "<text>0</text><text>0.5</text><text>1</text>"
    return _svg(
        f'<defs><image href="data:image/png;base64,{b64encode(image).decode()}"/></defs>'
        f"<g/><g/><g/>{'<g><svg/></g>' * panels}<g>{ticks}</g>"
    )


def _bomb(chance: random.Random) -> Case:
    """Give cells that unpack to far more than the picture says, or says far more than it has."""
    size = chance.choice((10, 256, 65_535))
    return Case("picture", "bomb", "", png_picture(size, size, b"\0" * 20_000_000))


def _nested(chance: random.Random) -> Case:
    opening = chance.choice(("[", "{", '{"a":', "[{", "[[],"))
    return wrapped(chance.choice(("block", "data", "picture")), _padded(opening * 60_000), "nested")


def _padded(text: str) -> str:
    return f'{{"v": 1, "heatmaps": {text}'


def _long(chance: random.Random) -> Case:
    """Give one thing, very often."""
    thing = chance.choice(
        (
            "0,",
            "[],",
            '"",',
            '"a": 1,',
            "\\",
            '"',
            '\\"',
            "é",
            "<",
            "<a ",
            '<a "',
            "<!--",
            "&amp;",
            "&copy;",
            "&",
            "&#x",
            "<b>",
        )
    )
    return wrapped(
        chance.choice(("block", "data", "picture")), _padded(thing * (390_000 // len(thing))), "long"
    )


def _many(chance: random.Random) -> Case:
    thing = chance.choice((OPENING, ENDING, OPENING + ENDING, f"{OPENING}{{}}{ENDING}", "<script>" + OPENING))
    return Case("block", "many", thing * 10_000)


def _wide(chance: random.Random) -> Case:
    """Give more cells than can be drawn, or queries and keys whose products nobody would wait for."""
    side = chance.choice((400, 200))
    rows = ",".join([f"[{','.join(['0'] * side)}]"] * side)
    text = chance.choice((f'{{"weights": [{rows}]}}', f'{{"query": [{rows}], "key": [{rows}]}}'))
    return Case("block", "wide", f"{OPENING}{text}{ENDING}")


SMALL: tuple[Callable[[random.Random], Case], ...] = (
    _carrying,
    _mutated,
    _cut,
    _swapped,
    _numbered,
    _keyed,
    _markup,
    _xml,
)
HUGE: tuple[Callable[[random.Random], Case], ...] = (_bomb, _nested, _long, _many, _wide)
