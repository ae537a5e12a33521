"""What Markdown puts round a value or a formula, taken off."""

from __future__ import annotations

# Longest first, so that `$$` goes before `$`.
PAIRS = (("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("**", "**"), ("__", "__"), ("``", "``"), ("$`", "`$"))
SINGLE = (("$", "$"), ("`", "`"), ("*", "*"), ("_", "_"))
# Typeset spaces, and marks that are not seen at all.
SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u200a\u202f\u2007\u2002\u2003\u2006", " "))
UNSEEN = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff\u00ad", ""))


def unwrap(text: str) -> tuple[str, bool]:
    """Strip space, marks of code, maths and emphasis, a final full stop; say whether it was code or maths."""
    text = text.translate(SPACES).translate(UNSEEN).strip()
    marked = False
    while True:
        bare = _without_stop(text)
        for opening, closing in PAIRS + SINGLE:
            inner = bare[len(opening) : len(bare) - len(closing)]
            if bare.startswith(opening) and bare.endswith(closing) and inner and closing not in inner:
                bare = inner.strip()
                marked = marked or opening not in ("**", "__", "*", "_")
                break
        if bare == text:
            return text, marked
        text = bare


def _without_stop(text: str) -> str:
    """Drop a full stop that ends a sentence; that of `1.` belongs to the number, of `0.5.` does not."""
    if not text.endswith(".") or text.endswith(".."):
        return text
    number = text[:-1].rpartition(" ")[2].lstrip("+-−")
    return text if number.isdecimal() else text[:-1].rstrip()
