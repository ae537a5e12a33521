"""What is wrong with a pasted text, and where."""

from __future__ import annotations


class PasteError(ValueError):
    """A reason for a person, with the line and the column (both from 1) at which the text goes wrong."""

    def __init__(self, text: str, at: int, reason: str) -> None:
        """Find the line and the column of the letter `at`."""
        at = min(max(at, 0), len(text))
        self.at = at
        self.line = text.count("\n", 0, at) + 1
        self.column = at - (text.rfind("\n", 0, at) + 1) + 1
        self.reason = reason
        super().__init__(f"Line {self.line}, column {self.column}: {reason}")
