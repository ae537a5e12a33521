"""What a program gave: what it printed, its last expression, what it raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verideck.verifying import values

if TYPE_CHECKING:
    from verideck.verifying.values import Value


@dataclass(frozen=True, slots=True)
class RunResult:
    """A program's result.

    `value` is its last expression where that is a value that can be kept, `shown` the same as an interactive
    session shows it; `raised` is `Type: message`, empty where nothing was raised; `random` says that it drew
    numbers without a seed (and gave the same all the same).
    """

    printed: str = ""
    value: Value | None = None
    raised: str = ""
    random: bool = False
    shown: str = ""

    @property
    def text(self) -> str:
        """What a reader sees: what was printed, else the last expression; then what was raised."""
        parts = [self.printed if self.printed.strip() else self.shown, self.raised]
        return "\n".join(part.rstrip("\n") for part in parts if part.strip())


def to_json(result: RunResult) -> dict[str, Any]:
    """Turn a result into JSON data; what is empty is left out."""
    data: dict[str, Any] = {}
    for name in ("printed", "shown", "raised"):
        if text := getattr(result, name):
            data[name] = text
    if result.value is not None:
        data["value"] = values.to_json(result.value)
    if result.random:
        data["random"] = True
    return data


def from_json(data: object) -> RunResult:
    """Turn JSON data back into a result.

    Raises:
        ValueError: it is none.

    """
    if not isinstance(data, Mapping):
        raise ValueError("a run that is no object")  # noqa: TRY004  damaged data, not a wrong type of ours
    texts = [data.get(name, "") for name in ("printed", "raised", "shown")]
    random = data.get("random", False)
    if not all(isinstance(text, str) for text in texts) or not isinstance(random, bool):
        raise ValueError("a run whose texts are none")
    value = values.from_json(data["value"]) if "value" in data else None
    printed, raised, shown = texts
    return RunResult(printed, value, raised, random, shown)
