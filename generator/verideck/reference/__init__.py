"""Torch as literature: the definitions every answer is held against."""
