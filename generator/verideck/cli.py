"""The command line: parses arguments, calls the stages, prints. Each stage is imported when needed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from verideck import __version__, terminal

EXISTING = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

SOURCES_HELP = "SOURCES are files or folders of one deck; without them, the folder `sources`, or this one."

FMT_HELP = (
    f"{SOURCES_HELP} For example: `verideck fmt --ids cards`, or `verideck fmt --check` before a commit."
)

PAGES_HELP = (
    "A PAGE is a saved quiz page (text or HTML), GIFT, Aiken, text2qti, an Anki export (CSV, TSV) or "
    "package, or a folder of such files."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="verideck")
def main() -> None:
    """Turn flashcard sources into Anki decks whose answers have been recomputed."""
    # A terminal or pipe with a narrow encoding shows `?` for what it lacks rather than a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@main.command(epilog=SOURCES_HELP, short_help="Verify cards, write the package.")
@click.argument("sources", nargs=-1, type=EXISTING)
@click.option(
    "-o", "--output", type=FOLDER, default=Path("build"), show_default=True, help="Folder for the package."
)
@click.option("--locked", is_flag=True, help="Fail where deck.lock would change; write the package only.")
@click.option("--fresh", is_flag=True, help="Compute everything again, whatever evidence there is.")
@terminal.formats
@terminal.verifies
@terminal.computes
def build(
    sources: tuple[Path, ...],
    output: Path,
    *,
    locked: bool,
    fresh: bool,
    form: str,
    trust_evidence: bool,
    jobs: int | None,
    dask: str | None,
    max_steps: int | None,
) -> None:
    """Verify SOURCES and write OUTPUT/<deck>.apkg, ready to import in Anki."""
    import time

    from verideck import building, json_reports, reports

    started = time.perf_counter()
    with terminal.wrong_usage(), terminal.progress() as progress:
        result = building.build(
            terminal.given(sources),
            output,
            base=terminal.base_of(output),
            locked=locked,
            fresh=fresh,
            policy=terminal.policy(trust_evidence),
            progress=progress,
            compute=terminal.computing(jobs, dask, max_steps),
            now=int(time.time()),
        )
    if form == "json":
        click.echo(json_reports.build(result))
    if not isinstance(result, building.Built):
        terminal.tell(result)
        raise SystemExit(1)
    terminal.tell(result.problems)
    if form == "text":
        terminal.say(reports.summary(result, time.perf_counter() - started))


@main.command(epilog=SOURCES_HELP, short_help="Verify cards, write nothing.")
@click.argument("sources", nargs=-1, type=EXISTING)
@click.option("--fresh", is_flag=True, help="Compute everything again, whatever evidence there is.")
@terminal.formats
@terminal.verifies
@terminal.computes
def check(
    sources: tuple[Path, ...],
    *,
    fresh: bool,
    form: str,
    trust_evidence: bool,
    jobs: int | None,
    dask: str | None,
    max_steps: int | None,
) -> None:
    """Read and verify SOURCES; write nothing."""
    import time

    from verideck import building, reports
    from verideck.problems import has_errors

    with terminal.wrong_usage(), terminal.progress() as progress:
        examined = building.examine(
            terminal.given(sources),
            now=int(time.time()),
            fresh=fresh,
            policy=terminal.policy(trust_evidence),
            progress=progress,
            compute=terminal.computing(jobs, dask, max_steps),
        )
    if form == "json":
        click.echo(reports.as_json(examined))
    else:
        terminal.say(reports.verdicts(examined))
    terminal.tell(examined.problems)
    if has_errors(examined.problems):
        raise SystemExit(1)


@main.command("fmt", epilog=FMT_HELP, short_help="Write sources in one form.")
@click.argument("sources", nargs=-1, type=EXISTING)
@click.option("--ids", "with_ids", is_flag=True, help="Write an id for each card that has none.")
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if a file would change."
)
@click.option("--diff", "as_diff", is_flag=True, help="Write nothing; print what would change.")
def format_(sources: tuple[Path, ...], *, with_ids: bool, only_check: bool, as_diff: bool) -> None:
    """Write SOURCES in their canonical form. No card changes, and a file with an error stays as it is.

    With --ids a card gets the id under which deck.lock knows it, and keeps it from then on whatever you edit.
    """
    import time

    from verideck import format_sources
    from verideck.problems import has_errors

    writes = not (only_check or as_diff)
    with terminal.wrong_usage():
        formatting = format_sources.format_sources(
            terminal.given(sources), now=int(time.time()), with_ids=with_ids
        )
        if writes:
            format_sources.write_sources(formatting)
    # A patch is for a program; on a terminal it is read.
    say = click.echo if as_diff and not sys.stdout.isatty() else terminal.say
    for line in format_sources.report(formatting, as_diff=as_diff, is_written=writes):
        say(line)
    terminal.tell(formatting.problems)
    if has_errors(formatting.problems) or (only_check and formatting.changed):
        raise SystemExit(1)


@main.command(epilog=SOURCES_HELP, short_help="Show how one card is verified.")
@click.argument("card")
@click.argument("sources", nargs=-1, type=EXISTING)
@terminal.verifies
@terminal.computes
def explain(
    card: str,
    sources: tuple[Path, ...],
    *,
    trust_evidence: bool,
    jobs: int | None,
    dask: str | None,
    max_steps: int | None,
) -> None:
    """Show CARD's question, check, worked steps, verdict and record; its id, or a unique part of it."""
    import time

    from verideck import building
    from verideck.problems import has_errors
    from verideck.verifying import explaining

    with terminal.wrong_usage(), terminal.progress() as progress:
        examined = building.examine(
            terminal.given(sources),
            now=int(time.time()),
            policy=terminal.policy(trust_evidence),
            progress=progress,
            compute=terminal.computing(jobs, dask, max_steps),
        )
    files = {checked.card.location.path for checked in examined.checked}
    problems = [problem for problem in examined.problems if problem.path not in files]
    terminal.tell(problems)  # those of the deck as a whole; a card's own are explained
    try:
        found = explaining.find(examined.checked, card)
    except explaining.UnknownCardError as unknown:
        raise click.BadParameter(str(unknown), param_hint="CARD") from None
    elsewhere = examined.verification.elsewhere[examined.checked.index(found)]
    terminal.say(explaining.explain(found, examined.checked, examined.problems, len(elsewhere)))
    if has_errors(problems):
        raise SystemExit(1)


