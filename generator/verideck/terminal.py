"""What the commands share: where they compute, and what they say on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from verideck.problems import Problem
    from verideck.verifying.run import Compute

Command = Callable[..., None]

_COLOURS = {"error": "red", "warning": "yellow"}


def limited(command: Command) -> Command:
    """Give a command the option that says how much it computes."""
    option = click.option(
        "--max-steps",
        type=click.IntRange(min=1),
        metavar="N",
        help="Compute at most N steps for the deck; by default 10,000,000,000, three times 10,000 ordinary cards.",
    )
    return option(command)


def computes(command: Command) -> Command:
    """Give a command the options that say where it computes, and how much."""
    jobs = click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Compute in N processes; by default one a core, or one for few checks.",
    )
    dask = click.option("--dask", metavar="ADDRESS", help="Compute on the Dask cluster with this scheduler.")
    return limited(jobs(dask(command)))


def given(sources: Sequence[Path]) -> Sequence[Path]:
    """Give the sources that were named, else the folder `sources`, else this one."""
    if sources:
        return sources
    folder = Path("sources")
    return (folder,) if folder.is_dir() else (Path(),)


def computing(jobs: int | None, dask: str | None, max_steps: int | None) -> Compute:
    """Choose where to compute, and how much."""
    from verideck.verifying import executors
    from verideck.verifying.budgets import MAX_DECK_STEPS

    steps = max_steps or MAX_DECK_STEPS
    if dask is None:
        return executors.local(jobs, steps=steps)
    if jobs is not None:
        raise click.UsageError("either --jobs or --dask: a cluster has its own number of processes")
    return executors.cluster(dask, steps)


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Turn what the stages raise, which is never the fault of one line in a source, into a message."""
    from verideck.packaging.apkg import PackageError
    from verideck.packaging.files import WriteError
    from verideck.sources import SourcesError
    from verideck.verifying.executors import ExecutorError

    try:
        yield
    except SourcesError as fault:
        raise click.UsageError(str(fault)) from None
    except WriteError as fault:
        tell((fault.problem,))
        raise SystemExit(1) from None
    except (ExecutorError, PackageError) as fault:
        raise click.UsageError(str(fault)) from None


def tell(problems: Sequence[Problem]) -> None:
    """Print problems to stderr, and how many there are; Click drops the colours off a terminal."""
    if not problems:
        return
    from verideck.reports import count_problems

    for problem in problems:
        severity = click.style(problem.severity.value, fg=_COLOURS[problem.severity], bold=True)
        click.echo(f"{problem.place}: {severity}: {problem.message}", err=True)
        if problem.hint:
            click.echo(click.style(f"    hint: {problem.hint}", dim=True), err=True)
    click.echo(count_problems(problems), err=True)


@contextmanager
def progress(label: str = "computing") -> Iterator[Callable[[int, int], None]]:
    """Report how far the computing is: a bar on a terminal, plain lines elsewhere; on stderr."""
    with ExitStack() as stack:
        bar: ProgressBar[int] | None = None

        def draw(done: int, total: int) -> None:
            nonlocal bar
            if not total:
                return
            if bar is None:
                bar = stack.enter_context(click.progressbar(length=total, label=label, file=sys.stderr))
            bar.update(done - bar.pos)

        def line(done: int, total: int) -> None:
            if total and done in (0, total):
                click.echo(f"{label}: {done} of {total}", err=True)

        yield draw if sys.stderr.isatty() else line
