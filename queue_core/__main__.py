"""`python -m queue_core` is `wartezone`."""

from queue_core.cli import main

main()
