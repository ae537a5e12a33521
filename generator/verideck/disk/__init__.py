"""Files that strangers may have laid out: read below one folder, written into one, never outside it."""
