"""`python -m haina`."""

from haina.app.cli import main

main()
