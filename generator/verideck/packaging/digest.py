"""Hashes of JSON values, the same on every machine."""

from __future__ import annotations

import hashlib
import json


def digest(value: object) -> str:
    """Return the hash of a JSON value in a fixed form: 32 hexadecimal digits."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
