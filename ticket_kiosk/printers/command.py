"""The command `wartezone printer`."""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from queue_core.domain.devices import PAPER_WIDTH_DOTS
from ticket_kiosk.printers.address import PORT

if TYPE_CHECKING:
    from PIL.Image import Image

    from ticket_kiosk.printers.fake import FakePrinter
    from ticket_kiosk.printers.port import PrinterState

_NO_TICKET = 1

Address = Annotated[str, typer.Argument(help="tcp://host:9100, or usb://vendor:product as lsusb shows them.")]
Width = Annotated[int, typer.Option(help="Dots a line: 576 on 80 mm paper, 384 on 58 mm.", min=200, max=832)]

printer = typer.Typer(help="Ticket printers: look at one, try one, be one.", no_args_is_help=True)


@printer.command()
def state(address: Address) -> None:
    """What a printer says of itself now. Exit 1 when it could not print."""
    from ticket_kiosk.printers import opened

    now = opened(address).state()
    print(_told(now))
    if not now.ready:
        raise typer.Exit(_NO_TICKET)


@printer.command("test")
def try_out(address: Address, width: Width = PAPER_WIDTH_DOTS) -> None:
    """Print a ticket that shows every script, and say what the printer said. Exit 1 unless it was printed."""
    from ticket_kiosk.printers import opened
    from ticket_kiosk.printers.port import Printed

    device = opened(address)
    printed = device.print(_specimen(width))
    print(f"{printed} ({_told(device.state())})")
    if printed is not Printed.PRINTED:
        raise typer.Exit(_NO_TICKET)


@printer.command()
def preview(file: Annotated[Path, typer.Argument(help="Its place.")], width: Width = PAPER_WIDTH_DOTS) -> None:
    """The ticket of `test` as a picture, without a printer."""
    _specimen(width).save(file, "PNG")


@printer.command()
def fake(
    port: Annotated[int, typer.Option(help="0: any that is free.", min=0, max=65_535)] = PORT,
    host: Annotated[str, typer.Option(help="Where it listens.")] = "127.0.0.1",
    mood: Annotated[str, typer.Option(help="ok, low, out, cover, offline, dead, jam, vanish, slow, ...")] = "ok",
    save: Annotated[Path | None, typer.Option(help="Keeps each ticket there as a picture.")] = None,
) -> None:
    """Be a printer without paper. A mood typed in while it runs is how it feels from then on."""
    if save:
        save.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_be_a_printer(host, port, mood, save))


async def _be_a_printer(host: str, port: int, mood: str, save: Path | None) -> None:
    from ticket_kiosk.printers.fake import Mood, fake_printer

    if mood not in set(Mood):
        raise typer.BadParameter(f"{mood!r} is none of {', '.join(Mood)}", param_hint="--mood")
    try:
        async with fake_printer(host, port, Mood(mood), save) as printer:
            printer.told = lambda line: print(line, flush=True)
            print(f"listening on tcp://{host}:{printer.port}, {mood}; moods: {', '.join(Mood)}", flush=True)
            await _take_moods(printer)
    except OSError as e:
        print(f"wartezone: cannot listen on {host}:{port}: {e.strerror or e}", file=sys.stderr)
        raise typer.Exit(2) from e


async def _take_moods(printer: "FakePrinter") -> None:
    from ticket_kiosk.printers.fake import Mood

    lines = asyncio.Queue[str]()
    loop = asyncio.get_running_loop()
    Thread(
        target=_read_lines, args=(lambda line: loop.call_soon_threadsafe(lines.put_nowait, line),), daemon=True
    ).start()
    while True:
        mood = (await lines.get()).strip()
        if mood in set(Mood):
            await printer.become(Mood(mood))
            print(mood, flush=True)
        elif mood:
            print(f"moods: {', '.join(Mood)}", flush=True)


def _read_lines(hand_on: Callable[[str], object]) -> None:
    """In a thread of its own, which ends with the process: nothing else can wait for a terminal, a pipe and a file."""
    for line in sys.stdin:
        hand_on(line)


def _told(state: "PrinterState") -> str:
    if not state.online:
        return "offline: it does not answer"
    words = ["ready" if state.ready else "not ready", f"paper {state.paper}"]
    words += ["cover open"] if state.cover_open else []
    return ", ".join([*words, state.fault] if state.fault else words)


def _specimen(width_dots: int) -> "Image":
    from ticket_kiosk.paper import Style, picture, require_scripts
    from ticket_kiosk.paper.specimen import SPECIMEN

    require_scripts()
    return picture(SPECIMEN, Style(width_dots))
