"""A deck as its author sees it while writing: a local page that follows the sources."""