@main.command("import", epilog=PAGES_HELP, short_help="Turn saved quiz pages into sources.")
@click.argument("pages", nargs=-1, required=True, type=EXISTING, metavar="PAGE...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="A source, FILE.md, for all pages, or a folder for one source a page; merged into what is there.",
)
@click.option("--overwrite", is_flag=True, help="Replace cards that were edited by hand, too.")
@click.option("--explain", is_flag=True, help="Show the pages with each line's fate in the margin.")
@terminal.formats
@terminal.computes
def import_(
    pages: tuple[Path, ...],
    output: Path | None,
    *,
    overwrite: bool,
    explain: bool,
    form: str,
    jobs: int | None,
    dask: str | None,
    max_steps: int | None,
) -> None:
    """Read saved PAGEs and other formats, recompute their answers, and write Markdown sources.

    What a page has lost, and what is wrong with it, is said on standard error and beside its card.
    """
    from verideck.importing import flow, gathering, placing, showing
    from verideck.problems import has_errors

    found = gathering.find(pages)
    if not found:
        raise click.UsageError(f"no pages there: they end in {', '.join(gathering.SUFFIXES)}")
    if output is None and len(found) > 1 and not explain and form == "text":
        raise click.UsageError(f"{len(found)} pages: say with -o which FILE.md or folder they go to")
    with terminal.wrong_usage():
        if output is not None:
            placing.check(output)  # refused before the work is done
        with terminal.progress("reading") as reading, terminal.progress() as progress:
            imported = flow.import_pages(
                found,
                reading=reading if len(found) > 1 else flow.silent,
                progress=progress,
                compute=terminal.computing(jobs, dask, max_steps),
            )
        placed, refused = placing.place(imported.pages, output, overwrite=overwrite)
        placing.write(placed)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    say = terminal.say if sys.stdout.isatty() else click.echo
    problems = (*imported.problems, *refused)
    for text in showing.output(
        imported.pages, placed, problems, click.style, explain=explain, form=form, width=width
    ):
        say(text, nl=not text.endswith("\n"))
    for text in showing.merges(placed, click.style, overwrite=overwrite):
        terminal.say(text, err=True)
    terminal.tell(problems)
    if has_errors(problems):
        raise SystemExit(1)


