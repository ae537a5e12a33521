"""A checked card to the note that Anki gets: every field, its tags, its media."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from verideck import tex
from verideck.cards import Card, Checked, Fence, Identity, Kind, Location, Media, Note
from verideck.problems import Problem, error, warning
from verideck.rendering import (
    RENDER_EPOCH,
    alternatives,
    cloze_sides,
    data,
    fields,
    inert,
    labels,
    media,
    svg,
    typeset,
    variants,
)
from verideck.rendering.context import Context, Picture
from verideck.rendering.note_types import CLOZE, FIELD_NAMES, STANDARD

if TYPE_CHECKING:
    from verideck.project import Project

__all__ = ["RENDER_EPOCH", "render"]

_MACHINE = ("Media", "Data", "Meta")
_NEVER_SET = frozenset(("ID", "Typed", *_MACHINE))  # MathJax does not see these, or passes over `<code>`


def render(
    checked: Checked, identity: Identity, project: Project, images: Mapping[str, Media | bytes]
) -> tuple[Note, tuple[Problem, ...]]:
    """Render a card's note.

    `images` maps the path of an image as the card writes it to its file. An image that the card lists
    and `images` lacks is left out in silence: whoever reads the files has reported it.
    """
    card = checked.card
    context, specs = _context(checked, project, images)
    shown = {
        "ID": inert.escape(f"{project.short}/{identity.card_id}"),
        "Question": fields.question(card, context),
        "Options": fields.options(card, identity.card_id, context),
        "Answer": fields.answer(card, identity.card_id, context),
        "Typed": fields.typed(card, context),
        "Hint": fields.hint(card, context),
        "Why": fields.section("why", card.explanation, context),
        "Mistake": fields.section("mistake", card.mistake, context),
        "Takeaway": fields.section("takeaway", card.takeaway, context),
        "Steps": fields.steps(checked, context),
        "Source": fields.source(checked, project, context),
        "Media": "".join(f'<img src="{one.name}">' for picture, _ in specs for one in _pictures(picture)),
        "Reverse": fields.reverse(card, context),
    }
    context.problems.extend(_advice(card, context, shown["Question"]))
    context.problems.extend(_unsafe(card, shown))
    shown["Data"] = _data(card, specs, context)
    shown["Meta"] = data.meta(project.namespace, card.deck, card.tags, shown)
    note = Note(
        note_type=(CLOZE if card.kind is Kind.CLOZE else STANDARD).name,
        deck=card.deck,
        fields=MappingProxyType({name: shown.get(name, "") for name in FIELD_NAMES}),
        tags=card.tags,
        media=tuple(context.media[name] for name in sorted(context.media)),
    )
    return note, tuple(dict.fromkeys(context.problems))


def _context(
    checked: Checked, project: Project, images: Mapping[str, Media | bytes]
) -> tuple[Context, list[tuple[Picture, Mapping[str, Any]]]]:
    """Draw the card's heatmaps and name its images; both stand ready for its text."""
    card = checked.card
    words = labels.of(project)
    problems: list[Problem] = []
    pictures: dict[str, Picture] = {}
    files: dict[str, Media] = {}
    specs: dict[str, tuple[Picture, Mapping[str, Any]]] = {}
    predicted = {one.name for one in card.heatmaps if one.predict}
    varying = variants.of(checked.variants)
    for place, values in enumerate(checked.heatmaps):
        drawn: list[Picture] = []
        try:
            for each in [one.heatmaps[place] for one in checked.variants] or [values]:
                spec = media.specification(each, words)
                picture, *made = _drawn(spec, words, covered=values.name in predicted)
                drawn.append(picture)
                files |= {file.name: file for file in made}
                specs[picture.name] = (picture, spec)
        except ValueError as fault:
            hint = "mend what its fence computes"
            problems.append(error(card.location, f"heatmap `{values.name}` cannot be drawn: {fault}", hint))
        else:
            pictures[values.name] = _varied(values.name, drawn, varying) if varying else drawn[0]
            problems += _too_many(card, values.name, drawn)
    places = {image.path: image.location for image in card.images}
    context = Context(
        card.location,
        words,
        _named(card, images, problems),
        pictures,
        places,
        files,
        problems,
        varying,
    )
    return context, list(specs.values())


def _drawn(
    spec: Mapping[str, Any], words: Mapping[str, str], *, covered: bool
) -> tuple[Picture, *tuple[Media, ...]]:
    """Draw a heatmap; covered as well, where it is to be predicted."""
    picture, file = media.picture(spec)
    if not covered:
        return picture, file
    cover, covering = media.picture({**spec, "alt": words["covered_map"]}, covered=True)
    return replace(picture, covered=cover), file, covering


