"""Words for what is wrong: a stranger's values in few letters, numbers with their nouns."""

from __future__ import annotations


def short(text: object, most: int = 40) -> str:
    """Give a stranger's text so that it fits into a message: one line, printable, not long."""
    line = "".join(letter if letter.isprintable() else "�" for letter in str(text)[: most + 1])
    return line if len(line) <= most else line[:most] + "…"


def kind(value: object) -> str:
    """Say what a value of JSON is."""
    if isinstance(value, str):
        return f'the text "{short(value)}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "an object" if isinstance(value, dict) else f"the number {short(value)}"


def counted(number: int, noun: str) -> str:
    """Write a number before its noun: 1 query, 2 queries."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun.removesuffix('y')}ies" if noun.endswith("ry") else f"{number} {noun}s"


def are(number: int, noun: str) -> str:
    """Write the same behind a verb: there is 1 key, there are 2 keys."""
    return f"there {'is' if number == 1 else 'are'} {counted(number, noun)}"