@main.command(epilog=SOURCES_HELP, short_help="Verify cards, write them for another program.")
@click.argument("sources", nargs=-1, type=EXISTING)
@click.option("--format", "form", type=click.Choice(["gift"]), required=True, help="Moodle's GIFT.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The file to write.",
)
@click.option(
    "--report",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For a person or a program.",
)
@terminal.verifies
@terminal.computes
def export(
    sources: tuple[Path, ...],
    output: Path,
    *,
    form: str,
    report: str,
    trust_evidence: bool,
    jobs: int | None,
    dask: str | None,
    max_steps: int | None,
) -> None:
    """Verify SOURCES and write their cards to FILE; what the format cannot carry is said card by card."""
    import time

    from verideck import exporting, json_reports, reports

    with terminal.wrong_usage(), terminal.progress() as progress:
        result = exporting.export(
            terminal.given(sources),
            output,
            form,
            now=int(time.time()),
            policy=terminal.policy(trust_evidence),
            progress=progress,
            compute=terminal.computing(jobs, dask, max_steps),
        )
    if report == "json":
        click.echo(json_reports.export(result))
    terminal.tell(result.problems, all_with="--report json")
    if not result.written:
        raise SystemExit(1)
    if report == "text":
        terminal.say(f"{output}: {result.count} of {result.total} cards{reports.trusted(result.trusted)}")


@main.command(epilog=SOURCES_HELP, short_help="Write a site that shows the deck.")
@click.argument("sources", nargs=-1, type=EXISTING)
@click.option(
    "-o",
    "--output",
    type=FOLDER,
    default=Path("build/gallery"),
    show_default=True,
    metavar="DIR",
    help="Folder for the site; files that no gallery wrote stay as they are.",
)
@click.option("--locked", is_flag=True, help="Fail where deck.lock would change; write the site only.")
@terminal.formats
@terminal.verifies
@terminal.computes
def gallery(
    sources: tuple[Path, ...],
    output: Path,
    *,
    locked: bool,
    form: str,
    trust_evidence: bool,
    jobs: int | None,
    dask: str | None,
    max_steps: int | None,
) -> None:
    """Verify SOURCES, build the package, and write both as a static site: open DIR/index.html."""
    import time

    from verideck import json_reports, reports
    from verideck.publishing import gallery as galleries

    with terminal.wrong_usage(), terminal.progress() as progress:
        result = galleries.publish(
            terminal.given(sources),
            output,
            now=int(time.time()),
            base=terminal.base_of(output),
            locked=locked,
            policy=terminal.policy(trust_evidence),
            progress=progress,
            compute=terminal.computing(jobs, dask, max_steps),
        )
    if form == "json":
        click.echo(json_reports.gallery(result))
    if not isinstance(result, galleries.Published):
        terminal.tell(result)
        raise SystemExit(1)
    terminal.tell(result.problems)
    if form == "text":
        terminal.say(reports.gallery(result))


@main.command(epilog=SOURCES_HELP, short_help="Show the cards while they are written.")
@click.argument("sources", nargs=-1, type=EXISTING)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="Listen on port N, not on a free one.",
)
@click.option("--open/--no-open", "opens", default=True, help="Open the page in the browser, or do not.")
@terminal.verifies
@terminal.limited
def preview(
    sources: tuple[Path, ...], *, port: int, opens: bool, trust_evidence: bool, max_steps: int | None
) -> None:
    """Show every card of SOURCES, both sides, with verdicts and problems, on a page that follows each save.

    The page is served on 127.0.0.1 only. Nothing is written beside the sources; Ctrl+C ends it.
    """
    try:
        from verideck.previewing import serving
    except ModuleNotFoundError as missing:
        hint = "pip install starlette uvicorn watchfiles"
        raise click.UsageError(f"the preview needs the package `{missing.name}`: {hint}") from None

    from verideck.verifying.provenance import Policy

    def started(url: str) -> None:
        click.echo(f"Preview at {url} (Ctrl+C ends it)")
        if opens:
            click.launch(url)

    with terminal.wrong_usage():
        try:
            policy = Policy(trust_evidence)
            serving.serve(terminal.given(sources), port, started, policy, max_steps)
        except serving.PortError as fault:
            raise click.UsageError(str(fault)) from None


