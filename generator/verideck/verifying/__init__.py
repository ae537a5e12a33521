"""Cards to verdicts."""
