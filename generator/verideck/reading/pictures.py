"""The heatmaps and images of a card: its own, and the ones its texts name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Heatmap, Image, Location
from verideck.problems import Problem, error
from verideck.reading import images, names

if TYPE_CHECKING:
    from verideck.reading.passages import Passage


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a card shows: its own heatmaps first, then the shared ones it places."""

    heatmaps: tuple[Heatmap, ...]
    images: tuple[Image, ...]
    problems: tuple[Problem, ...]


def find(
    own: Sequence[Heatmap], passages: Sequence[Passage], shared: Mapping[str, Heatmap], path: str
) -> Pictures:
    """Find a card's pictures, and report names that are taken, unknown or written wrongly."""
    problems: list[Problem] = []
    heatmaps: dict[str, Heatmap] = {}
    for heatmap in own:
        taken = heatmaps.get(heatmap.name) or shared.get(heatmap.name)
        if taken is None:
            heatmaps[heatmap.name] = heatmap
        else:
            place = heatmap.fence.location
            hint = f"it already stands on line {taken.fence.location.line - 1}; give this one another name"
            at = Location(path, place.line - 1)
            problems.append(error(at, f"a second heatmap named `{heatmap.name}`", hint))
    found: list[Image] = []
    for passage in passages:
        named, faults = images.scan(passage.text)
        if not named and not faults:
            continue
        locate = passage.locator(path)
        problems.extend(error(locate(fault.offset), fault.message, fault.hint) for fault in faults)
        for one in named:
            at = locate(one.offset)
            if not one.target.startswith(images.HEATMAP):
                found.append(Image(one.target, at))
            elif (known := heatmaps.get(one.heatmap) or shared.get(one.heatmap)) is not None:
                heatmaps[one.heatmap] = known
            else:
                problems.append(_unknown(one.heatmap, at, [*heatmaps, *shared]))
    return Pictures(tuple(heatmaps.values()), tuple(found), tuple(problems))


def _unknown(name: str, at: Location, known: Sequence[str]) -> Problem:
    hint = names.meant(name, known)
    hint = hint or "a heatmap of several cards stands above the first one, in a `python heatmap NAME` fence"
    return error(at, f"an unknown heatmap `{names.shown(name)}`", hint)
