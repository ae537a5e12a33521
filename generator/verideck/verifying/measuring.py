"""Measured claims: an experiment's figures over fixed seeds, and which side of a threshold they lie on.

The figure is the mean of the seeds' figures, the spread the largest less the smallest. A claim holds, or is
refuted, where the figure lies two spreads from the threshold; nearer to it nothing is said. Needs no torch.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeGuard

from verideck.problems import nearest
from verideck.reference.experiments import EXPERIMENTS, Experiment

SEEDS = 5
FEWEST, MOST = 3, 20
MARGIN = 2  # spreads between the figure and the threshold
CLOSE = 1e-12  # relative: what rounding may do to a mean of equal figures

LISTED = "`verideck library` lists the experiments"


Setting = tuple[str, bool | int | float | str]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What an experiment gave: one figure for each seed, and the side on which they must lie, if any."""

    experiment: str
    settings: tuple[Setting, ...]
    seeds: tuple[int, ...]
    figures: tuple[float, ...]
    direction: str = ""
    threshold: tuple[float, ...] = ()
    unit: str = ""

    @property
    def figure(self) -> float:
        """The mean of the figures; a whole number where all of them are the same one."""
        mean = math.fsum(self.figures) / len(self.figures)
        return int(mean) if self.spread == 0 and mean.is_integer() else mean

    @property
    def spread(self) -> float:
        """The largest figure less the smallest."""
        return max(self.figures) - min(self.figures)

    @property
    def margin(self) -> float:
        """How far the figure lies on the right side of the threshold; negative on the wrong one."""
        figure, (low, *high) = self.figure, self.threshold
        match self.direction:
            case "above":
                return figure - low
            case "below":
                return low - figure
            case "between":
                return min(figure - low, high[0] - figure)
        return 0.0 if math.isclose(figure, low, rel_tol=CLOSE) else -abs(figure - low)

    @property
    def holds(self) -> bool | None:
        """Whether the claim holds; None where the margin is under two spreads."""
        if abs(self.margin) < MARGIN * self.spread:
            return None
        return self.margin > 0 or (self.direction == "equal" and self.margin == 0)

    def __str__(self) -> str:
        """Tell figure, spread, direction and threshold: `64.3 ± 2.9, above 32 (5 seeds)`."""
        unit = f" {self.unit}" if self.unit else ""
        limits = " and ".join(f"{limit:g}" for limit in self.threshold)
        side = f", to be {self.direction} {limits}" if self.direction else ""
        return f"{self.figure:.4g}{unit}, spread {self.spread:.2g}{side}, {len(self.seeds)} seeds"


def measure(
    name: str,
    settings: Mapping[str, object],
    *,
    seeds: object = SEEDS,
    above: object = None,
    below: object = None,
    claims: bool = True,
) -> Measurement:
    """Run an experiment over the seeds 0, 1, … ; `above` and `below` set an author's own threshold.

    Raises ValueError, with a message for a person, for what does not fit.
    """
    experiment = EXPERIMENTS.get(name)
    if experiment is None:
        raise ValueError("; ".join(unknown_experiment(name)))
    known = _settings(experiment, settings)
    direction, threshold = _side(experiment, above, below) if claims else ("", ())
    if type(seeds) is not int or not FEWEST <= seeds <= MOST:
        raise ValueError(f"`seeds` is {seeds!r:.20}: an experiment runs over {FEWEST} to {MOST} seeds")
    numbers = tuple(range(seeds))
    figures = tuple(_figure(name, seed, known) for seed in numbers)
    wrong = [seed for seed, figure in zip(numbers, figures, strict=True) if not math.isfinite(figure)]
    if wrong:
        raise ValueError(f"the figure of `{name}` is no number for seed {wrong[0]}")
    return Measurement(name, known, numbers, figures, direction, threshold, experiment.unit)


def unknown_experiment(name: str) -> tuple[str, str]:
    """Return a message that no experiment has a name, and a hint."""
    return f"no experiment is called `{name}`", nearest(name, EXPERIMENTS) or LISTED


