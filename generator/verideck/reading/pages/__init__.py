"""Saved quiz pages: which layout a page has, and what it holds."""
