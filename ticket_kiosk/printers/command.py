"""The command `wartezone printer`."""

import typer

printer = typer.Typer(help="Ticket printers: look at one, try one, be one.", no_args_is_help=True)


@printer.callback()
def _printer() -> None:
    """Ticket printers: look at one, try one, be one."""
