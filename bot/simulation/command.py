"""`partnerdesk simulate`: plays, prints the months, draws them."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

from bot.simulation import picture, table
from bot.simulation.playing import Opens, Play, Played


def run(arguments: argparse.Namespace, opens: Opens) -> str:
    """Play it; return what is to be printed."""
    play = Play(
        years=arguments.years,
        seed=arguments.seed,
        partners=arguments.partners,
        size=arguments.instances,
        faults=not arguments.no_faults,
        audited=arguments.audit,
    )
    # What others do on the machine meanwhile is not counted.
    began = time.process_time()
    played = asyncio.run(play.run(opens))
    seconds = time.process_time() - began
    if arguments.picture:
        _draw(arguments.picture, play, played)
    partner_years = play.years * play.partners
    return "\n".join(
        [
            *_tables(played),
            *_troubles(played),
            _speed(played, partner_years, seconds),
            f"books {played.fingerprint}",
        ]
    )


def _speed(played: Played, partner_years: int, seconds: float) -> str:
    pace = partner_years / seconds
    return (
        f"{played.transactions:,} transactions; {partner_years} partner-years"
        f" in {seconds:.1f} s of one core: {pace:.1f} a second"
    )


def _tables(played: Played) -> Iterator[str]:
    for currency in table.currencies(played.months):
        yield from table.lines(table.rows(played.months, currency), currency)
        yield ""


def _troubles(played: Played) -> Iterator[str]:
    if played.met:
        yield "; ".join(f"{what} {times}" for what, times in played.met.items())
        yield ""


def _draw(path: Path, play: Play, played: Played) -> None:
    title = f"{play.partners} partners, {play.years} years, seed {play.seed}"
    path.write_bytes(
        picture.draw(played.months, title=title, subtitle=f"books {played.fingerprint}")
    )
