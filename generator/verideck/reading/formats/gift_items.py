"""The answers of a GIFT question, and the item they make."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verideck.cards import Kind
from verideck.reading.formats import gift_text, options
from verideck.reading.formats.gift_text import Chunk, Rich, rich
from verideck.reading.items import Item, ItemOption, Lost, Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verideck.reading.formats.ledger import Ledger

LAYOUT = "gift"
WITHOUT = "What is asked here?"
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d*)?)%")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(#.*)?", re.DOTALL)
_RANGE = re.compile(r"(.+?)\.\.(.+)", re.DOTALL)
_FULL = 99.9  # percent; a little less than all of it by rounding


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answers, between its braces, are still to be read; escapes are hidden in `body`."""

    chunk: Chunk
    asked: Rich
    name: Rich
    body: str
    breaks: int  # line breaks before the answers

    @property
    def line(self) -> int:
        """Give its first line."""
        return self.chunk.lines[0][0]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: whether `=` stands before it, its weight in percent, its text and feedback."""

    right: bool
    weight: float | None
    text: Rich
    feedback: Rich
    line: int


def item(question: Question, book: Ledger) -> Item | None:
    """Make a question's item; None, reported, where its answers cannot be read."""
    body, _, general = question.body.partition("####")
    explained = rich(general, question.asked)
    draft = Draft(question, body, explained, book)
    made = next(make for matches, make in _KINDS if matches(body))(draft)
    return made and _filled(made, draft)


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with its general feedback set apart."""

    question: Question
    body: str
    explained: Rich
    book: Ledger

    def answers(self) -> list[Answer]:
        """Divide the answers at `=` and `~`."""
        return list(_answers(self))

    def blank(self, kind: Kind, texts: Iterator[Rich] | list[Rich], lost: tuple[Lost, ...] = ()) -> Item:
        """Begin an item; its texts decide whether it is plain text or Markdown."""
        how = gift_text.markup([self.question.asked, self.explained, *texts])
        return Item(LAYOUT, self.question.line, kind, "", lost=lost, markup=how)


def _filled(made: Item, draft: Draft) -> Item | None:
    """Add question, name and general feedback."""
    question, how = draft.question, made.markup
    asked, name = question.asked, " ".join(question.name.text.split())
    heading, below, left_out = gift_text.divided(asked, how, name or WITHOUT)
    for what in left_out:
        draft.book.warn(question.line, f"left out: {what}", "put it back by hand where the card needs it")
    if not heading and not name:
        draft.book.error(question.line, "an answer without a question", "write the question before `{`")
        return None
    explanation = gift_text.block(draft.explained, how)
    if made.kind is Kind.RECALL and not made.answer and explanation:
        answer, _, explanation = explanation.partition("\n\n***\n\n")
        made = replace(made, answer=answer, lost=())
    elif made.kind is Kind.RECALL and not made.answer:
        draft.book.warn(question.line, "an essay without an answer", "write the answer")
        made = replace(made, lost=(Lost.ANSWER,))
    return replace(
        made,
        question=heading or name,
        title=name,
        body=below,
        explanation="\n\n".join(text for text in (made.explanation, explanation) if text),
        explanation_line=question.line if explanation else 0,
    )


def _answers(draft: Draft) -> Iterator[Answer]:
    cuts = [found.start() for found in re.finditer("[=~]", draft.body)]
    breaks, done = draft.question.breaks, 0
    for start, end in zip(cuts, [*cuts[1:], len(draft.body)], strict=True):
        text = draft.body[start + 1 : end]
        weight = _WEIGHT.match(text)
        written, _, feedback = text[weight.end() if weight else 0 :].partition("#")
        breaks += draft.body.count("\n", done, start)
        done = start
        yield Answer(
            draft.body[start] == "=",
            float(weight[1]) if weight else None,
            rich(written, draft.question.asked),
            rich(feedback, draft.question.asked),
            draft.question.chunk.line_after(breaks),
        )


def _essay(draft: Draft) -> Item | None:
    return draft.blank(Kind.RECALL, [])


def _truth(draft: Draft) -> Item | None:
    found = _TRUTH.fullmatch(draft.body)
    true = bool(found and found[1][0] == "T")
    wrong, _, right = ((found[2] if found else "") or "#")[1:].partition("#")
    reasons = {False: rich(wrong, draft.question.asked), True: rich(right, draft.question.asked)}
    made = draft.blank(Kind.CHOICE, [*reasons.values()])
    line = draft.question.chunk.line_after(draft.question.breaks)
    pairs = (("True", true), ("False", not true))
    return replace(
        made,
        keep_order=True,
        options=tuple(
            ItemOption(text, line, ticked=ticked, reason=gift_text.block(reasons[ticked], made.markup))
            for text, ticked in pairs
        ),
    )


def _choice(draft: Draft) -> Item | None:
    answers = [one for one in draft.answers() if one.text.text]
    several = not any(one.right for one in answers)
    ticked = [one.right if not several else (one.weight or 0) > 0 for one in answers]
    line = draft.question.line
    if len(answers) < 2:
        draft.book.error(line, "a choice with one option", "write at least two: `{=right ~wrong}`")
        return None
    if not several and any(0 < (one.weight or 0) < _FULL for one in answers if not one.right):
        draft.book.warn(line, "an option that is partly right", "an option is right or wrong: read as wrong")
    if not several and sum(ticked) > 1:
        draft.book.warn(line, "several options, each of them right alone", "read as: select all that apply")
    if not any(ticked):
        draft.book.warn(line, "the key is missing: no option is right", "write `=` before the right one")
    texts = [text for one in answers for text in (one.text, one.feedback)]
    made = draft.blank(Kind.CHOICE, texts, () if any(ticked) else (Lost.KEY,))
    return replace(
        made,
        select_all=(several and any(ticked)) or sum(ticked) > 1,
        options=tuple(
            ItemOption(
                gift_text.line(one.text, made.markup),
                one.line,
                options.letter(number),
                ticked=right,
                reason=gift_text.block(one.feedback, made.markup),
            )
            for number, (one, right) in enumerate(zip(answers, ticked, strict=True))
        ),
    )


def _matching(draft: Draft) -> Item | None:
    pairs = [shown_pair(one) for one in draft.answers()]
    whole = [(left, right) for left, right in pairs if left.text and right.text]
    if len(whole) < 2:
        draft.book.error(
            draft.question.line, "a matching question with fewer than two pairs", "write `=a -> b`"
        )
        return None
    if len(whole) < len(pairs):
        draft.book.warn(
            draft.question.line, "wrong matches are left out", "the card asks for the right pairs"
        )
    lines = [
        f"- {gift_text.converted(left).inline} → {gift_text.converted(right).inline}" for left, right in whole
    ]
    return replace(draft.blank(Kind.RECALL, []), answer="\n".join(lines), markup=Markup.MARKDOWN)


def shown_pair(answer: Answer) -> tuple[Rich, Rich]:
    """Divide one answer of a matching question."""
    left, _, right = answer.text.text.partition("->")
    return Rich(left.strip(), answer.text.format), Rich(right.strip(), answer.text.format)


def _numerical(draft: Draft) -> Item | None:
    body = draft.body.strip()[1:]
    if not body.lstrip().startswith(("=", "~")):
        body = f"={body}"
    answers = replace(draft, body=body).answers()
    full = [
        one for one in answers if one.right and (one.weight is None or one.weight >= _FULL) and one.text.text
    ]
    if not full:
        draft.book.error(draft.question.line, "a numerical question without a number", "write `{#3.14:0.01}`")
        return None
    _partial(draft, answers, full)
    value = full[0].text.text
    if found := _RANGE.fullmatch(value):
        made = draft.blank(Kind.RECALL, [])
        return replace(made, answer=f"any number from {found[1].strip()} to {found[2].strip()}")
    values = [one.text.text.partition(":")[0].strip() for one in full if ".." not in one.text.text]
    tolerance = value.partition(":")[2].strip()
    if tolerance and tolerance.strip("0."):
        hint = "a typed card accepts what it lists: list other spellings, each after `- `"
        draft.book.warn(full[0].line, f"the tolerance of {tolerance} is left out", hint)
    made = draft.blank(Kind.TYPED, [one.feedback for one in full])
    return _reasoned(replace(made, accepted=tuple(dict.fromkeys(values))), full)


def _short(draft: Draft) -> Item | None:
    body = draft.body if draft.body.lstrip().startswith("=") else f"={draft.body}"
    answers = [one for one in replace(draft, body=body).answers() if one.text.text]
    full = [one for one in answers if one.weight is None or one.weight >= _FULL]
    plain = [one for one in full if "*" not in one.text.text.replace("\\*", "")]
    _partial(draft, answers, full)
    if not full:
        draft.book.error(draft.question.line, "a short answer without an answer", "write `{=answer}`")
        return None
    if len(plain) < len(full):
        draft.book.warn(
            draft.question.line, "an answer with a `*` for any text is left out", "list its spellings"
        )
    made = draft.blank(Kind.TYPED if plain else Kind.RECALL, [one.feedback for one in full])
    texts = [
        gift_text.line(Rich(" ".join(one.text.text.replace("\\*", "*").split()), "plain"), made.markup)
        for one in plain or full
    ]
    if not plain:
        return replace(made, answer=texts[0])
    return _reasoned(replace(made, accepted=tuple(dict.fromkeys(texts))), full)


def _partial(draft: Draft, answers: list[Answer], full: list[Answer]) -> None:
    if any((one.weight or 0) > 0 for one in answers if one not in full):
        draft.book.warn(
            draft.question.line, "answers that are partly right are left out", "list them if they are"
        )


def _reasoned(made: Item, full: list[Answer]) -> Item:
    """Keep the right answers' feedback above the general one: a typed card explains below its answer."""
    reasons = [gift_text.block(one.feedback, made.markup) for one in full if one.feedback.text]
    return replace(made, explanation="\n\n".join(reasons))


# What the text between the braces tells of the kind of question, in the order in which Moodle asks.
_KINDS: tuple[tuple[Callable[[str], object], Callable[[Draft], Item | None]], ...] = (
    (lambda body: not body.strip(), _essay),
    (lambda body: body.lstrip().startswith("#"), _numerical),
    (lambda body: "~" in body, _choice),
    (lambda body: "=" in body and "->" in body, _matching),
    (_TRUTH.fullmatch, _truth),
    (lambda _: True, _short),
)
