"""What the commands share: where they compute, and what they say on the terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from verideck.problems import Problem
    from verideck.verifying.provenance import Policy
    from verideck.verifying.run import Compute

Command = Callable[..., None]

MAX_SHOWN = 50  # problems on the terminal; a damaged file can have hundreds of thousands

_COLOURS = {"error": "red", "warning": "yellow"}
# Characters that a terminal obeys, which a deck may hold; our own colours are left.
_CONTROL = re.compile(r"\x1b\[(?:[0-2]|3[1-6])m|([\x00-\x08\x0b-\x1f\x7f-\x9f])")


def limited(command: Command) -> Command:
    """Give a command the option that says how much it computes."""
    option = click.option(
        "--max-steps",
        type=click.IntRange(min=1),
        metavar="N",
        help="Compute at most N steps for the deck; 10,000,000,000 by default, enough for 30,000 cards.",
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


def verifies(command: Command) -> Command:
    """Add the option that says what becomes of evidence from elsewhere."""
    trust = click.option(
        "--trust-evidence",
        is_flag=True,
        help="Believe evidence that was computed elsewhere; by default it is computed again, once.",
    )
    return trust(command)


def formats(command: Command) -> Command:
    """Add the option that says whether a command reports to the user or to a program."""
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="For a person or a program.",
    )
    return form(command)


def policy(trust: bool) -> Policy:
    """Choose what becomes of evidence from elsewhere; that it is computed again is said on stderr."""
    from verideck.verifying.provenance import Policy

    def announce(count: int) -> None:
        what, it = ("1 check was", "it") if count == 1 else (f"{count:,} checks were", "them")
        click.echo(f"{what} computed elsewhere: computing {it} once on this machine", err=True)

    return Policy(trust, announce)


def given(sources: Sequence[Path]) -> Sequence[Path]:
    """Give the sources that were named, else the folder `sources`, else this one.

    Raises SourcesError if `sources` is a link, for only what the user names may be one.
    """
    from verideck.sources import SourcesError

    if sources:
        return sources
    folder = Path("sources")
    if folder.is_symlink():
        raise SourcesError("`sources` is a link: name the folder that it leads to")
    return (folder,) if folder.is_dir() else (Path(),)


def base_of(output: Path) -> Path:
    """Return the folder below which no part of an output may be a link.

    That is the output itself if the user named it with `-o`, else this folder: a cloned deck may have a link
    in the place of `build`.
    """
    source = click.get_current_context().get_parameter_source("output")
    return Path() if source is click.core.ParameterSource.DEFAULT else output


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


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text that may come from a stranger's deck: what a terminal would obey is spelled out."""
    click.echo(
        _CONTROL.sub(lambda found: f"\\x{ord(found[1]):02x}" if found[1] else found[0], text), err=err, nl=nl
    )


def tell(problems: Sequence[Problem], all_with: str = "--format json") -> None:
    """Print the first problems to stderr, and how many there are; Click drops the colours off a terminal.

    Errors come first: they stop the build, and must not be lost among thousands of warnings. `all_with` is
    the option that shows all.
    """
    if not problems:
        return
    from verideck.problems import Severity
    from verideck.reports import count_problems

    listed = sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)
    for problem in listed[:MAX_SHOWN]:
        severity = click.style(problem.severity.value, fg=_COLOURS[problem.severity], bold=True)
        say(f"{problem.place}: {severity}: {problem.message}", err=True)
        if problem.hint:
            say(click.style(f"    hint: {problem.hint}", dim=True), err=True)
    if len(problems) > MAX_SHOWN:
        click.echo(f"… and {len(problems) - MAX_SHOWN:,} more; `{all_with}` shows all", err=True)
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
