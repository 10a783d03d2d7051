"""What `partnerdesk simulate` takes."""

from __future__ import annotations

import argparse
from pathlib import Path


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--years", type=_at_least_one, default=1, help="how long; 1")
    parser.add_argument("--seed", type=int, default=1, help="what all chance follows from; 1")
    parser.add_argument("--partners", type=_at_least_one, default=5, help="how many; 5")
    parser.add_argument("--instances", type=_at_least_one, default=20, help="of each; 20")
    parser.add_argument("--no-faults", action="store_true", help="nothing ever goes wrong")
    parser.add_argument(
        "--audit", action="store_true", help="prove all books each night, as the desk does outside"
    )
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw the months there")


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number
