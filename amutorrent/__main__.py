"""`python -m amutorrent` is the same as `amutorrent`."""

from .cli import main

main()
