"""The images that a card names, read from its deck's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from verideck.disk.paths import shown
from verideck.disk.refusals import OutsideError, RefusedError, SpecialFileError, TooLargeError
from verideck.problems import Problem, error, nearest

if TYPE_CHECKING:
    from verideck.cards import Card
    from verideck.disk.tree import Tree

_OUTSIDE = ("lies outside the sources", "copy it into the sources folder and name it relative to this file")


def read_images(
    card: Card, tree: Tree, folder: Path, limit: int
) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """Read the images of a card whose file is in `folder`, by the path as written.

    Paths are relative to the card's file and cannot leave the tree; an image has at most `limit` bytes.
    """
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for image in card.images:
        held = _read(image.path, tree, folder, limit)
        if isinstance(held, bytes):
            found[image.path] = held
        else:
            message, hint = held
            problems.append(error(image.location, f"image `{image.path}` {message}", hint))
    return found, tuple(problems)


def _read(path: str, tree: Tree, folder: Path, limit: int) -> bytes | tuple[str, str]:
    """Read an image, or say what is wrong with its path and how to fix it."""
    try:
        return tree.read(folder / path, limit)
    except OutsideError:
        return _OUTSIDE
    except TooLargeError:
        return f"has over {limit:,} bytes", "phones carry every image of a deck: make it smaller"
    except SpecialFileError as refused:
        return f"is {refused.kind}", "name a file in it" if refused.is_folder else refused.hint
    except RefusedError as refused:
        return f"cannot be read: `{shown(refused.path)}`: {refused.message}", refused.hint
    except (FileNotFoundError, NotADirectoryError):
        return "is missing", _near(folder / path, tree, folder)
    except (OSError, ValueError) as fault:
        # No permission, a name too long, a name that this system cannot spell.
        reason = fault.strerror if isinstance(fault, OSError) else "its path leads nowhere"
        return f"cannot be read: {reason}", "check the path and the file's permissions"


def _near(path: Path, tree: Tree, folder: Path) -> str:
    names = tree.names(path.parent)
    for name in names:
        if name.casefold() == path.name.casefold():
            return f"did you mean `{name}`? Large and small letters count"
    return nearest(path.name, names) or f"put the file there, or fix the path from {shown(folder)}"
