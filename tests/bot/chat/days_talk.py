"""A partner who pays in days, its staff, and the clock that brings what is due."""

from __future__ import annotations

from billing.services import clockwork
from tests.bot.chat.talk import FINANCE, OWNER, STAFF_GROUP, Said, Talk

PARTNER = "P1AAA"


async def in_days(talk: Talk) -> Talk:
    """Put the first partner under the days programme, by the clock of UTC."""
    await talk.sql(
        "UPDATE partners SET programme = 'days', programme_version = 1, currency = 'USD',"
        " zone = 'UTC' WHERE id = :id RETURNING id",
        id=PARTNER,
    )
    return talk


async def give(talk: Talk, days: int) -> None:
    """Let staff give days."""
    said = await talk.say(FINANCE, f"/credit Loja Norte {days} days for the test", STAFF_GROUP)
    assert any(one.kind == "given" for one in said), [one.facts for one in said]


async def balance(talk: Talk) -> int:
    card = await talk.tell(OWNER, "/days")
    return int(card.facts["balance"])


async def tick(talk: Talk) -> list[Said]:
    """Carry out what is due by now; return what was said for it."""
    before = {said.key: said.version for said in await talk.messages()}
    while due := await talk.store.write(lambda work: work.due.next_by(work.now, limit=1000)):
        for row in due:
            await talk.store.write(lambda work, row=row: clockwork.carry_out(work, row))
    await talk.carry_out()
    new = [said for said in await talk.messages() if before.get(said.key) != said.version]
    for said in new:
        said.text = (await talk.replies.render(said)).text_html
    return new
