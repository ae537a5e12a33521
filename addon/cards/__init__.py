"""Heatmaps on cards: in the reviewer, the previewer and the window of card templates."""
