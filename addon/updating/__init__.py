"""Deck updates that keep a learner's edits, tags and reviews: shown first, then done in one undoable step."""
