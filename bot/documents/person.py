"""What is kept about a person, as a file that programs read."""

from __future__ import annotations

import json
from typing import Any

from billing.services.facts import Facts, moment
from billing.services.ports import Work
from bot.documents.making import File, Kind, Tools
from bot.documents.voice import Voice

FORM = 1


async def look(work: Work, what: Facts) -> dict[str, Any]:
    """Return all that is kept about the person."""
    return {
        "form": FORM,
        "user_id": what["user_id"],
        "as_of": work.now.isoformat(),
        **await work.kept.about(int(what["user_id"])),
    }


def as_json(found: dict[str, Any], say: Voice, tools: Tools) -> File:
    """Write it; instants as ISO 8601, UTC. It speaks no language: the fields' own names."""
    del say, tools
    text = json.dumps(_readable(found), ensure_ascii=False, indent=2)
    return f"person-{found['user_id']}.json", text.encode()


def _readable(value: Any, name: str = "") -> Any:
    """Return a value with the instants among the columns as people read them."""
    match value:
        case dict() if name != "update":
            return {key: _readable(one, key) for key, one in value.items()}
        case list():
            return [_readable(one) for one in value]
        case int() if name == "at" or name.endswith("_at"):
            return moment(value).isoformat()
        case _:
            return value


KINDS = {"person_json": Kind(look, as_json)}
