r"""What a formula may hold: one table of MathJax's commands for sources, imports, pages and the add-on.

    for fault in tex.find_faults(r"\href{javascript:…}{x}"):
        fault.offset, fault.message, fault.hint

The add-on carries a copy: standard library of Python 3.10, relative imports.
"""

from __future__ import annotations

from .commands import COMMANDS, ENVIRONMENTS
from .delimiters import Formula, Formulas
from .faults import MAX_LENGTH, Fault, find_faults
from .refused import REFUSED

__all__ = ["COMMANDS", "ENVIRONMENTS", "MAX_LENGTH", "REFUSED", "Fault", "Formula", "Formulas", "find_faults"]
