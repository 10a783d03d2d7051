"""Whose a database is: the sandbox's or a live bot's, and with which key its secrets open."""

from __future__ import annotations

from billing.services.ports import Work
from bot.starting import StartRefused
from bot.vault import Vault, VaultClosed

KEY_CHECK = "key_check"
PLACE = "place"
LIVE, SANDBOX = "live", "sandbox"


async def claim(work: Work, vault: Vault, *, boxed: bool) -> None:
    """
    Take a new database; see that one that was taken before is this bot's.

    Where the clock is moved, live data would be billed and deleted; and people of the sandbox
    are nobody's staff.

    :raises StartRefused: it belongs elsewhere, or its secrets are locked with another key.
    """
    place, kept = await work.state.get(PLACE), await work.state.get(KEY_CHECK)
    wanted = SANDBOX if boxed else LIVE
    if place not in {None, wanted}:
        raise StartRefused(f"DATABASE_URL is a database of the {place} bot's; take another one.")
    await work.state.set(PLACE, wanted)
    if kept is None:
        await work.state.set(KEY_CHECK, vault.lock(KEY_CHECK))
        return
    try:
        vault.open(kept)
    except VaultClosed:
        raise StartRefused(
            "SECRET_KEY is not the one with which this database's secrets were locked."
        ) from None


def check_may_go(place: str | None) -> None:
    """
    :raises StartRefused: the database is a live bot's, which is never removed.
    """
    if place == LIVE:
        raise StartRefused("DATABASE_URL is a database of the live bot's; --fresh would remove it.")
