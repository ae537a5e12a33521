"""What the add-on adds to Anki's start: import and registration, in milliseconds; the target is 5.

    python tests/benchmarks/startup.py [TIMES]

A real Anki has started; its own modules are there, as they are when it loads add-ons.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from verideck import building
from verideck.packaging import ankiaddon

DESKTOP = Path(__file__).parents[1] / "desktop"
DECK = "---\ndeck: One\n---\n\n## What is a query?\n<!-- card: #query -->\n\nThe vector that asks.\n"
ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
    "LC_ALL": "C.UTF-8",
}


def main() -> None:
    """Measure, and print what was found."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        (folder / "cards").mkdir()
        (folder / "cards" / "one.md").write_text(DECK, encoding="utf-8")
        built = building.build([folder / "cards"], folder, now=1_790_000_000)
        if not isinstance(built, building.Built):
            raise SystemExit(str(built))
        (folder / "it.ankiaddon").write_bytes(ankiaddon.bundle())
        (folder / "anki").mkdir()
        given = json.dumps({"times": times, "desktop": {"addon": str(folder / "it.ankiaddon")}})
        done = subprocess.run(
            [
                sys.executable,
                str(DESKTOP / "driver.py"),
                str(folder / "anki"),
                str(built.package),
                "addon_starting.measured",
                given,
            ],
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            text=True,
            check=True,
        )
    answer = json.loads(done.stdout.splitlines()[-1])["answer"]
    said = f"median {answer['median']:.2f} ms, most {answer['most']:.2f} ms"
    sys.stdout.write(f"import and registration, {times} times: {said}\n")


if __name__ == "__main__":
    main()
