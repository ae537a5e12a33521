"""What the commands print: summaries and listings for a person, JSON for a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from verideck import json_reports
from verideck.cards import Checked, Kind, Verdict
from verideck.problems import Problem, Severity

if TYPE_CHECKING:
    from verideck.building import Built, Examined
    from verideck.packaging.lock import Changes
    from verideck.publishing.gallery import Published
    from verideck.reference.experiments import Experiment
    from verideck.verifying.library import Entry


def plural(count: int, noun: str) -> str:
    """Count a noun: `1 card`, `2 cards`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def size(count: int) -> str:
    """Give a file's size in the unit a person would choose."""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{count / 1e3:.0f} kB"


def count_problems(problems: Sequence[Problem]) -> str:
    """Close a list of problems with how many there are of each weight."""
    counts = Counter(problem.severity for problem in problems)
    parts = [plural(counts[severity], severity.value) for severity in Severity if counts[severity]]
    return ", ".join(parts)


def summary(built: Built, seconds: float) -> str:
    """Tell what a build made, what changed, and how to import it."""
    examined = built.examined
    lines = [
        f"{examined.project.title} {examined.project.version}",
        *_counts(examined),
        *_row("changes", changes(examined.changes), *named_changes(examined.changes)),
        *_row("computed", evidence(examined)),
        *_row("package", f"{built.package.as_posix()}, {size(built.size)}"),
        *_row("time", f"{seconds:.1f} s"),
    ]
    if examined.sources.project is None:
        lines += [
            "",
            f"Made {examined.sources.config.name}: it names this deck, keep it with the sources.",
        ]
    lines += [
        "",
        f"To import: in Anki, File → Import…, {built.package.name}; leave the options as they are.",
        "Importing a later build again updates these notes in place and keeps every review.",
    ]
    return "\n".join(lines)


def gallery(made: Published) -> str:
    """Tell what a gallery has, and where to begin."""
    what = f"{plural(made.cards, 'card')} on {plural(made.pages, 'page')}, {size(made.size)}"
    return f"{made.index.as_posix()}: {what}{trusted(made.trusted)}"


def _row(name: str, *lines: str) -> list[str]:
    """Set lines behind a name; none where there is nothing to say."""
    return [f"  {'' if place else name:<10}{line}" for place, line in enumerate(lines) if line]


def _counts(examined: Examined) -> list[str]:
    return [
        *_row("sources", part(examined)),
        *_row("cards", kinds(examined.checked)),
        *_row("verdicts", verdict_counts(examined.checked) + trusted(examined.verification.trusted)),
        *_row("options", options_proven(examined.checked)),
        *_row("lost", not_built(examined.checked)),
    ]


def part(examined: Examined) -> str:
    """Tell that a part of the deck was read; nothing where it was all of it."""
    sources = examined.sources
    if sources.whole:
        return ""
    read = f"{len(sources.files)} of {plural(len(sources.present), 'file')}"
    return f"{read}: a part of the deck; the cards of the others stay as they are"


def kinds(checked: Iterable[Checked]) -> str:
    """Count cards by kind."""
    counts = Counter(one.card.kind for one in checked)
    listed = ", ".join(f"{counts[kind]} {kind}" for kind in Kind if counts[kind])
    return f"{counts.total()}: {listed}" if listed else "none"


def verdict_counts(checked: Iterable[Checked]) -> str:
    """Count cards by verdict, the best first."""
    counts = Counter(one.verdict for one in checked)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in reversed(Verdict) if counts[verdict])


def trusted(count: int) -> str:
    """Tell, behind what else is told, how much was computed elsewhere and trusted; nothing for none."""
    return f"; {plural(count, 'check')} computed elsewhere and trusted" if count else ""


def not_built(checked: Iterable[Checked]) -> str:
    """Tell how many cards have lost a part and are not built; nothing where all are whole."""
    count = sum(1 for one in checked if one.card.lost)
    return f"{plural(count, 'card')} not built: a part of each is lost" if count else ""


def options_proven(checked: Iterable[Checked]) -> str:
    """Tell how many options of all choice cards are proven right or wrong."""
    counted = [
        (one.options_proven, len(one.card.options))
        for one in checked
        if one.card.options and not one.card.lost
    ]
    proven, options = (sum(column) for column in zip(*counted, strict=True)) if counted else (0, 0)
    return f"{proven} of {options} proven right or wrong" if options else ""


def changes(found: Changes) -> str:
    """Tell what a build changed since the lock, or that nothing did."""
    counts = {field.name: len(getattr(found, field.name)) for field in fields(found)}
    listed = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"{listed or 'none'} since deck.lock"


def named_changes(found: Changes, limit: int = 5) -> list[str]:
    """Name the cards whose history an author should look at, at most `limit` of a sort."""
    lines = []
    for sort in ("changed", "renamed", "retired", "revived", "moved"):
        said = [change for change in getattr(found, sort) if change.text]
        lines += [f"{sort} {change}" for change in said[:limit]]
        if len(said) > limit:
            lines.append(f"{sort} {len(said) - limit} more")
    return lines


