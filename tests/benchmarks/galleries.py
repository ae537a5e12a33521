"""How long a gallery of 1,000 cards on one page takes to write and to show: medians, in milliseconds.

Run: python tests/benchmarks/galleries.py [RUNS]. The system's Chromium opens the page from the disk, each
time in a new window without a cache.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from verideck.publishing import gallery

CARDS = 1_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MARKS = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return [paint.startTime, page.domContentLoadedEventEnd, page.loadEventEnd];
}"""

KINDS = (
    """## What does `softmax` make of {n} equal scores? ({n})
<!-- card: #choice-{n} level=beginner -->

```python
torch.softmax(torch.full(({n},), 3.0), dim=0)
```

- [x] Each weight is $1 / {n}$.
- [ ] Each weight is $3 / {n}$.

  The weights would sum to three.
- [ ] Each weight is $1$.

> [!TIP]
> They sum to one.

Every one of the {n} keys gets as much: $\\sum_{{i=1}}^{{{n}}} \\frac{{1}}{{{n}}} = 1$.
""",
    """## How many scores do {n} queries and {n} keys have?
<!-- card: #typed-{n} typed level=intermediate -->

---

`{square}`

---

One for each pair: ${n} \\times {n}$.

```python check
answer == {n} ** 2
```
""",
    """## What is a head of width {n} divided by?
<!-- card: #recall-{n} level=advanced -->

```python heatmap map
weights = softmax(causal_mask({size}))
tokens = {tokens}
alt = "Each row is even over its past."
```

By $\\sqrt{{{n}}}$, as in $\\operatorname{{softmax}}(QK^\\top / \\sqrt{{{n}}})V$.
""",
    """## A row of {n} weights
<!-- card: #cloze-{n} level=expert -->

The weights are {{{{c1::positive}}}} and sum to {{{{c1::one::how much?}}}}.
""",
)


def source(count: int = CARDS) -> str:
    """Write a deck of as many cards, one after another of each kind."""
    cards = (
        KINDS[place % len(KINDS)].format(
            n=place + 2,
            square=(place + 2) ** 2,
            size=place % 6 + 3,
            tokens=json.dumps(list("abcdefgh"[: place % 6 + 3])),
        )
        for place in range(count)
    )
    return "---\ndeck: Large\n---\n\n" + "\n".join(cards)


def written(sources: Path, site: Path) -> gallery.Published:
    """Write a gallery, or say what keeps it from being written."""
    made = gallery.publish([sources], site, now=int(time.time()))
    if not isinstance(made, gallery.Published):
        raise SystemExit("\n".join(map(str, made[:5])))
    return made


def opened(browser: Browser, page: Path) -> list[float]:
    """Open a page; gives the times of its first paint, of its script's end and of its load."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    shown = context.new_page()
    shown.goto(page.as_uri())
    shown.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    times: list[float] = shown.evaluate(MARKS)
    context.close()
    return times


def main() -> None:
    """Write the deck and its gallery, then open the page of all cards again and again."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        sources = Path(folder, "sources")
        sources.mkdir()
        (sources / "large.md").write_text(source(), encoding="utf-8")
        for name in ("the first time", "again"):
            started = time.perf_counter()
            made = written(sources, Path(folder, "site"))
            sys.stdout.write(f"{'written, ' + name:<26}{1000 * (time.perf_counter() - started):>8.0f}\n")
        page = Path(folder, "site", "decks", "large.html")
        sys.stdout.write(
            f"{'cards':<26}{made.cards:>8,}\n{'bytes of the page':<26}{page.stat().st_size:>8,}\n"
        )
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        times = list(zip(*(opened(browser, page) for _ in range(runs)), strict=True))
        for name, found in zip(("first paint", "script done", "loaded"), times, strict=True):
            line = (
                f"{name:<26}{statistics.median(found):>8.0f}   min {min(found):.0f}, max {max(found):.0f}\n"
            )
            sys.stdout.write(line)
        browser.close()


if __name__ == "__main__":
    main()
