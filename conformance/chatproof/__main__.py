"""`python -m chatproof` is the command `chatproof`."""

from chatproof.cli import main

main(prog_name="chatproof")
