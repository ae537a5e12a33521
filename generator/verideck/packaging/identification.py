"""Which answers identify a card: the same answer to another question is then the same card, reworded."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]{2,}")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_UNSPACED_LENGTH = 6  # letters of a script without spaces that say as much as two words
_WORDS = 2

# Words that many answers consist of.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """yes no true false right wrong correct incorrect it is are was were does do did can not cannot isn
        doesn all none both neither either nor or and of the above below these those them that
        this depends""",
    )
)


def identifies(answer: str) -> bool:
    """Return whether an answer tells its card from others.

    Yes and no, numbers, formulas, single words and letters of options do not: many cards have them.
    """
    words = [word for word in _WORD.findall(answer) if word.casefold() not in _COMMON]
    return len(words) >= _WORDS or any(len(run) >= _UNSPACED_LENGTH for run in _UNSPACED.findall(answer))
