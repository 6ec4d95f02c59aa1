"""`python -m hub.cli`: the command line where the `hub` program is not installed."""

from hub.cli import main

main()
