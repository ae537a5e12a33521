"""Trade-offs that a computation decides: what more of something does to accuracy, time or memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from verideck.cards import Kind, Subject
from verideck.verifying.recognising import text
from verideck.verifying.recognising.knobs import KNOBS, Effect, Knob
from verideck.verifying.recognising.proposals import Proposal

if TYPE_CHECKING:
    from verideck.reading.items import Item

NAME = "tradeoffs"


# What a clause speaks of, and which way. A word such as `faster` says both at once.
QUANTITIES = {
    "accuracy": re.compile(r"\baccura\w+|\bquality\b|\bprecis(?:e|ion)\b"),
    "cost": re.compile(r"\b(?:comput\w+|training time|run(?:ning)? ?time|cost(?:s|ly)?|operations|time)\b"),
    "memory": re.compile(r"\b(?:memory|bytes)\b"),
    "parameters": re.compile(r"\bparameters?(?: count)?\b"),
}
UP = re.compile(
    r"\b(?:more|higher|greater|better|increas\w+|improv\w+|rais\w+|rises?|grows?|larger|adds?|gains?)\b"
)
DOWN = re.compile(
    r"\b(?:less|lower\w*|worse|fewer|decreas\w+|reduc\w+|drops?|falls?|smaller|sav(?:es?|ing)|cuts?|hurts?|shrinks?)\b"
)
FAST = re.compile(
    r"\b(?:faster|quicker|cheaper|accelerat\w+"
    r"|speeds? (?:it |things |training |inference |the model |the training )?up)\b"
)
SLOW = re.compile(r"\b(?:slower|slows? \w*(?: down)?|costlier|more expensive|dearer|takes longer)\b")
# The subject of the sentence, said once more in an option: `The more hashes you have the …`.
SUBJECT = re.compile(
    r"\b(?:the |with |having |using )*(?:more|many|increasing (?:the )?(?:number of )?)\s*"
    r"(?:hash\w*(?: rounds| functions)?|rounds|heads|buckets|reversible layers)"
    r"(?: (?:you|we|one) (?:have|uses?|take))?,?"
)
# Words that every option may hold without saying anything of its own.
PLAIN = re.compile(
    r"a|an|and|are|as|at|attention|be|becomes|becoming|but|by|can|cost|does|down|expense|for|get|"
    r"gets|has|have|in|inference|into|is|it|it's|its|layer|layers|longer|make|makes|making|mean|"
    r"means|memory|model|models|much|need|needed|needs|network|number|of|on|one|overall|required|"
    r"result|run|runs|s|so|step|steps|take|takes|than|that|the|their|them|then|they|this|though|"
    r"to|too|train|trained|training|up|use|uses|using|we|which|while|with|yet|you|your"
)
TURNED_DOWN = re.compile(
    r"\b(?:fewer|less|reducing|decreas\w+|lower\w*|smaller) (?:the )?(?:number of )?\w+\b"
)
CLAUSE = re.compile(
    r"[,;.]|\b(?:and|but|while|though|although|whereas|yet|at the (?:cost|expense|price) of)\b"
)
SHORT = 40  # characters of an option that is quoted whole
PLAINLY = re.compile(r"[\w ',-]+")
LONGEST = 400  # characters of an option
Moves = tuple[tuple[Effect, str], ...]


def recognise(item: Item) -> Iterable[Proposal]:
    """Propose for each option that says which way a quantity goes whether it does."""
    if item.kind is not Kind.CHOICE or not item.options:
        return
    asked = text.asked(item).lower()
    knobs = [knob for knob in KNOBS if knob.asked.search(asked)]
    if len(knobs) != 1 or TURNED_DOWN.search(asked):
        return
    for place, option in enumerate(item.options):
        moves = () if option.blank or option.fused else _moves(option.text, knobs[0])
        others = [one.text for number, one in enumerate(item.options) if number != place]
        fragment = distinct(option.text, others) if moves else ""
        if fragment:
            lines, condition = _condition(knobs[0], moves)
            yield Proposal(
                NAME, f"{lines}option({text.quoted(fragment)}, {condition})", Subject.OPTION, option.line,
                complete=True, claimed=option.text, message=" and ".join(effect.so for effect, _ in moves),
            )  # fmt: skip


def _condition(knob: Knob, moves: Moves) -> tuple[str, str]:
    """Give the lines and the condition of a check: an experiment where one alone shows it."""
    if len(moves) == 1:
        effect, way = moves[0]
        shown = effect.shows_rise if way == "up" else effect.shows_fall
        if shown:
            return "", shown
    condition = " and ".join(effect.rises if way == "up" else effect.falls for effect, way in moves)
    names = set(re.findall(r"\w+", condition))
    used = [line for line in knob.lines.splitlines() if line.partition(" ")[0] in names]
    return "".join(f"{line}\n" for line in used), condition


def _moves(said: str, knob: Knob) -> Moves:
    """Read which ways an option says that quantities go; nothing where it says anything besides."""
    level = SUBJECT.sub(" ", text.plain(said).lower())
    if len(level) > LONGEST or _rest(level):
        return ()
    found: dict[str, tuple[Effect, str]] = {}
    for clause in CLAUSE.split(level):
        for quantity, way in _ways(clause):
            effect = next((one for one in knob.effects if one.quantity == quantity), None)
            if effect is None or quantity in found:
                return ()
            found[quantity] = (effect, way)
    return tuple(found.values())


def _ways(clause: str) -> list[tuple[str, str]]:
    """Give what a clause says of the quantities: `[("cost", "down")]` for `faster`; a doubt is told twice."""
    found = [("cost", "down")] * bool(FAST.search(clause)) + [("cost", "up")] * bool(SLOW.search(clause))
    bare = SLOW.sub(" ", FAST.sub(" ", clause))
    named = [quantity for quantity, words in QUANTITIES.items() if words.search(bare)]
    up, down = bool(UP.search(bare)), bool(DOWN.search(bare))
    if named == ["cost"] and found:
        named = []
    if len(named) == 1 and up != down:
        return [*found, (named[0], "up" if up else "down")]
    return found if not named else [*found, ("", "")]


def _rest(level: str) -> set[str]:
    """Give the words of an option that say something besides, `not` and `always` among them."""
    for words in (*QUANTITIES.values(), FAST, SLOW, UP, DOWN):
        level = words.sub(" ", level)
    return {word for word in re.findall(r"[a-z']+", level) if not PLAIN.fullmatch(word)}


def distinct(own: str, others: Sequence[str]) -> str:
    """Give a fragment that stands in one option alone: all of a short one, else a short run of its words.

    Only plain words, so that it reads the same however the option is marked up.
    """
    words = own.split()
    for length in [len(words)] if len(own) <= SHORT else range(3, len(words) + 1):
        for start in range(len(words) - length + 1):
            run = " ".join(words[start : start + length]).strip(" ,.")
            if PLAINLY.fullmatch(run) and own.count(run) == 1 and not any(run in other for other in others):
                return run
    return ""
