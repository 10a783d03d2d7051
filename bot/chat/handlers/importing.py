"""/import: what another system's table would bring, asked once, then brought in; owners' codes."""

from __future__ import annotations

import json
from typing import Any

from billing.refusals import AlreadyDone
from billing.services.instances.subscriptions import TermsChanged
from billing.services.partners import importing, linking
from billing.services.partners.import_rows import Row
from bot.chat.cards import importing as cards
from bot.chat.cards.card import Card
from bot.chat.tables import rows as tables
from bot.chat.turn import Answer, Turn


async def import_(turn: Turn, words: str) -> Answer:
    """Show what a table would bring."""
    if not words.strip():
        return await turn.ask("import")
    rows = tables.rows(words, language=turn.language)
    # The newest one of a person in a chat waits; it is too long for a button.
    key = turn.new_key
    await turn.work.state.set(_place(turn), json.dumps({"key": key, "text": words}))
    return await _shown(turn, rows, key)


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Bring in what was shown; if that is no longer true, show it anew and do nothing."""
    kept = json.loads(await turn.work.state.get(_place(turn)) or "{}")
    if kept.get("key") != args["import"]:
        raise AlreadyDone(action="import")
    rows = tables.rows(kept["text"], language=turn.language)
    try:
        # Taken back by itself where it differs, for the rows before it were done.
        async with turn.work.savepoint():
            done = await importing.bring(turn.work, turn.actor, rows, terms=str(args["terms"]))
    except TermsChanged:
        return await _shown(turn, rows, str(args["import"]), changed=True)
    await turn.work.state.set(_place(turn), None)
    return cards.imported(done)


async def owner_code(turn: Turn, args: dict[str, Any]) -> Answer:
    """Make a code that links a partner's owner."""
    partner, key, ends_at = await linking.offer(turn.work, turn.actor, str(args["partner"]))
    return cards.owner_code(partner, key, ends_at)


async def _shown(turn: Turn, rows: list[Row], key: str, *, changed: bool = False) -> Card:
    found = await importing.look(turn.work, turn.actor, rows)
    return cards.preview(found, key, changed=changed)


def _place(turn: Turn) -> str:
    return f"import:{turn.heard.chat_id}:{turn.user_id}"
