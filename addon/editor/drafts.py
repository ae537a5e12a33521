"""A heatmap as it would be inserted: its file and its markup. Pure; may run in the background."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..drawing import static
from .composing import Composed, Inputs, composed

if TYPE_CHECKING:
    from ..heatmap.style import Style


@dataclass(frozen=True)
class Draft:
    """What was made of the inputs; without a name where something is wrong, which `composed` then tells."""

    composed: Composed
    name: str = ""
    data: bytes = b""
    html: str = ""

    @property
    def svg(self) -> str:
        """Give the picture as text."""
        return self.data.decode("utf-8")

    def called(self, name: str) -> str:
        """Give the markup with the name under which the media folder took the file."""
        return self.html.replace(f'src="{self.name}"', f'src="{name}"')


def drafted(inputs: Inputs, style: Style) -> Draft:
    """Make what would be inserted. Never raises."""
    made = composed(inputs)
    if made.spec is None and made.sketch is None:
        return Draft(made)
    try:
        if made.spec is None:
            return Draft(made, data=static.picture(made.sketch or {}, style)[1])
        name, data = static.picture(made.spec, style)
        html = static.html(name, made.spec, style)
    except ValueError as fault:
        return Draft(replace(made, spec=None, matrix=str(fault)))
    return Draft(made, name, data, marked(html, reveal=inputs.reveal))


def marked(html: str, *, reveal: bool) -> str:
    """Give an `<img>` that says whether its values are hidden on fronts until they are tapped."""
    return html[:-1] + ' data-reveal="">' if reveal else html
