"""The checks of a card as a person would write them: claims that compute with the same names in one fence."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def together(codes: Iterable[str]) -> tuple[str, ...]:
    """Join checks that differ in their last claim alone; the order of the claims stays."""
    joined: list[tuple[str, str]] = []  # what is computed, what is claimed of it
    for code in codes:
        computed, claimed = _parts(code.strip("\n"))
        if computed and joined and joined[-1][0] == computed:
            joined[-1] = (computed, f"{joined[-1][1]}\n{claimed}")
        else:
            joined.append((computed, claimed))
    return tuple(f"{computed}\n{claimed}" if computed else claimed for computed, claimed in joined)


def _parts(code: str) -> tuple[str, str]:
    """Divide a check before its last statement; comments above that are what is computed, too."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", code
    if len(body) < 2:
        return "", code
    lines = code.split("\n")
    at = body[-1].lineno - 1
    return "\n".join(lines[:at]), "\n".join(lines[at:])
