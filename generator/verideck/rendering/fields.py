"""The fields that people read, each from a card and its verdict by a template of its own."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from verideck.cards import LEVELS, Card, Checked, Citation, Kind, Verdict
from verideck.rendering import inert, markup, variants
from verideck.rendering.note_types import TEMPLATES

if TYPE_CHECKING:
    from verideck.project import Project
    from verideck.rendering.context import Context

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES / "fields"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
)
TYPED = "typed"  # the key of a varying answer that is typed, before its place among the accepted ones
_LINK = re.compile(r"https?://", re.IGNORECASE)
_SHOWN = {Verdict.VERIFIED: "verified", Verdict.MEASURED: "measured", Verdict.CITED: "cited"}


def _fill(template: str, **values: object) -> str:
    text = _ENVIRONMENT.get_template(template).render(values).strip()
    return unicodedata.normalize("NFC", text)


def _html(html: str) -> Markup:
    """Hand what `markup` or `inert` made safe to a template as it is."""
    return Markup(html)  # noqa: S704  the one place where HTML passes unescaped; callers are in this file


@lru_cache(maxsize=4096)  # labels come again on every card
def _text(text: str) -> Markup:
    """Show a plain text, such as a label or a computed value."""
    return _html(inert.escape(inert.clean(text)))


def _link(url: str) -> Markup:
    return _html(inert.attribute(url)) if _LINK.match(url) else Markup()


def _labels(context: Context) -> Mapping[str, Markup]:
    return {name: _text(word) for name, word in context.labels.items()}


def question(card: Card, context: Context) -> str:
    """Give the heading as a paragraph, the body, and at the end the level, which the styling puts on top."""
    cloze = card.kind is Kind.CLOZE
    return _fill(
        "question.html",
        heading=_html(markup.inline(card.heading, context, cloze=cloze)),
        body=_html(markup.html(card.body, context, cloze=cloze)),
        level=_text(context.labels.get(card.level, card.level)),
        rank=LEVELS.index(card.level) + 1 if card.level in LEVELS else 0,
    )


@dataclass(frozen=True, slots=True)
class _Option:
    number: int  # in the source, from 1
    text: Markup
    ticked: bool
    reason: Markup


def _options(card: Card, card_id: str, context: Context) -> list[_Option]:
    """Render the options in the order in which clients without script show them.

    Authors tend to write the right one first. So the place of an option comes from a hash of the card
    and its text: the same at every build, and an edit of one option moves that one alone.
    """
    options = [
        _Option(
            number,
            _html(markup.inline(option.text, context)),
            option.ticked,
            _html(markup.html(option.reason, context)),
        )
        for number, option in enumerate(card.options, 1)
    ]
    if card.keep_order:
        return options
    return sorted(options, key=lambda one: hashlib.sha256(f"{card_id}\n{one.text}".encode()).digest())


def options(card: Card, card_id: str, context: Context) -> str:
    """List a choice card's options, unmarked."""
    if card.kind is not Kind.CHOICE:
        return ""
    shown = _options(card, card_id, context)
    return _fill("options.html", options=shown, select_all=card.select_all, labels=_labels(context))


def answer(card: Card, card_id: str, context: Context) -> str:
    """Give the whole answer, right without any script; a cloze card's is in its question."""
    match card.kind:
        case Kind.CHOICE:
            shown = _options(card, card_id, context)
            return _fill("answer_choice.html", options=shown, labels=_labels(context))
        case Kind.TYPED:
            accepted = [_html(markup.inline(text, context)) for text in card.accepted]
            return _fill("answer_typed.html", accepted=accepted, labels=_labels(context)) if accepted else ""
        case Kind.RECALL:
            return markup.html(card.answer, context)
        case Kind.CLOZE:
            return ""


def typed(card: Card, context: Context) -> str:
    """Give the first accepted answer as the plain text that Anki compares with what is typed.

    Anki knows the first variant's alone; the card's script compares with all of `accepted`.
    """
    texts = accepted(card, context)
    # Anki compares with the text of the field's HTML: entities, and no element.
    return inert.attribute(texts[0]).replace("&quot;", '"') if texts else ""


def accepted(card: Card, context: Context) -> list[str]:
    """Give every accepted answer as plain text, as the first variant has it."""
    if card.kind is not Kind.TYPED:
        return []
    texts = [markup.plain(text, context.varying) for text in card.accepted]
    if context.varying is None:
        return texts
    varied = [context.varying.texts(text) for text in texts]
    for place, each in enumerate(varied):
        context.varying.add(f"{TYPED}.{place}", each)
    return [each[0] for each in varied]


def hint(card: Card, context: Context) -> str:
    """Give the hint, closed."""
    text = markup.html(card.hint, context)
    return _fill("hint.html", text=_html(text), labels=_labels(context)) if text else ""


def section(label: str, markdown: str, context: Context) -> str:
    """Give a part of the back under its label; nothing where it is empty."""
    text = markup.html(markdown, context)
    return _fill("section.html", label=_labels(context)[label], text=_html(text)) if text else ""


def steps(checked: Checked, context: Context) -> str:
    """Give the verdict and the worked solution; nothing for a card that claims nothing."""
    verdict = _SHOWN.get(checked.verdict)
    if verdict is None:
        return ""
    proven = context.labels["proven"].replace("{proven}", str(checked.options_proven))
    proven = proven.replace("{options}", str(len(checked.card.options)))
    return _fill(
        "steps.html",
        verdict=verdict,
        badge=_text(context.labels[verdict]),
        proven=_text(proven) if checked.options_proven and checked.card.options else "",
        steps=_steps(checked, context),
        labels=_labels(context),
    )


def _steps(checked: Checked, context: Context) -> list[Mapping[str, Markup | bool]]:
    """Give the lines of the worked solution; lines that the first variant lacks are empty."""
    lines: list[Mapping[str, Markup | bool]] = []
    for place, step in enumerate(checked.steps):
        line: dict[str, Markup | bool] = {"name": _text(step.name), "value": _text(step.value)}
        if context.varying:
            for part in tuple(line):
                texts = [
                    inert.spoken(inert.clean(getattr(one.steps[place], part))) for one in checked.variants
                ]
                if key := context.varying.add(f"{place}.{part}", texts):
                    line[part] = _html(variants.span(key, texts[0]))
        lines.append({**line, "hidden": not step.value})
    return lines


def source(checked: Checked, project: Project, context: Context) -> str:
    """Give what the card cites, where its author found it, and the deck's licence."""
    return _fill(
        "source.html",
        citations=[_citation(citation, project) for citation in dict.fromkeys(checked.citations)],
        sources=[_html(markup.inline(text, context)) for text in checked.card.source],
        deck=_text(project.title),
        author=_text(project.author),
        licence=_text(project.license),
        licence_url=_link(project.license_url),
        labels=_labels(context),
    )


def _citation(citation: Citation, project: Project) -> Mapping[str, Markup]:
    work = project.works.get(citation.work)
    if work is None:
        return {"text": _text(citation.work), "url": Markup(), "place": _text(citation.place)}
    by = " ".join(part for part in (work.authors, work.year) if part)
    text = f"{by}: {work.title}" if by else work.title
    return {"text": _text(text), "url": _link(work.url), "place": _text(citation.place)}


def reverse(card: Card, context: Context) -> str:
    """Give what the reverse card asks; nothing where there is no such card."""
    return _fill("reverse.html", labels=_labels(context)) if card.reverse else ""
