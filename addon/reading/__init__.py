"""Reads what notes and pictures hold of heatmaps: bounded, and as if a stranger had written it."""
