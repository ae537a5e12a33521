"""How long a heatmap on a card takes in the real Anki desktop: from its page's question to a decoded picture.

Run: python tests/benchmarks/heatmaps.py [TIMES]. `first` is a heatmap that nobody has drawn, `next` another
view of it, `again` one that the add-on still has. Medians and the longest, in milliseconds.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from verideck import building
from verideck.packaging import ankiaddon

TESTS = Path(__file__).parents[1]
SHAPES = [[1, 10, 10], [1, 64, 64], [8, 64, 64]]
ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",
    "LC_ALL": "C.UTF-8",
}


def main() -> None:
    """Start Anki with the add-on, and let one of its pages ask again and again."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "cards").mkdir()
        (folder / "anki").mkdir()
        showcase = (TESTS / "browser" / "showcase.md").read_text(encoding="utf-8")
        (folder / "cards" / "showcase.md").write_text(showcase, encoding="utf-8")
        built = building.build([folder / "cards"], folder, now=1_790_000_000)
        if not isinstance(built, building.Built):
            sys.exit(str(built))
        bundle = folder / "attention-heatmaps.ankiaddon"
        bundle.write_bytes(ankiaddon.bundle())
        given = {"desktop": {"addon": str(bundle)}, "name": "heatmap", "shapes": SHAPES, "times": times}
        driver = [
            sys.executable,
            str(TESTS / "desktop" / "driver.py"),
            str(folder / "anki"),
            str(built.package),
        ]
        done = subprocess.run(
            [*driver, "addon_cards.timing", json.dumps(given)],
            capture_output=True,
            text=True,
            env={**os.environ, **ENVIRONMENT},
        )
        if done.returncode:
            sys.exit(done.stderr[-2000:])
    for shape, found in json.loads(done.stdout.splitlines()[-1])["answer"].items():
        told = (
            f"{kind} {statistics.median(each):6.1f} (most {max(each):6.1f})" for kind, each in found.items()
        )
        print(f"{shape:>11}:  " + "  ".join(told))  # noqa: T201  a benchmark tells


if __name__ == "__main__":
    main()
