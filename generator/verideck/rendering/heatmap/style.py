"""How a heatmap looks: the colour scales, the plate and its inks in light and dark, room, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Colours from one end of a scale to the other, evenly apart; between them lie straight lines. Along each
# scale lightness rises or falls without a turn, so the order of weights shows without any colour vision.
SCALES: Mapping[str, str] = {
    "indigo": (
        "faf6e4 e5ecc3 c9e3af a7dba4 82d1a0 58c6a1 1cbaa4 0ea9a4 0999a2 "
        "06889d 037897 016892 00588e 0e4788 1f3778 252865 251b52"
    ),
    # These three are known from plots. Their colours lie up to three levels of 255 beside the published ones,
    # which in 255 steps would repeat a colour or turn in lightness.
    "viridis": (
        "420053 4a1b6d 482e7a 454085 3d528c 35628c 2e7291 29828e 1f918f "
        "1ca188 2bad82 3dbe72 5bc765 83d34b a9dc32 d5e518 ffe622"
    ),
    "cividis": (
        "01214d 022a59 022f69 033571 1a3872 283f6b 31416f 3a4b6b 43506f 4b576a 545a6a "
        "5a5f71 63636d 696974 6d7370 777577 7a7e78 827f7b 8a8876 91907b 999679 a59874 "
        "aea076 b1aa6e bcab6d c2b56b cfbb63 d6c05d dbca56 e6cf51 efda46 fbdd3a fde935"
    ),
    "magma": (
        "000004 0a0822 1d1147 36106b 51127c 6a1c81 832681 9c2e7f b73779 "
        "d0416f e75263 f56b5c fc8961 fea772 fec488 fde2a3 fcfdbf"
    ),
    "grey": "ffffff 010101",  # nothing costs no ink in print
}
# "Nothing" lies near the plate: on a dark one these scales run from dark to light. The others run so
# everywhere: whoever knows them takes bright yellow for much.
FROM_THE_PLATE = frozenset({"indigo", "grey"})

MOST_DIGITS = 6
LEAST_ROOM, USUAL_ROOM, MOST_ROOM = 200, 330, 1200

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_COLOURS = ("plate", "ink", "soft", "faint", "cover", "hatched", "hatching")
_BETWEEN = 0.179  # relative luminance from which black stands out better than white


@dataclass(frozen=True)
class Style:
    """How pictures look; colours are written `#rrggbb`. Raises ValueError where it cannot be drawn.

    `scale` is one of `SCALES`. `soft` is the ink of labels, `faint` that of frames, `cover` a cell whose
    weight is still to be guessed, `hatched` and `hatching` the ground and the lines of masked cells.
    `numbers` puts weights into cells where they find room, with `digits` digits (None: as many as they ask).
    `room` is the width in pixels for the cells; beyond 200 to 1200 the nearer of these.
    `log` lets the scale follow the weights' magnitude.
    """

    scale: str = "indigo"
    plate: str = "#fbfaf7"
    ink: str = "#23232b"
    soft: str = "#5d5c66"
    faint: str = "#d9d6cd"
    cover: str = "#e2ddd0"
    hatched: str = "#efece5"
    hatching: str = "#b3aea2"
    numbers: bool = True
    digits: int | None = None
    room: int = USUAL_ROOM
    log: bool = False

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise ValueError(f"there is no scale `{self.scale}`, only {', '.join(SCALES)}")
        if self.digits is not None and self.digits not in range(MOST_DIGITS + 1):
            raise ValueError(f"numbers have 0 to {MOST_DIGITS} digits, not {self.digits}")
        for name in _COLOURS:
            # They go into the picture as they are, so nothing else may stand in them.
            if not _COLOUR.fullmatch(getattr(self, name)):
                raise ValueError(f"`{name}` is not a colour such as #23232b")

    @property
    def dark(self) -> bool:
        """Tell whether the plate is dark."""
        return luminance(rgb(self.plate)) < _BETWEEN


def rgb(colour: str) -> tuple[int, int, int]:
    """Give the red, green and blue of `#rrggbb`."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def luminance(colour: tuple[int, int, int]) -> float:
    """Give a colour's relative luminance as WCAG 2.2 defines it, 0 to 1."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def is_dark(colour: tuple[int, int, int]) -> bool:
    """Tell whether white stands out better than black on a colour."""
    return luminance(colour) < _BETWEEN


LIGHT = Style()
DARK = Style(
    plate="#272830",
    ink="#e7e5e0",
    soft="#b3b1bc",
    faint="#464754",
    cover="#544b40",
    hatched="#2f3039",
    hatching="#50515f",
)