def evidence(examined: Examined) -> str:
    """Tell how much was computed and how much was known."""
    done, known = examined.verification.computed, examined.verification.reused
    return f"{plural(done, 'check')} now, {known} from evidence.json" if done or known else ""


def verdicts(examined: Examined) -> str:
    """List every card with its verdict, then the counts."""
    lines = [_verdict_line(one) for one in examined.checked]
    closing = not_discriminating(examined.checked)
    return "\n".join([*lines, *([""] if lines else []), *_counts(examined), *closing])


def _verdict_line(one: Checked) -> str:
    at = one.card.location
    name = _name(one)
    proven = f"  {one.options_proven}/{len(one.card.options)} options" if one.card.options else ""
    lost = f"  lost: {', '.join(one.card.lost)}" if one.card.lost else ""
    return f"{one.verdict:<15} {at.path}:{at.line}  {name}{lost or proven}"


def as_json(examined: Examined) -> str:
    """Give what `check --format json` promises: cards with their claims, problems, and counts by verdict."""
    pairs = zip(examined.checked, examined.verification.elsewhere, strict=True)
    return json_reports.write(
        {
            "cards": [_card(one, is_here=not elsewhere) for one, elsewhere in pairs],
            "problems": [asdict(problem) for problem in examined.problems],
            **json_reports.totals(examined),
            "not_discriminating": [
                one.card.id or one.card.heading for one in examined.checked if not one.discriminating
            ],
        }
    )


def _card(one: Checked, *, is_here: bool) -> dict[str, Any]:
    return {
        "id": one.card.id,
        "path": one.card.location.path,
        "line": one.card.location.line,
        "kind": one.card.kind,
        "verdict": one.verdict,
        "computed_here": is_here,
        "options_proven": one.options_proven,
        "lost": list(one.card.lost),
        "claims": [asdict(claim) for claim in one.claims],
    }


def not_discriminating(checked: Iterable[Checked]) -> list[str]:
    """List the cards that no misconception tried on them would get wrong, with what was tried."""
    found = [one for one in checked if not one.discriminating]
    if not found:
        return []
    lines = ["", f"{plural(len(found), 'card')} that none of the misconceptions tried would get wrong:"]
    for one in found:
        tried = ", ".join(misconception.name for misconception in one.misconceptions)
        luck = next((misconception.luck for misconception in one.misconceptions if misconception.luck), "")
        lines.append(f"  {_name(one)}: {tried}{f' ({luck})' if luck else ''}")
    return lines


def _name(one: Checked) -> str:
    return f"#{one.card.id}" if one.card.id else one.card.heading


def library_list(entries: Mapping[str, Entry], experiments: Mapping[str, Experiment]) -> str:
    """List the computations, one a line, and the experiments."""
    width = max(len(name) for name in entries)
    lines = [f"{name:<{width}}  {entry.summary}" for name, entry in sorted(entries.items())]
    lines += ["", 'Experiments, for `measured("name")` and `measured_figure("name")`', ""]
    width = max(len(name) for name in experiments)
    lines += [f"{name:<{width}}  {one.summary}" for name, one in sorted(experiments.items())]
    return "\n".join([*lines, "", "`verideck library NAME` shows parameters, units, source and an example."])


def experiment(one: Experiment) -> str:
    """Show one experiment: what is measured, its settings and its threshold, and an example to paste."""
    limits = " and ".join(f"{limit:g}" for limit in one.threshold)
    side = f"{one.direction} {limits}" if one.direction else "none of its own: give `above=…` or `below=…`"
    rows = [("Figure", one.figure), ("Unit", one.unit), ("Holds", side), ("Source", one.source)]
    lines = [f'measured("{one.name}")', "", one.summary, ""]
    lines += [f"{name:<8} {text}" for name, text in rows if text]
    if one.settings:
        lines += ["", "Settings", *(f"  {name} (default {value!r})" for name, value in one.settings.items())]
    claim = f'measured("{one.name}")' if one.direction else f'measured("{one.name}", above=0)'
    return "\n".join([*lines, "", "Example", "", "```python check", f"explanation({claim})", "```"])


def library_entry(entry: Entry) -> str:
    """Show one computation with its parameters, units, source and an example to paste."""
    lines = [entry.signature, "", entry.summary]
    if entry.parameters:
        width = max(len(one.name) for one in entry.parameters)
        lines += ["", "Parameters"]
        for one in entry.parameters:
            default = f" (default {one.default})" if one.default else ""
            lines.append(f"  {one.name:<{width}}  {one.meaning}: {one.takes}{default}")
    lines += ["", f"Returns  {entry.returns}", f"Source   {entry.source}", "", "Example"]
    return "\n".join([*lines, "", "```python check", entry.example.strip(), "```"])
