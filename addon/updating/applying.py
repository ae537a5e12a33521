"""Does what was planned and chosen, in one undoable step."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from . import adding, looking, media, standing, transaction, writing
from .packages import Package, db
from .plan import Cancelled, Choices, Plan, Progress, Report, UpdateError
from .writing import Done, Writing

if TYPE_CHECKING:
    from anki.collection import Collection

_CHANGED = "The collection has changed since it was looked at. Look again, then update."


def apply(
    col: Collection, package: Package, plan: Plan, choices: Choices, progress: Progress | None = None
) -> Report:
    """Update a deck as planned and chosen; one step to undo, called "Update" and the deck's title.

    Raises Cancelled where `progress` says so before anything is written; UpdateError where the collection is
    not the one that was looked at, or Anki fails: it then is as it was.
    """
    try:
        done = _applied(col, package, plan, choices, progress)
    except (UpdateError, Cancelled):
        raise
    except Exception as fault:
        raise UpdateError(f"The update failed: {fault}") from fault
    media.remember(done.dropped)
    return Report(
        added=tuple(done.added),
        changed=tuple(done.changed),
        kept=tuple(done.kept),
        moved=tuple(done.moved),
        retired=tuple(done.retired),
        deleted=tuple(done.deleted),
        revived=tuple(done.revived),
        emptied=tuple(done.emptied),
        media=_clean(col, package, plan, choices),
        problems=plan.problems,
    )


def _applied(
    col: Collection, package: Package, plan: Plan, choices: Choices, progress: Progress | None
) -> Done:
    if int(col.mod) != plan.stamp:
        raise UpdateError(_CHANGED)
    looked = looking.look(col, package, progress)
    here, pairs = looked.here, looked.pairs
    with package.room() as room:
        arriving = adding.prepare(package, here, looked.lacking, choices.skip, room)
        if progress and not progress("Writing", 0, 1):
            raise Cancelled
        files = media.add(col, writing.needed(pairs, choices), package.media)
        try:
            return transaction.whole(
                col,
                f"Update {plan.title}",
                lambda step: _written(Writing(col, package, plan, choices, looked, step), arriving),
            )
        except BaseException:
            if files:
                with contextlib.suppress(Exception):
                    col.media.trash_files(list(files))
            raise


def _written(update: Writing, arriving: adding.Arriving) -> Done:
    """Write everything.

    Cards move first: a deck that is new takes the options of the one that they leave, and a card that a note
    gains is born where its sisters are.
    """
    done = Done()
    before = _untouchable(update.col)
    writing.move(update, done)
    done.added += adding.add(update.col, arriving, update.step)
    writing.notes(update, done)
    writing.retire(update, done)
    _record(update, done)
    if _untouchable(update.col) != before:
        raise UpdateError("Anki would have to synchronise everything anew, or a review would be lost.")
    return done


def _untouchable(col: Collection) -> tuple[object, ...]:
    """Give what no update changes: the schema's stamp, and the reviews."""
    database = db(col)
    return (
        database.scalar("select scm from col"),
        database.first("select count(), total(id), total(ivl), total(ease) from revlog"),
    )


def _record(update: Writing, done: Done) -> None:
    """Remember which version the collection has now, and which notes were deleted by updates alone."""
    said = update.package.manifest
    kept = update.col.get_config(standing.RECORD, {})
    record = {**(kept if isinstance(kept, dict) else {})}
    entry: dict[str, object] = {"version": said.version, "date": said.date}
    if deleted := {*standing.deleted(update.col, said.namespace), *done.deleted} - {*done.added}:
        entry["deleted"] = sorted(deleted)
    if record.get(said.namespace) != entry:
        record[said.namespace] = entry
        update.col.set_config(standing.RECORD, record, undoable=True)
        update.step.merge()


def _clean(col: Collection, package: Package, plan: Plan, choices: Choices) -> int:
    """Trash media that nothing names; what cannot be trashed is left for the next time."""
    if not choices.clean or not plan.media:
        return 0
    try:
        names = sorted(set(plan.media) & set(media.unused(col, package)))
        col.media.trash_files(names)
    except Exception:  # noqa: BLE001 - the deck is updated; whatever this is, it is not worth a message
        transaction.log.exception("cannot clean media")
        return 0
    return len(names)
