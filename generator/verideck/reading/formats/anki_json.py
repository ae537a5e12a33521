"""JSON in an Anki package: bounded before it is parsed, for a parsed value takes up to 30 times its text."""

from __future__ import annotations

import json
from typing import Any

MAX_LENGTH = 30_000_000  # characters
MAX_VALUES = 3_000_000


class JsonLimitError(ValueError):
    """JSON that is longer, or has more values, than is read."""


def read(text: str, most: int = MAX_VALUES) -> Any:
    """Return what JSON says; None if it is damaged. Raises JsonLimitError if it has over `most` values."""
    if len(text) > MAX_LENGTH:
        raise JsonLimitError(f"{len(text):,} characters of JSON, expected at most {MAX_LENGTH:,}")
    # Counted at the speed of C; a mark inside a string counts as well, which the limit has room for.
    values = sum(text.count(mark) for mark in ",:[{")
    if values > most:
        raise JsonLimitError(f"{values:,} values of JSON, expected at most {most:,}")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
