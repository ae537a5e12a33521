"""Text to cards."""
