"""text2qti's Markdown: `1.` a question, `*a)` a right option, `[*]` one of several, `=` a number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from verideck.cards import Kind
from verideck.reading.formats import escapes, foreign, ledger, naming, options
from verideck.reading.items import Fate, Item, ItemOption, Lost, Markup, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LAYOUT = "text2qti"
WITHOUT = "What is asked here?"
QUESTION = re.compile(r"\d+\.[ \t]+\S")
RIGHT = re.compile(r"\*[a-zA-Z]\)[ \t]+\S|\[\*\][ \t]+\S")
_SETTINGS = (
    "quiz description", "shuffle answers", "show correct answers", "one question at a time", "can't go back",
    "feedback is solution", "solutions sample groups", "solutions randomize groups", "points", "text title",
    "pick", "solutions pick", "points per question",
)  # fmt: skip
_SETTING = re.compile(rf"(?:{'|'.join(_SETTINGS)})[ \t]*:.*", re.IGNORECASE)
# What opens a part of a question, and what the part is; text indented below it belongs to it.
_PARTS = (
    ("question", re.compile(r"\d+\.(?:[ \t]+|$)")),
    ("right", re.compile(r"\*[a-zA-Z]\)(?:[ \t]+|$)")),
    ("wrong", re.compile(r"[a-zA-Z]\)(?:[ \t]+|$)")),
    ("also right", re.compile(r"\[\*\](?:[ \t]+|$)")),
    ("also wrong", re.compile(r"\[ ?\](?:[ \t]+|$)")),
    ("feedback", re.compile(r"\.\.\.(?:[ \t]+|$)")),
    ("if right", re.compile(r"\+[ \t]+")),
    ("if wrong", re.compile(r"-[ \t]+")),
    ("number", re.compile(r"=[ \t]+")),
    ("short", re.compile(r"\*[ \t]+")),
    ("solution", re.compile(r"![ \t]+")),
    ("essay", re.compile(r"_{3,}[ \t]*$")),
    ("upload", re.compile(r"\^{3,}[ \t]*$")),
    ("title", re.compile(r"Title:[ \t]*", re.IGNORECASE)),
    ("quiz", re.compile(r"Quiz title:[ \t]*", re.IGNORECASE)),
    ("text", re.compile(r"Text:[ \t]*", re.IGNORECASE)),
)
_OPTION = frozenset(("right", "wrong", "also right", "also wrong"))
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})(.*)")
_RUN = re.compile(r"\{[^{}]*\.run\b")


@dataclass(slots=True)
class _Part:
    """One part of a question: what it is, its first line, its lines without their indentation."""

    name: str
    line: int
    lines: list[str]
    last: int = 0
    width: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")


@dataclass(slots=True)
class _Draft:
    parts: list[_Part] = field(default_factory=list)

    def named(self, *names: str) -> list[_Part]:
        return [part for part in self.parts if part.name in names]

    def reasons(self) -> list[tuple[_Part, _Part]]:
        """List the options that have feedback below them, each with that feedback."""
        pairs = zip(self.parts, self.parts[1:], strict=False)
        return [(one, two) for one, two in pairs if two.name == "feedback" and one.name in _OPTION]


def read(data: bytes, path: str) -> Page:
    """Read a quiz; nothing that it holds makes this raise."""
    text, problems = ledger.decode(data, path)
    if text is None:
        return ledger.unread(path, LAYOUT, problems)
    lines = escapes.cleaned(text).split("\n")
    book = ledger.Ledger(lines, path, LAYOUT, problems)
    items: list[Item] = []
    title, name = "", ""
    for draft in _questions(_parts(lines, book)):
        for part in draft.named("quiz", "title"):
            book.claim(Fate.CARD, part.line, part.last)
            words = " ".join(part.text.split())
            title, name = (title or words, name) if part.name == "quiz" else (title, words)
        if draft.parts[0].name == "question":
            first, last = draft.parts[0].line, draft.parts[-1].last
            items += book.attempt(partial(list, _item(draft, name, book)), "question", first, last) or []
            name = ""
        else:
            _misplaced(draft, book)
    if not items and not problems:
        book.error(1, "no numbered question with options", "write `1. Question?` and `*a) right` below it")
    deck = naming.deck((title,)) if title else ""
    return book.page(title or naming.title(path), [replace(item, deck=deck) for item in items])


def _misplaced(draft: _Draft, book: ledger.Ledger) -> None:
    """Report what stands outside questions, titles aside."""
    last = draft.parts[-1].last
    if draft.parts[0].name == "text":
        hint = "write what it says into a card"
        book.skip(draft.parts[0].line, "a text, which asks nothing", hint, last)
        return
    stray = [part for part in draft.parts if part.name not in {"quiz", "title"}]
    if stray:
        hint = "write the question above it, behind its number: `1. Question?`"
        book.error(stray[0].line, "an answer without a question", hint, last)


def _parts(lines: Sequence[str], book: ledger.Ledger) -> Iterator[_Part]:
    """Divide a quiz into parts; comments and settings are known noise."""
    part: _Part | None = None
    comment, fence = False, ""
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if not fence and (comment or bare == "COMMENT"):
            comment = bare != "END_COMMENT"
            book.claim(Fate.NOISE, number)
            continue
        if not fence and (line.startswith("%") or bare in {"GROUP", "END_GROUP"} or _SETTING.fullmatch(bare)):
            book.claim(Fate.NOISE, number)
            continue
        opened = None if fence or line[:1] in (" ", "\t") else _opened(line)
        if opened:
            if part:
                yield part
            part = _Part(opened[0], number, [opened[1]], number)
        elif part and (not bare or line[:1] in (" ", "\t") or fence):
            part.lines.append(_unindented(line, part))
            part.last = number if bare else part.last
        elif bare:
            book.error(number, "a line that belongs to no question", "indent it below the part it belongs to")
        fence = _fenced(line, fence)
        if (quote := _FENCE.match(line)) and _RUN.search(quote[2]):
            book.warn(number, "code that text2qti would run", "it is shown only: write what it makes")
    if part:
        yield part


def _opened(line: str) -> tuple[str, str] | None:
    for name, pattern in _PARTS:
        if found := pattern.match(line):
            return name, line[found.end() :]
    return None


def _unindented(line: str, part: _Part) -> str:
    """Take off as much indentation as the first line of the part that is indented has."""
    text = line.expandtabs(4)
    own = len(text) - len(text.lstrip(" "))
    if text.strip() and part.width is None:
        part.width = own
    return text[min(own, part.width or 0) :]


def _fenced(line: str, fence: str) -> str:
    """Follow fences of code: inside one nothing opens a part."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) and not found[2].strip() else fence


