"""How long the preview's page takes to follow a save: from the rename on disk to the new text on the page.

Run: python tests/benchmarks/previews.py [SAVES]. The deck of `sources/` is copied and previewed; a card's
prose is edited again and again, then a card's check. Medians, in milliseconds.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

SOURCES = Path(__file__).parents[2] / "sources"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KEYS = ("bench-prose", "bench-check")
CARDS = """---
deck: Attention and Reformer::99 Benchmark
---

## What does this benchmark edit?
<!-- card: #bench-prose -->

The text number {n}.

## What is the sum of {n} and one?
<!-- card: #bench-check typed -->

---

`{sum}`

```python check
answer == {n} + 1
```
"""


def save(path: Path, text: str) -> float:
    """Save as many editors do, beside and then renamed; gives the time of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    return time.time() * 1000


def followed(page: Page, path: Path, saves: int, place: int, text: Callable[[int], str]) -> list[float]:
    """Save again and again; give how long each took to be seen."""
    card = page.locator(f'.entry[data-key="{KEYS[place]}"]')
    card.evaluate("card => card.scrollIntoView()")
    answer = card.frame_locator('iframe[name="back"]').locator(".verideck.back .answer")
    answer.wait_for()
    times = []
    for n in range(saves):
        number = 100 + saves * place + n
        saved = save(path, CARDS.format(n=number, sum=number + 1))
        answer.get_by_text(text(number)).wait_for()
        times.append(time.time() * 1000 - saved)
    return times


def main() -> None:
    """Preview the deck with two cards more, and save them again and again."""
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        deck = Path(folder, "deck")
        shutil.copytree(SOURCES, deck)
        path = deck / "99-bench.md"
        save(path, CARDS.format(n=1, sum=2))
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "verideck", "preview", "--no-open", "--trust-evidence", str(deck)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout
            url = process.stdout.readline().split()[2]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.goto(url)
            page.wait_for_selector("#cards:not([aria-busy=true])")
            for place, text in enumerate(("The text number {}.".format, lambda n: f"{n + 1}")):
                times = followed(page, path, saves, place, text)
                name = ("prose", "a check that is computed anew")[place]
                middle = statistics.median(times)
                sys.stdout.write(f"{name:<32}{middle:>6.0f}   min {min(times):.0f}, max {max(times):.0f}\n")
            browser.close()
        finally:
            process.kill()
            process.communicate()


if __name__ == "__main__":
    main()
