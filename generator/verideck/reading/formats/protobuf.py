"""The wire format of protocol buffers, as much of it as Anki's packages need: numbered fields, unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_SIZES: Mapping[int, int] = {_EIGHT: 8, _FOUR: 4}
_TEN_BYTES = 70  # bits; no number is longer


class TooManyValuesError(ValueError):
    """A message with more values than its reader expects."""


def read(data: bytes, most: int) -> dict[int, list[int | bytes]]:
    """Return a message's values by field number; if it is damaged, those in front of the fault.

    Values are not looked into: a message inside a message is bytes. Raises TooManyValuesError.
    """
    found: dict[int, list[int | bytes]] = {}
    position = count = 0
    while position < len(data):
        if count == most:
            raise TooManyValuesError(f"over {most:,} values")
        count += 1
        key, position = _varint(data, position)
        number, wire = key >> 3, key & 7
        value: int | bytes
        if wire == _VARINT:
            value, position = _varint(data, position)
        elif wire == _BYTES or wire in _SIZES:
            size, position = _varint(data, position) if wire == _BYTES else (_SIZES[wire], position)
            value = data[position : position + size]
            position += size
        else:
            break
        if position > len(data):
            break
        found.setdefault(number, []).append(value)
    return found


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """Read a number in base 128; a place after the end if it is cut off."""
    value = 0
    for shift in range(0, _TEN_BYTES, 7):
        if position >= len(data):
            break
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    return 0, len(data) + 1


def text(message: Mapping[int, list[int | bytes]], number: int) -> str:
    """Return a field as text; empty if it is missing."""
    value = message.get(number, [b""])[-1]
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else ""


def integer(message: Mapping[int, list[int | bytes]], number: int) -> int:
    """Return a field as a number; 0 if it is missing."""
    value = message.get(number, [0])[-1]
    return value if isinstance(value, int) else 0
