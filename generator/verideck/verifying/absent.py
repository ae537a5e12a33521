"""Modules that a process can no longer load: it names them, and the one that forked it loads them."""

from __future__ import annotations

import importlib
import json
import re
import sys
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

OURS = re.compile(r"(torch|verideck)(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)
MARK = b'{"lacking"'

tried: set[str] = set()
"""What was loaded for forks, or could not be: it is asked for once."""


class Lacking(MetaPathFinder):
    """Finds no module, but keeps the names of ours and of torch's that were asked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    @classmethod
    def install(cls) -> Lacking:
        """Put it in the place of every other finder."""
        lacking = cls()
        sys.meta_path[:] = [lacking]
        return lacking

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find nothing."""
        del path, target
        if OURS.fullmatch(fullname) and fullname not in tried:
            self.names.append(fullname)
        return None


def tell(names: Sequence[str]) -> str:
    """Write what was lacking as a line of JSON."""
    return json.dumps({"lacking": list(names)})


def load(line: bytes) -> bool:
    """Load what an answer says was lacking; gives whether it named anything that had not been tried."""
    if not line.startswith(MARK):
        return False
    try:
        names = [name for name in json.loads(line)["lacking"] if OURS.fullmatch(name) and name not in tried]
    except (ValueError, TypeError):
        return False
    for name in names:
        tried.add(name)
        try:
            importlib.import_module(name)
        except ImportError:  # the fork will say so, too
            continue
    if "torch" in names and sys.modules.get("torch"):
        sys.modules["torch"].set_num_threads(1)
    return bool(names)
