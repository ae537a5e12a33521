"""Cards and verdicts to note fields and media."""
