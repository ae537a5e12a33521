"""A page's question to its answer: a drawing, where its cells are, what they hold."""

from __future__ import annotations

import base64
import dataclasses
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from html import escape
from threading import Lock
from typing import TYPE_CHECKING, Any

from .. import heatmap
from ..drawing import static, views
from ..heatmap import ends, labels
from ..heatmap.drawing import draw
from ..settings import values

if TYPE_CHECKING:
    from ..heatmap.ends import Rows
    from ..heatmap.style import Style
    from ..settings.values import Settings
    from .messages import Draw
    from .sources import Source, Spec

MOST_READ = 32  # specifications that are kept
MOST_KEPT = 48  # answers
MOST_LETTERS = 8_000_000  # of all answers kept
MOST_CELLS_AHEAD = 8_192  # of a heatmap of which the room is told before its card is shown
MOST_LETTERS_AHEAD = 2_000  # of its tokens
_WIDEST = 2_000.0  # pixels of a token: more than a card's width
_SMALL = 0.02  # what a row may be off 1 and still count as shares

Answer = dict[str, Any]


def answer(asked: Draw, spec: Spec, style: Style) -> Answer:
    """Draw what is asked for. Raises ValueError where the specification or the view cannot be drawn.

    `cells` has a text for each head: rows end in `;`, numbers in a blank, and `-` is masked. `cannot` says of
    a view why it makes no sense here.
    """
    view = views.View.of(asked.view)
    chart = heatmap.read(views.shown(spec, view), log=view.log)
    whole = draw(chart, style=style)
    covered = draw(chart, covered=True, style=style) if view.covered else None
    names = [str(name) for name in spec.get("heads") or ()]
    exact = spec.get("exact") is not False
    return {
        "picture": _url(whole.svg),
        "cover": _url(covered.svg) if covered else "",
        "width": whole.width,
        "height": whole.height,
        "grid": whole.grid,
        "cells": [_written(matrix, chart.masked, exact=exact) for matrix in chart.weights],
        "queries": _whole(spec["queries"]),
        "keys": _whole(spec["keys"]),
        "heads": chart.heads,
        "every": names or [str(number + 1) for number in range(len(spec["weights"]))],
        "exact": exact,
        "masked": chart.words["masked"],
        "alt": chart.alt or static.described(spec),
        "cannot": cannot(spec),
    }


def _url(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def _whole(tokens: Sequence[object]) -> list[str]:
    """Give tokens as they are told of, beyond the room that a picture has; blanks are seen."""
    return [labels.clip(str(token), _WIDEST) or "“”" for token in tokens]


def _written(matrix: Rows, masked: Sequence[Sequence[bool]], *, exact: bool) -> str:
    """Write a head's values, in one go for each row: a page waits for tens of thousands.

    Nine digits tell any two numbers of single precision apart; three are more than a picture's steps hold.
    """
    form = " ".join(["%.9g" if exact else "%.3g"] * len(matrix[0]))
    rows = [form % tuple(row) for row in matrix]
    for i, hidden in enumerate(masked):
        if any(hidden):
            texts = rows[i].split(" ")
            rows[i] = " ".join("-" if hide else text for hide, text in zip(hidden, texts, strict=True))
    return ";".join(rows)


def cannot(spec: Spec) -> dict[str, str]:
    """Say which views make no sense of a good specification, each with its reason."""
    rows = ends.visible(spec["weights"], spec.get("masked") or ())
    filled = [row for row in rows if row]
    reasons = {}
    if any(min(row) < 0 for row in filled):
        reasons["rows"] = "rows with negative values have no shares"
        reasons["log"] = "it needs values that are not negative"
    elif not any(map(any, filled)):
        reasons["rows"] = reasons["log"] = "all values are 0"
    elif all(abs(sum(row) - 1) <= _SMALL for row in filled):
        reasons["rows"] = "each of them does already"
    return reasons


class Answers:
    """Answers questions, and keeps what it read and drew last, so that a back comes as fast as it can."""

    def __init__(self, media: Callable[[str], bytes]) -> None:
        self._media = media
        self._specs: OrderedDict[str, Spec] = OrderedDict()
        self._kept: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self._lock = Lock()  # several may be drawn at once

    def of(self, asked: Draw, source: Source, settings: Settings) -> Answer:
        """Give the answer to a question. Raises ValueError, or OSError where a picture cannot be read."""
        if asked.room:
            settings = dataclasses.replace(settings, size=asked.room)
        view = views.View.of(asked.view)
        key = (source.identity, view, asked.dark, settings)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = answer(asked, self._spec(source), values.style(settings, asked.dark))
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT or (len(self._kept) > 1 and self._letters() > MOST_LETTERS):
                self._kept.popitem(last=False)
        return made

    def room(self, source: Source, settings: Settings) -> tuple[int, int] | None:
        """Give the width and height of a drawing, or nothing where that takes long. Raises as `of` does."""
        spec = self._spec(source)
        weights, labels = spec["weights"], (*spec["queries"], *spec["keys"])
        cells = len(weights) * len(weights[0]) * len(weights[0][0])
        if cells > MOST_CELLS_AHEAD or sum(map(len, labels)) > MOST_LETTERS_AHEAD:
            return None
        made = heatmap.drawn(spec, covered=True, style=values.style(settings, dark=False))
        return made.width, made.height

    def _letters(self) -> int:
        return sum(len(one["picture"]) + len(one["cover"]) for one in self._kept.values())

    def _spec(self, source: Source) -> Spec:
        with self._lock:
            if source.identity in self._specs:
                self._specs.move_to_end(source.identity)
                return self._specs[source.identity]
        if source.spec is not None:
            found: Mapping[str, Any] = source.spec()
        else:
            from ..reading import pictures

            found = pictures.spec_of(self._media(source.file))
        with self._lock:
            self._specs[source.identity] = found
            while len(self._specs) > MOST_READ:
                self._specs.popitem(last=False)
        return found


def image(answered: Answer) -> str:
    """Give an answer as an `<img>`; covered, it tells nothing of what is to be predicted."""
    alt = "" if answered["cover"] else answered["alt"]
    return (
        f'<img src="{answered["cover"] or answered["picture"]}" width="{answered["width"]}"'
        f' height="{answered["height"]}" alt="{escape(alt)}">'
    )
