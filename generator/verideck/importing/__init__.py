"""Saved pages and other formats to sources: decide what can be computed, make cards, write and merge them."""
