"""The settings as values: read from what Anki hands over, whatever somebody wrote there.

| setting | values | what it does |
| --- | --- | --- |
| `colours` | `indigo`, `viridis`, `cividis`, `magma`, `grey` | the scale of colours |
| `numbers` | `true`, `false` | numbers in the cells, where they fit |
| `precision` | `null`, 0 to 6 | decimals of these numbers; `null`: as the values ask |
| `size` | 200 to 1200 | pixels of width that the cells may take |
| `reveal` | `cell`, `row`, `all`, `never` | what a tap on a covered heatmap shows; `never`: none is covered |

All keys are flat, for Anki merges a person's values into the defaults key by key.
"""

from __future__ import annotations

import dataclasses
import difflib
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..heatmap.style import Style

COLOURS = ("indigo", "viridis", "cividis", "magma", "grey")
REVEALS = ("cell", "row", "all", "never")
SIZES = range(200, 1201)
PRECISIONS = range(7)


@dataclass(frozen=True)
class Settings:
    """What a person has set; the table above says what each value means."""

    colours: str = "indigo"
    numbers: bool = True
    precision: int | None = None
    size: int = 330
    reveal: str = "cell"


DEFAULT = Settings()


def read(config: object) -> tuple[Settings, tuple[str, ...]]:
    """Give the settings, and a message for each value that was wrong and stands at its default instead.

    A missing value is the default, too, without a message. Never raises.
    """
    if config is None:
        return DEFAULT, ()
    if not isinstance(config, Mapping):
        return DEFAULT, ("the settings are not an object in braces: all stand at their defaults",)
    good: dict[str, Any] = {}
    faults: list[str] = []
    for key, given in config.items():
        if key not in _READERS:
            faults.append(_unknown(key))
            continue
        taken, wanted = _READERS[key]
        value = taken(given)
        if value is _WRONG:
            default = _written(getattr(DEFAULT, key))
            faults.append(f"`{key}` is {_written(given)}, but may be {wanted}: taken as {default}")
        else:
            good[key] = value
    return Settings(**good), tuple(faults)


def written(settings: Settings) -> dict[str, Any]:
    """Give the settings as Anki keeps them."""
    return dataclasses.asdict(settings)


def style(settings: Settings, dark: bool) -> Style:
    """Give how heatmaps look under the settings, on a light page or a dark one."""
    from ..heatmap.style import DARK, LIGHT

    return dataclasses.replace(
        DARK if dark else LIGHT,
        scale=settings.colours,
        numbers=settings.numbers,
        digits=settings.precision,
        room=settings.size,
    )


_WRONG: Any = object()


def _one_of(names: tuple[str, ...]) -> Callable[[object], Any]:
    return lambda given: given if isinstance(given, str) and given in names else _WRONG


def _truth(given: object) -> Any:
    return given if isinstance(given, bool) else _WRONG


def _whole(numbers: range) -> Callable[[object], Any]:
    """Take whole numbers, also ones such as 330.0, which some editors of JSON write."""

    def taken(given: object) -> Any:
        if isinstance(given, bool) or not isinstance(given, int | float) or given not in numbers:
            return _WRONG
        return int(given)

    return taken


def _precision(given: object) -> Any:
    return None if given is None else _whole(PRECISIONS)(given)


_READERS: dict[str, tuple[Callable[[object], Any], str]] = {
    "colours": (_one_of(COLOURS), ", ".join(COLOURS)),
    "numbers": (_truth, "true or false"),
    "precision": (_precision, "null or 0 to 6"),
    "size": (_whole(SIZES), "200 to 1200"),
    "reveal": (_one_of(REVEALS), ", ".join(REVEALS)),
}

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 40


def _written(value: object) -> str:
    """Write a value as JSON does, and no more of it than a person needs to find it."""
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    try:
        return _SHORT.repr(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return "a number of thousands of digits"


def _unknown(key: object) -> str:
    near = difflib.get_close_matches(str(key)[:100], _READERS, 1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    return f"there is no setting {_written(key)}{hint}"