@cache
def _figure(name: str, seed: int, settings: tuple[Setting, ...]) -> float:
    """Run an experiment once in a job: several claims and each mutant may ask for it."""
    return EXPERIMENTS[name].run(seed, **dict(settings))


def forget() -> None:
    """Forget all figures, so that the steps of a job do not depend on what its process computed before."""
    _figure.cache_clear()
    modules = [module for name, module in sys.modules.items() if name.startswith("verideck.reference.")]
    for function in (one for module in modules for one in vars(module).values()):
        if hasattr(function, "cache_clear"):
            function.cache_clear()


def _settings(experiment: Experiment, given: Mapping[str, Any]) -> tuple[Setting, ...]:
    for name, value in given.items():
        default = experiment.settings.get(name)
        if default is None:
            known = ", ".join(f"`{one}`" for one in experiment.settings)
            hint = nearest(name, experiment.settings) or (f"it has {known}" if known else "it has none")
            raise ValueError(f"`{experiment.name}` has no setting `{name}`; {hint}")
        number = type(default) in (int, float) and type(value) in (int, float)
        if type(value) is not type(default) and not number:
            raise ValueError(f"`{name}` is {value!r:.40}; it is such as {default!r}")
    return tuple(sorted(given.items()))


def _side(experiment: Experiment, above: object, below: object) -> tuple[str, tuple[float, ...]]:
    own = [(word, limit) for word, limit in (("above", above), ("below", below)) if limit is not None]
    limits = tuple(limit for _, limit in own if type(limit) in (int, float))
    if len(limits) != len(own):
        raise ValueError("`above` and `below` are numbers")
    if len(own) == 2:
        return "between", limits  # type: ignore[return-value]  # numbers, just asked
    if own:
        return own[0][0], limits  # type: ignore[return-value]  # numbers, just asked
    if not experiment.direction:
        raise ValueError(
            f"`{experiment.name}` has no threshold of its own; give `above=…` or `below=…`, or state its "
            "figure with `measured_figure(…)`"
        )
    return experiment.direction, experiment.threshold


def to_json(measurement: Measurement) -> dict[str, object]:
    """Turn a measurement into JSON data: all that it takes to repeat it, and to judge it anew."""
    return {
        "experiment": measurement.experiment,
        "settings": dict(measurement.settings),
        "seeds": list(measurement.seeds),
        "figures": list(measurement.figures),
        "direction": measurement.direction,
        "threshold": list(measurement.threshold),
        "unit": measurement.unit,
    }


def from_json(data: object) -> Measurement:
    """Turn JSON data back into a measurement.

    Raises:
        ValueError: it is damaged.

    """
    if not isinstance(data, dict):
        raise ValueError("a measurement that is no object")  # noqa: TRY004  damaged data, not a type of ours
    experiment, direction, unit = (data.get(name) for name in ("experiment", "direction", "unit"))
    settings, seeds = data.get("settings"), data.get("seeds")
    figures, threshold = data.get("figures"), data.get("threshold")
    if not isinstance(settings, dict) or not isinstance(seeds, list) or not seeds:
        raise ValueError("a measurement without its settings or seeds")
    if not _numbers(figures) or not _numbers(threshold) or len(figures) != len(seeds):
        raise ValueError("a measurement without its figures")
    if {type(seed) for seed in seeds} != {int} or LIMITS.get(str(direction)) != len(threshold):
        raise ValueError("a measurement whose seeds or threshold are damaged")
    kept = tuple(sorted(settings.items()))
    return Measurement(
        str(experiment), kept, tuple(seeds), tuple(figures), str(direction), tuple(threshold), str(unit or "")
    )


LIMITS = {"": 0, "above": 1, "below": 1, "equal": 1, "between": 2}


def _numbers(data: object) -> TypeGuard[list[int | float]]:
    return isinstance(data, list) and all(type(item) in (int, float) and math.isfinite(item) for item in data)
