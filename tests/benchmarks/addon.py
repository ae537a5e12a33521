"""What the add-on costs in a real Anki: its start, and a stranger's data on the main thread; milliseconds.

Run: python tests/benchmarks/addon.py [start] [hooks] [reviewer]. The targets are 5 for import and
registration, and 100 for the longest that the main thread is kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from verideck import building
from verideck.packaging import ankiaddon

TESTS = Path(__file__).parents[1]
DESKTOP = TESTS / "desktop"
SHOWCASE = TESTS / "browser" / "showcase.md"
SCENARIOS: dict[str, tuple[str, dict[str, Any]]] = {
    "start": ("addon_starting.measured", {"times": 50}),
    "hooks": ("addon_hostile.through_hooks", {"count": 10_000}),
    "reviewer": ("addon_hostile.through_the_reviewer", {"count": 300}),
}
ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
    "LC_ALL": "C.UTF-8",
}


def main() -> None:
    """Measure, and print what was found."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        (folder / "cards").mkdir()
        (folder / "cards" / "showcase.md").write_text(SHOWCASE.read_text(encoding="utf-8"), encoding="utf-8")
        built = building.build([folder / "cards"], folder, now=1_790_000_000)
        if not isinstance(built, building.Built):
            raise SystemExit(str(built))
        bundle = folder / "it.ankiaddon"
        bundle.write_bytes(ankiaddon.bundle())
        for name in sys.argv[1:] or SCENARIOS:
            scenario, given = SCENARIOS[name]
            (folder / name).mkdir()
            answer = run(folder / name, built.package, bundle, scenario, given)
            for key, value in answer.items():
                sys.stdout.write(f"{name}: {key}: {value}\n")


def run(folder: Path, package: Path, bundle: Path, scenario: str, given: dict[str, Any]) -> dict[str, Any]:
    """Run a scenario in an Anki of its own."""
    arguments = json.dumps({**given, "desktop": {"addon": str(bundle)}})
    command = [sys.executable, str(DESKTOP / "driver.py"), str(folder), str(package), scenario, arguments]
    done = subprocess.run(command, env={**os.environ, **ENVIRONMENT}, stdout=subprocess.PIPE, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])["answer"]
    return answer


if __name__ == "__main__":
    main()
