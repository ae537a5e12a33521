"""Attention Heatmaps: an Anki add-on that redraws heatmaps on cards and updates Verideck decks.

Only `hooks` speaks to Anki when Anki starts; every other module is imported when it is first needed.
"""

import sys

# Anki has imported itself before it loads an add-on; tests and tools import the add-on's parts without it.
_aqt = sys.modules.get("aqt")
if _aqt is not None and getattr(_aqt, "mw", None) is not None:
    from .hooks import register

    register(_aqt.mw)
