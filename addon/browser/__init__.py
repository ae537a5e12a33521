"""The browser's entries: heatmaps of many notes drawn anew, or made static, in one step."""
