"""Notes and identities to an Anki package."""
