"""How high a heatmap will stand, told before anything is computed: nothing below it moves when it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..heatmap.drawing import draw
from ..heatmap.labels import clip
from ..heatmap.spec import Map
from ..settings import values

if TYPE_CHECKING:
    from ..reading.requests import Request
    from ..settings.values import Settings

_WORDS = ("query", "key", "masked", "weight", "score", "value")


def height(request: Request, settings: Settings) -> int:
    """Give the height of a block's picture in pixels, from its shape and its labels alone."""
    matrices = request.weights or request.query
    one = request.view.get("heads", "all") != "all"
    heads = 1 if one else len(matrices)
    chart = Map(
        weights=(((),) * len(request.queries),) * heads,  # covered, a cell's value makes no difference
        queries=tuple(map(clip, request.queries)),
        keys=tuple(map(clip, request.keys)),
        heads=("head",) * heads if request.heads or len(matrices) > 1 else (),
        masked=(),
        alt="",
        words={name: request.words.get(name, name) for name in _WORDS},
        low=0.0,
        high=1.0,
        unit="weight",
    )
    return draw(chart, covered=True, style=values.style(settings, dark=False)).height
