"""Updates a collection and dies at the n-th word to Anki; run by the tests, never imported.

Arguments: the collection, the package, n. Prints how many words there were. Imports the standard library,
anki and the add-on alone.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from anki.collection import Collection

from addon.updating.applying import apply
from addon.updating.packages import read_package
from addon.updating.plan import Choices
from addon.updating.planning import planned

place, package, at = sys.argv[1], sys.argv[2], int(sys.argv[3])
col = Collection(place)
words = 0


def counted(call: Any) -> Any:
    def run(*args: Any, **options: Any) -> Any:
        global words
        words += 1
        if words == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **options)

    return run


with read_package(package) as opened:
    plan = planned(col, opened)
    for name in ("_run_command", "_db_command"):
        setattr(col._backend, name, counted(getattr(col._backend, name)))
    apply(col, opened, plan, Choices.usual(plan))
print(words)  # noqa: T201 - what the test reads
