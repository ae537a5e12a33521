"""Three versions of a lock, or of evidence, to one: what git asks of a merge driver.

Of a card that both sides changed both lines are kept: the next build, which sees the cards, makes them one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from verideck.cards import Location
from verideck.packaging import lock as locks
from verideck.packaging.entry import Entry, Lock
from verideck.problems import Problem, error, has_errors
from verideck.verifying import evidence
from verideck.verifying.evidence import Evidence

Merged = tuple[str | None, tuple[Problem, ...]]


def merge(texts: Sequence[tuple[str, str]], now: int) -> Merged:
    """Return the merge of a lock or of evidence, or none and why there is none.

    `texts` are base, ours and theirs, each with the name of its file for problems; `now` is in seconds since
    1970.
    """
    _, (ours, name), (theirs, _) = texts
    if (ours or theirs).lstrip("\ufeff").startswith("["):
        return _evidence(texts)
    namespace = locks.namespace(ours or theirs)
    found, problems = [], list[Problem]()
    if (other := locks.namespace(theirs)) and other != namespace:
        message = f"these are locks of two decks, with the namespaces `{namespace}` and `{other}`"
        hint = "keep the lock of your own deck: `git checkout --ours deck.lock`"
        return None, (error(Location(name), message, hint),)
    for text, path in texts:
        lock, told = locks.load(text, path, namespace, now)
        found.append(lock)
        problems += told
    if has_errors(problems):
        return None, tuple(problems)
    return locks.dump(_lock(*found)), tuple(problems)


def _lock(base: Lock, ours: Lock, theirs: Lock) -> Lock:
    before, here, there = (_lines(lock) for lock in (base, ours, theirs))
    entries: list[Entry] = []
    for guid in {**here, **there}:
        was, mine, yours = (lines.get(guid, frozenset()) for lines in (before, here, there))
        if mine == was:
            entries += yours or mine  # a line never goes
        elif yours == was:
            entries += mine
        else:
            entries += (mine | yours) - was or mine
    return Lock(ours.namespace, tuple(sorted(entries, key=lambda entry: (entry.guid, str(entry)))))


def _lines(lock: Lock) -> Mapping[str, frozenset[Entry]]:
    lines = {entry.guid: frozenset([entry]) for entry in lock.entries}
    return {**lines, **{versions[0].guid: frozenset(versions) for versions in lock.versions}}


def _evidence(texts: Sequence[tuple[str, str]]) -> Merged:
    """Merge records: what the sides made different is computed again."""
    read = [evidence.load(text, name) for text, name in texts]
    base, ours, theirs = (found.records for found, _ in read)
    kept = {}
    for key in {**ours, **theirs}:
        was, mine, yours = base.get(key), ours.get(key), theirs.get(key)
        record = yours if mine == was else mine if yours == was or mine == yours else None
        if record is not None:
            kept[key] = record
    problems = tuple(problem for _, told in read for problem in told)
    return evidence.dump(Evidence(MappingProxyType(kept))), problems