def _pictures(picture: Picture) -> tuple[Picture, ...]:
    return (picture, picture.covered) if picture.covered else (picture,)


def _advice(card: Card, context: Context, question: str) -> Iterator[Problem]:
    """Warn of heatmaps that a learner gains less from than they could."""
    for heatmap in card.heatmaps:
        picture = context.pictures.get(heatmap.name)
        if picture is None:
            continue
        if fault := alternatives.fault(picture.alt):
            yield warning(_line(heatmap.fence, "alt"), *fault)
        if picture.covered and not heatmap.shared and picture.covered.name not in question:
            message = f"heatmap `{heatmap.name}` is to be predicted, but no front shows it"
            hint = "let it stand in the question, or take `predict` away"
            yield warning(heatmap.fence.location.down(-1), message, hint)


def _unsafe(card: Card, shown: Mapping[str, str]) -> Iterator[Problem]:
    """Report TeX that would reach MathJax without having come through `formulas`: a fault of ours."""
    for name, field in shown.items():
        if name in _NEVER_SET or not typeset.is_possible(field):
            continue
        for side in cloze_sides.every(field):
            for formula in typeset.find(side):
                for fault in _faults(formula)[:1]:
                    message = f"field {name} has a formula that is not safe: {fault.message}"
                    yield error(card.location, message, fault.hint)


def _faults(formula: tex.Formula) -> tuple[tex.Fault, ...]:
    """Give the faults of what MathJax finds; what it cannot close may take up the text behind it."""
    if formula.tex is None:
        return (tex.Fault(0, "it does not end", "close its braces"),)
    return tex.find_faults(formula.tex)


def _line(fence: Fence, name: str) -> Location:
    """Give the line of a fence that sets a name."""
    for number, line in enumerate(fence.code.split("\n")):
        if line.partition("=")[0].strip() == name:
            return fence.location.down(number)
    return fence.location


def _too_many(card: Card, name: str, drawn: Sequence[Picture]) -> list[Problem]:
    count = len({picture.name for picture in drawn})
    if count <= variants.MOST_PICTURES:
        return []
    message = f"heatmap `{name}` has {count} pictures, one for each variant that differs"
    hint = f"at most {variants.MOST_PICTURES}: draw fewer variants, or let the heatmap name fewer values"
    return [error(card.location, message, hint)]


def _varied(name: str, drawn: Sequence[Picture], varying: variants.Varying) -> Picture:
    """Give the first variant's picture with the keys of what differs in the others'."""
    covers = [one.covered for one in drawn if one.covered]
    covered = _varied(f"{name}.covered", covers, varying) if covers else None
    texts = {
        "src": [one.name for one in drawn],
        "alt": [inert.clean(one.alt) for one in drawn],
        "width": [str(one.width) for one in drawn],
        "height": [str(one.height) for one in drawn],
    }
    keys = {part: varying.add(f"{name}.{part}", each) for part, each in texts.items()}
    return replace(drawn[0], covered=covered, varying={part: key for part, key in keys.items() if key})


def _data(card: Card, specs: list[tuple[Picture, Mapping[str, Any]]], context: Context) -> str:
    """Give the Data field, when everything else has said what varies."""
    columns = context.varying.columns if context.varying else {}
    text = data.card_data(card, specs, columns, fields.accepted(card, context))
    if columns and len(text) > data.MOST_BYTES:
        message = f"the variants take {len(text):,} bytes, and a note has {data.MOST_BYTES:,} for them"
        hint = "draw fewer variants, or let less of the text vary"
        context.problems.append(error(card.location, message, hint))
    return text


def _named(card: Card, images: Mapping[str, Media | bytes], problems: list[Problem]) -> Mapping[str, Media]:
    """Give each image its name in the media folder; what cannot be shipped is a problem."""
    places = {image.path: image.location for image in card.images}
    named: dict[str, Media] = {}
    for path, given in images.items():
        dropped: list[str] = []
        try:
            named[path] = given if isinstance(given, Media) else media.image(path, given, dropped)
        except ValueError as fault:
            hint = "convert it to PNG, JPEG, GIF, WebP or plain SVG, and keep it small"
            problems.append(error(places.get(path, card.location), f"image `{path}` {fault}", hint))
        if dropped:
            message = f"image `{path}` is packed without {svg.describe(tuple(dropped))}"
            hint = "look at the card; to say so yourself, save the picture as plain SVG"
            problems.append(warning(places.get(path, card.location), message, hint))
    return named
