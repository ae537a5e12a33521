"""Verideck: Anki decks whose answers have been recomputed."""

__version__ = "0.1.0"
