"""A table from another system, sent as a file; the owner that it brings comes with a code."""

from __future__ import annotations

import base64
import re

from tests.scenarios.world import living_in

TABLE = """partner,programme,instance,paid_until,migrate,price,balance
Padaria,integrator,loja-1,2026-05-15,yes,49.90,
Padaria,,loja-2,2026-03-10,no,,
Padaria,,loja-2,2026-03-10,no,,
"""


async def test_a_file_brings_partners_and_what_they_have_and_their_owner_comes_with_a_code():
    async with living_in() as world:
        sofia = await world.staff()
        table = base64.b64encode(TABLE.encode()).decode()
        await sofia.says("/import", document={"file_name": "table.csv", "base64": table})
        shown = await sofia.last()
        assert "loja-1" in shown.text
        assert "May 2026" in shown.text
        assert "❌" in shown.text
        await sofia.presses("Confirm")
        done = await sofia.last()
        assert await world.platform() == {"loja-1": "active", "loja-2": "active"}
        code = re.search(r"/start [\w-]{22}", done.text)
        assert code is not None
        olga = await world.newcomer("Olga")
        await olga.says(code[0])
        assert "Padaria" in (await olga.last()).text
        again = await (await world.newcomer("Eve")).says(code[0])
        assert "wrong, used or over" in again[-1].text
        await world.until("2026-03-11T00:01:00-03:00")
        assert await world.platform() == {"loja-1": "active", "loja-2": "stopped"}
