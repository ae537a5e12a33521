"""The editor's button and dialog: paste a matrix, see the heatmap, insert it."""
