"""What a program may use up, and how it is told that it asked for more."""

from __future__ import annotations

from verideck.verifying.budgets import Refused, describe_count

SOURCE = 20_000  # characters of one program
NODES = 5_000  # nodes of its syntax tree
DEPTH = 60  # nesting of its syntax
STEPS = 1 << 20  # nodes evaluated, and what torch computes (`torch_work`)
CALLS = 60  # functions of the program's own, one within the other
ELEMENTS = 1 << 25  # of one tensor
AXES = 64  # of one tensor
MADE = 1 << 27  # elements of all tensors together
MULTIPLICATIONS = 1 << 32  # of matrix products and the like
ITEMS = 1 << 16  # of one list, those of the lists in it counted through
NESTING = 40  # of lists in lists
TEXT = 10_000  # characters of one text
OUTPUT = 20_000  # characters printed
BITS = 4_096  # of one whole number
WIDTH = 200  # of a formatted value
DIGITS = 30  # after the point of a formatted value


class Budget:
    """The work that one run has left; `taken` counts the steps of all runs."""

    __slots__ = ("made", "multiplications", "printed", "steps", "taken")

    def __init__(self) -> None:
        self.taken = 0
        self.renew()

    def renew(self) -> None:
        """Allow another run as much."""
        self.steps = STEPS
        self.made = MADE
        self.multiplications = MULTIPLICATIONS
        self.printed = OUTPUT

    def spend(self, steps: int = 1) -> None:
        """Take steps off what is left; raises Refused where nothing is."""
        self.taken += min(steps, max(self.steps, 0))
        self.steps -= steps
        if self.steps < 0:
            raise spent("a program that takes too many steps", f"a program may take {STEPS:,} steps")

    def make(self, elements: int) -> None:
        """Take the elements of new tensors off what is left; raises Refused where nothing is."""
        self.made -= elements
        if self.made < 0:
            raise spent("a program that makes too many numbers", f"a program may make {MADE:,} numbers")

    def multiply(self, count: int) -> None:
        """Take multiplications off what is left; raises Refused where nothing is."""
        self.multiplications -= count
        if self.multiplications < 0:
            hint = f"a program may take {MULTIPLICATIONS:,} multiplications"
            raise spent("a program that multiplies too much", hint)

    def write(self, characters: int) -> None:
        """Take printed characters off what is left; raises Refused where nothing is."""
        self.printed -= characters
        if self.printed < 0:
            raise Refused("a program that prints too much", f"a program may print {OUTPUT:,} characters")


def spent(message: str, hint: str) -> Refused:
    """Make the refusal of a program that would take too long."""
    return Refused(message, f"{hint}: use smaller sizes", "budget", stops=True)


def allow_elements(count: int) -> None:
    """Let a tensor of so many elements be made; raises Refused where there are too many."""
    if count > ELEMENTS:
        raise Refused(
            f"a tensor too large to hold: {describe_count(count)} elements",
            f"a tensor may have {ELEMENTS:,} elements",
        )


def allow_items(count: int, what: str = "a list") -> None:
    """Let a list, or a text of eight characters an item, be made; raises Refused where it is too long."""
    if count > ITEMS:
        raise Refused(f"{what} too large to hold", f"it may have {ITEMS:,} items, those of its lists counted")


def allow_text(length: int) -> None:
    """Let a text be made; raises Refused where it is too long."""
    if length > TEXT:
        raise Refused("a text too long to hold", f"a text may have {TEXT:,} characters")


def allow_bits(bits: int) -> None:
    """Let a whole number be made; raises Refused where it is too long."""
    if bits > BITS:
        raise Refused("a number too large to hold", f"a whole number may have {BITS:,} bits")