@main.command(epilog=SOURCES_HELP, short_help="Begin, restore, fork or merge deck.lock.")
@click.argument("sources", nargs=-1, type=EXISTING)
@click.option("--new", "begins", is_flag=True, help="Begin a lock for a deck that nobody has yet.")
@click.option(
    "--from",
    "package",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="PACKAGE",
    help="Make a lost lock again from the last package of the deck.",
)
@click.option("--fork", "forks", is_flag=True, help="Give a copy of a deck its own identities.")
@click.option(
    "--merge",
    "versions",
    nargs=3,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="BASE OURS THEIRS",
    help="Merge two versions of deck.lock or evidence.json into OURS, as a merge driver of git.",
)
@terminal.computes
def lock(
    sources: tuple[Path, ...],
    *,
    begins: bool,
    package: Path | None,
    forks: bool,
    versions: tuple[Path, Path, Path] | None,
    jobs: int | None,
    dask: str | None,
    max_steps: int | None,
) -> None:
    """Begin, restore, fork or merge the file that keeps which card is which note in Anki.

    A merge driver for git: `git config merge.verideck.driver "verideck lock --merge %O %A %B"`, and
    `merge=verideck` for deck.lock and evidence.json in .gitattributes.
    """
    import time

    from verideck import lock_files
    from verideck.problems import has_errors

    if sum(map(bool, (begins, package, forks, versions))) != 1:
        raise click.UsageError("give one of --new, --from, --fork and --merge")
    if versions and sources:
        raise click.UsageError("--merge takes three files and no SOURCES")
    now = int(time.time())
    with terminal.wrong_usage():
        if versions:
            done = lock_files.merge(*versions)
        elif begins:
            done = lock_files.begin(terminal.given(sources))
        elif forks:
            done = lock_files.make_fork(terminal.given(sources), now)
        elif package:
            from verideck import lock_recovery

            with terminal.progress() as progress:
                compute = terminal.computing(jobs, dask, max_steps)
                done = lock_recovery.recover(
                    package, terminal.given(sources), now=now, progress=progress, compute=compute
                )
    terminal.tell(done.problems)
    if has_errors(done.problems):
        raise SystemExit(1)
    if done.text:
        terminal.say(done.text)


@main.command(short_help="Write the Anki add-on.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("build/attention-heatmaps.ankiaddon"),
    show_default=True,
    metavar="FILE",
    help="The file to write.",
)
def addon(output: Path) -> None:
    """Write the add-on Attention Heatmaps to FILE: open it with Anki to install it."""
    from verideck.packaging import ankiaddon, files

    try:
        data = ankiaddon.bundle()
        base = terminal.base_of(output.parent)
        files.make_folder(output.parent, base)
        files.replace_all([(output, data)], bases=[base])
    except ankiaddon.BundleError as refused:
        terminal.tell(refused.problems)
        raise SystemExit(1) from None
    except files.WriteError as fault:
        terminal.tell((fault.problem,))
        raise SystemExit(1) from None
    click.echo(f"{output}: {ankiaddon.NAME} {__version__}, {len(data):,} bytes")


@main.command(short_help="List what checks can compute.")
@click.argument("name", required=False)
def library(name: str | None) -> None:
    """List what checks can compute and measure, or show NAME with its parameters and an example."""
    from verideck import reports
    from verideck.problems import nearest
    from verideck.reference.experiments import EXPERIMENTS
    from verideck.verifying.library import LIBRARY

    if name is None:
        click.echo(reports.library_list(LIBRARY, EXPERIMENTS))
    elif (entry := LIBRARY.get(name)) and (experiment := EXPERIMENTS.get(name)):
        click.echo(f"{reports.library_entry(entry)}\n\n{reports.experiment(experiment)}")
    elif entry:
        click.echo(reports.library_entry(entry))
    elif experiment := EXPERIMENTS.get(name):
        click.echo(reports.experiment(experiment))
    else:
        hint = nearest(name, [*LIBRARY, *EXPERIMENTS]) or "`verideck library` lists what there is"
        raise click.BadParameter(f"no computation is called `{name}`; {hint}", param_hint="NAME")
