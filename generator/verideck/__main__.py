"""`python -m verideck`, for where the command is not on the path."""

from verideck.cli import main

main(prog_name="verideck")
