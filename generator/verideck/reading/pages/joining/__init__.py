"""Putting joined Python code back into lines: the rooms behind `joined.restore`."""
