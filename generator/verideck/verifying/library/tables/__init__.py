"""The literal tables of the library, by subject."""
