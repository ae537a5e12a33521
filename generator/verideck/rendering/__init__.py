"""Cards and verdicts to what a learner sees: note fields, media, note types."""

RENDER_EPOCH = 2
"""Raised on purpose when notes already shipped should be shown anew.

It is part of every card's fingerprint and of every heatmap's file name, so a tool upgrade that does
not raise it leaves all notes and media as they are.
"""
