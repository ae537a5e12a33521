"""The marks that open a block at column 0, as CommonMark defines them; each expression takes linear time."""

from __future__ import annotations

import re

HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*))?[ \t]*", re.DOTALL)
FENCE = re.compile(r"(`{3,})([^`]*)|(~{3,})(.*)", re.DOTALL)
SEPARATOR = re.compile(r"---[ \t]*")
BOX = re.compile(r"- \[([ xX])\] +(?=\S)(.*)", re.DOTALL)
COMMENT = re.compile(r"<!--((?:[^-\n]|-(?!->))*)-->[ \t]*")
BULLET = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)")
LONE_IMAGE = re.compile(r" *<img\b[^<>]*>[ \t]*", re.IGNORECASE)


def closes(line: str, fence: str) -> bool:
    """Tell whether a line closes the fence that `fence` (its run of backticks or tildes) opened."""
    bare = line.strip(" \t")
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return (
        len(bare) >= len(fence) and bare == fence[0] * len(bare) and len(indent) <= 3 and "\t" not in indent
    )


def opens_block(line: str) -> bool:
    """Tell whether a line at column 0 opens something other than text."""
    if not line or line[0] not in "#`~-><":
        return False
    return line[0] == ">" or any(
        mark.fullmatch(line) is not None for mark in (HEADING, FENCE, SEPARATOR, BOX, COMMENT)
    )
