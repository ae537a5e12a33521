"""Lines that look like code, kept or joined into one, among lines of prose."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

LONGEST = 20_000  # characters of a line that is looked at

_OPENING = re.compile(
    r"(?:import [A-Za-z_][\w.]*|from [A-Za-z_][\w.]* import\b|def [a-z_A-Z]\w*\s*\("
    r"|class [A-Z_]\w*\s*[(:]|@[\w.]+(?:\(|\s|$)"
    r"|(?:for [\w, ]{1,60} in|while|if|elif|with|try|else|except\b[\w ,()]{0,60})\b[^?]{0,200}:(?:\s|$)"
    r"|(?:return|print|assert|raise|yield|lambda)\b\s*[(\w\[{\"']"
    r"|[A-Za-z_][\w.]*(?:\[[^\]]{0,80}\])?(?:\s*,\s*[A-Za-z_*][\w.]*){0,9}\s*(?:[-+*/@%&|^]|//"
    r"|\*\*)?=(?!=)\s*\S"
    r"|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,9}\([^?]{0,400}\)?"
    r"|>>> |\$ \w|#include\b|#!|(?:const|let|var) \w+ =|SELECT\b.{1,200}\bFROM\b|public |function \w+\()"
)
_PROSE = re.compile(r"(?:[A-Za-z][a-z']+,? ){5,}[a-z]+[.?!]?\Z|\?\Z")
_SIGNS = re.compile(
    r"\w\(|[\w)\]]\s*=(?!=)\s*[\w(\[{'\"-]|\w\.\w+\(|\bimport \w|\)\s*:|\w\[\S"
    r"|\bfor \w+(?:, ?\w+)* in |[-+*/!=<>]=|[<>] ?\d|\(\)|[{};]|\bdef \w"
)
_CONTINUED = re.compile(r"[\])}]|else:|elif |except|finally:|#|[a-z_]\w*(?:\.\w+)+\Z")
_WORD = re.compile(r"[A-Za-z]{2,}")


def looks_like_code(text: str) -> bool:
    """Tell whether a line is code by its look: it opens as a statement does and holds the signs of code."""
    stripped = text.strip()
    if not stripped or len(stripped) > LONGEST:
        return False
    if not _OPENING.match(stripped) or stripped.startswith("$"):
        return False
    return _SIGNS.search(stripped) is not None and not (_PROSE.search(stripped[-400:]) and _sparse(stripped))


def _sparse(text: str) -> bool:
    """Tell whether a line has far more words than signs, as a sentence has that names a call."""
    signs = sum(1 for _ in _SIGNS.finditer(text[:2000]))
    return signs * 6 < len(_WORD.findall(text[:2000]))


def code_length(texts: Sequence[str]) -> int:
    """Give how many lines from the first on are one piece of code; kept lines may be indented."""
    if not texts or not looks_like_code(texts[0]):
        return 0
    count = 1
    while count < len(texts) and _goes_on(texts, count):
        count += 1
    while count > 1 and not texts[count - 1].strip():
        count -= 1
    return count


def _goes_on(texts: Sequence[str], index: int) -> bool:
    text = texts[index]
    if not text.strip():
        following = next((later for later in texts[index + 1 : index + 3] if later.strip()), "")
        return looks_like_code(following) or following.startswith((" ", "\t"))
    if text.startswith((" ", "\t")) and texts[index - 1].rstrip().endswith((":", "(", "[", "{", ",", "\\")):
        return True
    return (
        looks_like_code(text)
        or _CONTINUED.match(text.strip()) is not None
        or _is_assigned(text, texts[:index])
    )


def _is_assigned(text: str, above: Sequence[str]) -> bool:
    """Tell whether a line is a lone name that the lines above it assign."""
    name = text.strip()
    return name.isidentifier() and any(line.strip().startswith(f"{name} =") for line in above[-40:])


def split_after_question(text: str) -> tuple[str, str]:
    """Part a question from the code that a copy has joined to it; the code is empty where there is none."""
    at = text.find("?")
    for _ in range(4):
        if at < 0:
            break
        if looks_like_code(text[at + 1 :]):
            return text[: at + 1].strip(), text[at + 1 :].strip()
        at = text.find("?", at + 1)
    return text, ""


def language(code: str) -> str:
    """Name a piece of code's language for its fence where it can be told; Python is what parses."""
    if re.match(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH)\s", code):
        return "sql"
    try:
        with warnings.catch_warnings():  # what Python thinks of a page's code is nobody's business
            warnings.simplefilter("ignore")
            ast.parse(code[:LONGEST])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return "python"
