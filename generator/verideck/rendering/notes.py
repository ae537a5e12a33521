"""A checked card to the note that Anki gets: every field, its tags, its media."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from verideck.cards import Card, Checked, Identity, Kind, Media, Note
from verideck.problems import Problem, error
from verideck.rendering import RENDER_EPOCH, data, fields, inert, labels, media
from verideck.rendering.context import Context, Picture
from verideck.rendering.note_types import CLOZE, FIELD_NAMES, STANDARD

if TYPE_CHECKING:
    from verideck.project import Project

__all__ = ["RENDER_EPOCH", "render"]

_MACHINE = ("Media", "Data", "Meta")


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
        "Typed": fields.typed(card),
        "Hint": fields.hint(card, context),
        "Why": fields.section("why", card.explanation, context),
        "Mistake": fields.section("mistake", card.mistake, context),
        "Takeaway": fields.section("takeaway", card.takeaway, context),
        "Steps": fields.steps(checked, context),
        "Source": fields.source(checked, project, context),
        "Media": "".join(f'<img src="{name}">' for name, _ in specs),
        "Data": data.card_data(card, specs),
        "Reverse": fields.reverse(card, context),
    }
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
) -> tuple[Context, list[tuple[str, Mapping[str, Any]]]]:
    """Draw the card's heatmaps and name its images; both stand ready for its text."""
    card = checked.card
    words = labels.of(project)
    problems: list[Problem] = []
    pictures: dict[str, Picture] = {}
    files: dict[str, Media] = {}
    specs: dict[str, Mapping[str, Any]] = {}
    for values in checked.heatmaps:
        spec = media.specification(values, words)
        try:
            picture, file = media.picture(spec)
        except ValueError as fault:
            hint = "mend what its fence computes"
            problems.append(error(card.location, f"heatmap `{values.name}` cannot be drawn: {fault}", hint))
        else:
            pictures[values.name], files[file.name], specs[file.name] = picture, file, spec
    places = {image.path: image.location for image in card.images}
    context = Context(
        card.location,
        words,
        _named(card, images, problems),
        pictures,
        places,
        files,
        problems,
    )
    return context, list(specs.items())


def _named(card: Card, images: Mapping[str, Media | bytes], problems: list[Problem]) -> Mapping[str, Media]:
    """Give each image its name in the media folder; what cannot be shipped is a problem."""
    places = {image.path: image.location for image in card.images}
    named: dict[str, Media] = {}
    for path, given in images.items():
        try:
            named[path] = given if isinstance(given, Media) else media.image(path, given)
        except ValueError as fault:
            hint = "convert it to PNG, JPEG, GIF, WebP or plain SVG, and keep it small"
            problems.append(error(places.get(path, card.location), f"image `{path}` {fault}", hint))
    return named
