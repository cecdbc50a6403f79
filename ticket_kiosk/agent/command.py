"""The command `wartezone kiosk-agent`."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_PORT = 8180


def kiosk_agent(
    server: Annotated[str, typer.Option(help="The office's address, e.g. https://wartezone.example.de")],
    kiosk: Annotated[str, typer.Option(help="Which kiosk this is, as its address has it.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")] = DEFAULT_PORT,
    any_port: Annotated[bool, typer.Option("--any-port", help="Where the port is taken, any free one.")] = False,
    printer: Annotated[
        str, typer.Option(help="tcp://host:9100 or usb://vendor:product; the configured one without.")
    ] = "",
    certificate: Annotated[
        Path | None, typer.Option(help="The server's own certificate (PEM), where no authority vouches for it.")
    ] = None,
    data: Annotated[Path, typer.Option(help="The agent's own folder: journal and copies.")] = Path("data/kiosk-agent"),
) -> None:
    """Be the process beside a kiosk's browser and printer. Its browser then loads the page from this machine.

    The device token comes from WARTEZONE_DEVICE_TOKEN, WARTEZONE_DEVICE_TOKEN_FILE or the systemd credential
    `wartezone_device_token`.
    """
    from queue_core.serve.logs import configure_logs
    from queue_core.settings import load_settings
    from ticket_kiosk.agent.house import Means
    from ticket_kiosk.agent.process import run

    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    token = settings.device_token.get_secret_value() if settings.device_token else ""
    means = Means(server.rstrip("/"), kiosk, token, data.expanduser(), printer, certificate=certificate)
    run(means, port, any_port)
