"""How far an audit is: kept between its steps, so that it goes on after a restart."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from billing.services.ports.proofs import Check, Head


class Stage(StrEnum):
    """What is looked at, in this order."""

    ENTRIES = "entries"
    AUDIT = "audit"
    BOOKS = "books"
    PARTNERS = "partners"
    DESK = "desk"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it has to be; `partner` is a name, where it is a partner's."""

    check: Check
    subject: str
    expected: str = ""
    found: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """
    An audit that is under way: everything up to here was looked at.

    `folded` sums the postings on the accounts that are nobody's own up to the entry `entry`. A
    round that begins with another's `head`, `entry` and `folded` looks at what was written since.
    """

    stage: Stage = Stage.ENTRIES
    head: Head = field(default_factory=Head)
    heads: Mapping[str, Head] = field(default_factory=dict)
    entry: int = 0
    folded: Mapping[tuple[str, str], int] = field(default_factory=Counter)
    partner: str = ""
    partners: int = 0
    findings: tuple[Finding, ...] = ()
    found: int = 0


def dump(current: Round) -> str:
    """Write a round as JSON."""
    plain = asdict(current) | {"folded": [[*key, n] for key, n in current.folded.items()]}
    return json.dumps(plain)


def load(text: str) -> Round:
    """Read what `dump` wrote."""
    found: dict[str, Any] = json.loads(text)
    return Round(
        **found
        | {
            "stage": Stage(found["stage"]),
            "head": Head(**found["head"]),
            "heads": {name: Head(**head) for name, head in found["heads"].items()},
            "folded": {(account, unit): n for account, unit, n in found["folded"]},
            "findings": tuple(
                Finding(**one | {"check": Check(one["check"])}) for one in found["findings"]
            ),
        }
    )
