"""The commands `wartezone token`, `account` and `invite`: who may do what."""

import asyncio
from typing import Annotated

import typer

from queue_core.cli_store import AT_THE_SHELL, ZoneOption, opened, require_zone
from queue_core.domain.errors import WartezoneError
from queue_core.domain.model import ZoneId
from queue_core.domain.principal import Grant, Role, invitation_path
from queue_core.settings import Settings, load_settings
from queue_core.store.credentials import Credentials

tokens = typer.Typer(help="Tokens for devices, desks and programs.", no_args_is_help=True)
accounts = typer.Typer(help="Who may log in.", no_args_is_help=True)


class NotThere(WartezoneError):
    """What is to be taken away does not exist."""


@tokens.command("create")
def token_create(
    role: Annotated[Role, typer.Option(help="What its bearer may do.")],
    zone: Annotated[list[str], typer.Option(help="Zone id; once for each zone that it may enter.")],
    name: Annotated[str, typer.Option(help="What it is for, as lists show it.")] = "",
) -> None:
    """Create a token and print it, once: only its hash is kept."""
    asyncio.run(_token_create(load_settings(), role, [ZoneId(each) for each in zone], name))


async def _token_create(settings: Settings, role: Role, zones: list[ZoneId], name: str) -> None:
    async with opened(settings) as store:
        for zone in zones:
            await require_zone(store, zone)
        print(await Credentials(store.client).create_token(Grant(role, frozenset(zones), name), by=AT_THE_SHELL))


@tokens.command("list")
def token_list() -> None:
    """Print every token's id, role, zones and name, never the token itself."""
    asyncio.run(_token_list(load_settings()))


async def _token_list(settings: Settings) -> None:
    async with opened(settings) as store:
        for token in await Credentials(store.client).tokens():
            state = "revoked" if token.revoked_ms else "valid"
            print("\t".join((token.id, token.grant.role, _zones(token.grant), state, token.grant.name)))


@tokens.command("revoke")
def token_revoke(token: Annotated[str, typer.Argument(help="The token's id, as `token list` prints it.")]) -> None:
    """Revoke a token; its open streams end within seconds."""
    asyncio.run(_token_revoke(load_settings(), token))


async def _token_revoke(settings: Settings, token: str) -> None:
    async with opened(settings) as store:
        if not await Credentials(store.client).revoke_token(token, by=AT_THE_SHELL):
            raise NotThere(f"there is no token with id {token!r}")


@accounts.command("list")
def account_list() -> None:
    """Print everybody who may log in: login, role, zones."""
    asyncio.run(_account_list(load_settings()))


async def _account_list(settings: Settings) -> None:
    async with opened(settings) as store:
        for account in await Credentials(store.client).accounts():
            print("\t".join((account.login, account.grant.role, _zones(account.grant))))


@accounts.command("remove")
def account_remove(login: Annotated[str, typer.Argument(help="As `account list` prints it.")]) -> None:
    """Remove an account; its sessions and open screens end within seconds. A new password: remove, then invite."""
    asyncio.run(_account_remove(load_settings(), login))


async def _account_remove(settings: Settings, login: str) -> None:
    async with opened(settings) as store:
        if not await Credentials(store.client).remove_account(login, by=AT_THE_SHELL):
            raise NotThere(f"there is no account {login!r}")


def _zones(grant: Grant) -> str:
    return ",".join(sorted(grant.zones)) if grant.zones else "every zone"


def invite(
    role: Annotated[Role, typer.Option(help="What the new account may do.")],
    zone: ZoneOption,
) -> None:
    """Print a one-time link with which a person makes their own account."""
    asyncio.run(_invite(load_settings(), role, ZoneId(zone)))


async def _invite(settings: Settings, role: Role, zone: ZoneId) -> None:
    async with opened(settings) as store:
        await require_zone(store, zone)
        code = await Credentials(store.client).invite(Grant(role, frozenset({zone})), by=AT_THE_SHELL)
        print((await store.address() or settings.base_url) + invitation_path(code))