def _questions(parts: Iterator[_Part]) -> Iterator[_Draft]:
    draft = _Draft()
    for part in parts:
        if draft.parts and part.name in {"question", "quiz", "title", "text"}:
            yield draft
            draft = _Draft()
        draft.parts.append(part)
    if draft.parts:
        yield draft


def _item(draft: _Draft, name: str, book: ledger.Ledger) -> Iterator[Item]:
    """Make the item of a question, or report why there is none; all its lines are claimed."""
    first, last = draft.parts[0].line, draft.parts[-1].last
    heading, body = _divided(draft.parts[0], name)
    made: Item | None = None
    if not heading:
        book.error(first, "a question without text", "write it behind its number", last)
    elif draft.named("upload"):
        book.skip(first, "a question that asks for a file", "a card cannot take one", last)
    else:
        made = _answered(draft, Item(LAYOUT, first, Kind.RECALL, heading, title=name, body=body), book)
        if made is None:
            book.claim(Fate.PROBLEM, first, last)
    if made is None:
        return
    book.claim(Fate.CARD, first, last)
    reasons = {id(feedback) for _, feedback in draft.reasons()}
    said = [part for part in draft.named("feedback", "if right", "solution") if id(part) not in reasons]
    texts = list(dict.fromkeys(foreign.convert(part.text).text for part in said))
    if draft.named("if wrong"):
        book.warn(
            draft.named("if wrong")[0].line,
            "what is said to wrong answers is left out",
            "a card says why once",
        )
    yield replace(
        made,
        explanation="\n\n".join(text for text in texts if text),
        explanation_line=said[0].line if said else 0,
        markup=Markup.MARKDOWN,
    )


def _divided(part: _Part, name: str) -> tuple[str, str]:
    return foreign.convert(part.text).divided(name or WITHOUT)


def _answered(draft: _Draft, made: Item, book: ledger.Ledger) -> Item | None:
    if chosen := draft.named(*_OPTION):
        return _choice(draft, chosen, made, book)
    if numbers := draft.named("number"):
        return _number(numbers[0], made, book)
    if short := draft.named("short"):
        accepted = (escapes.words(" ".join(part.text.split())) for part in short)
        return replace(made, kind=Kind.TYPED, accepted=tuple(dict.fromkeys(accepted)))
    if draft.named("essay") and draft.named("solution"):
        solution = draft.named("solution")[0]
        draft.parts.remove(solution)
        return replace(made, answer=foreign.convert(solution.text).text)
    message = "an essay without an answer" if draft.named("essay") else "a question without an answer"
    book.warn(made.line, message, "write the answer")
    return replace(made, lost=(Lost.ANSWER,))


def _choice(draft: _Draft, chosen: Sequence[_Part], made: Item, book: ledger.Ledger) -> Item | None:
    if len(chosen) < 2:
        book.error(made.line, "a choice with one option", "write at least two")
        return None
    ticked = [part.name in {"right", "also right"} for part in chosen]
    if not any(ticked):
        book.warn(
            made.line, "the key is missing: no option is marked", "write `*a)` or `[*]` before the right one"
        )
    reasons = {id(option): foreign.convert(part.text).text for option, part in draft.reasons()}
    listed = tuple(
        ItemOption(
            foreign.convert(part.text).inline,
            part.line,
            options.letter(number),
            ticked=right,
            reason=reasons.get(id(part), ""),
        )
        for number, (part, right) in enumerate(zip(chosen, ticked, strict=True))
    )
    several = any(part.name.startswith("also") for part in chosen) or sum(ticked) > 1
    lost = () if any(ticked) else (Lost.KEY,)
    return replace(made, kind=Kind.CHOICE, options=listed, select_all=several and any(ticked), lost=lost)


def _number(part: _Part, made: Item, book: ledger.Ledger) -> Item:
    """Read `= 5`, `= 1.41 +- 0.01`, `= 1.41 +- 1%` and `= [1.2, 1.3]`."""
    text = " ".join(part.text.split())
    if found := re.fullmatch(r"\[\s*([^,\]]+?)\s*,\s*([^,\]]+?)\s*\]", text):
        answer = f"any number from {escapes.words(found[1])} to {escapes.words(found[2])}"
        return replace(made, answer=answer)
    value, _, tolerance = (piece.strip() for piece in text.partition("+-"))
    if tolerance:
        hint = "a typed card accepts what it lists: list other spellings, each after `- `"
        book.warn(part.line, f"the tolerance of {tolerance} is left out", hint)
    return replace(made, kind=Kind.TYPED, accepted=(escapes.words(value),))
