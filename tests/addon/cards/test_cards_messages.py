"""What a page may say, whoever wrote its script."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.cards import messages
from addon.cards.messages import Copy, Draw, read

NESTED = "[" * 100_000


def said(**what: Any) -> str:
    return messages.PREFIX + json.dumps(what)


def png(width: int, height: int, kind: bytes = b"IHDR") -> str:
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, kind, width, height) + b"rest"
    return "data:image/png;base64," + base64.b64encode(data).decode()


def test_a_question_is_read() -> None:
    asked = read(said(number=7, name="a.svg", view={"heads": 2}, dark=True, room=900))
    assert asked == Draw(7, "a.svg", {"heads": 2}, dark=True, room=900)
    assert read(said(number=7, name="a.svg")) == Draw(7, "a.svg", {}, dark=False)


@pytest.mark.parametrize("room", [True, -1, 0, 119, 10**9, 500.0, "500", None, [500]])
def test_a_room_that_makes_no_sense_counts_as_not_said(room: Any) -> None:
    assert read(said(number=7, name="a.svg", room=room)) == Draw(7, "a.svg", {}, dark=False)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "ans",
        messages.PREFIX,
        messages.PREFIX + "[]",
        messages.PREFIX + "null",
        messages.PREFIX + NESTED,
        messages.PREFIX + '{"number": 1e999, "name": "a"}',
        messages.PREFIX + '{"number": ' + "9" * 5000 + ', "name": "a"}',
        said(name="a"),
        said(number=-1, name="a"),
        said(number=True, name="a"),
        said(number=1.5, name="a"),
        said(number=1),
        said(number=1, name=""),
        said(number=1, name=["a"]),
        said(number=1, name="a" * 101),
        said(number=1, name="a", view={"x": "y" * messages.MOST_ASKED}),
    ],
)
def test_what_makes_no_sense_is_not_answered(message: str) -> None:
    assert read(message) is None


def test_a_picture_is_read() -> None:
    asked = read(said(number=1, png=png(640, 480)))
    assert isinstance(asked, Copy)
    assert asked.png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "url",
    [
        png(0, 1),
        png(1, messages.MOST_SIDE + 1),
        png(messages.MOST_SIDE + 1, 1),
        png(2**31, 2**31),
        png(1, 1, b"IDAT"),
        "data:image/png;base64,",
        "data:image/png;base64,AAAA",
        "data:image/png;base64,?",
        "data:image/png;base64,é",
        "data:image/svg+xml;base64,AAAA",
        "",
        7,
        None,
        ["data:image/png;base64,"],
    ],
)
def test_a_picture_that_is_none_or_too_large_is_refused(url: Any) -> None:
    assert read(said(number=1, png=url)) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["number", "png"]), inner),
)


@given(st.text() | JSON.map(json.dumps))
def test_nothing_raises(text: str) -> None:
    read(messages.PREFIX + text)
    read(text)


@given(
    st.fixed_dictionaries(
        {"number": st.integers(0, 9), "name": JSON, "view": JSON, "dark": JSON, "room": JSON}
    )
)
def test_a_question_is_bounded(said: dict[str, Any]) -> None:
    asked = read(messages.PREFIX + json.dumps(said))
    if isinstance(asked, Draw):
        assert 0 < len(asked.name) <= 100
        assert asked.room == 0 or asked.room in messages.ROOMS
