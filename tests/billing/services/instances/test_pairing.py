"""A number is connected: shown three times at most, looked at while awaited, then forgotten."""

from datetime import timedelta

import pytest

from billing.instances import NotInThisState
from billing.refusals import NoRight, NotFound
from billing.services import clockwork
from billing.services.instances import pairing
from billing.services.instances.pairing import Wanted
from billing.services.ports import PairingState
from billing.services.ports.platforms import Offer

LASTS = timedelta(seconds=20)
KEY = "answer:pair"


class Phone:
    """Somebody who connects the number of an instance, and the platform as it answers."""

    def __init__(self, world, firm, instance):
        self.world, self.firm, self.instance = world, firm, instance

    async def begins(self, phone=None):
        async def unit(work, actor):
            message = await pairing.begin(
                work, actor, self.instance, phone, chat_id=self.firm.chat_id, message_key=KEY
            )
            await work.messages.say(message, at=work.now)

        await self.firm.do(unit)

    async def call(self):
        (call,) = await self.world.read(lambda work: work.calls.open_by(work.now))
        return call

    async def asked(self):
        call = await self.call()
        return call, await self.world.write(lambda work: pairing.asked(work, call))

    async def offers(self, content="", *, lasts=LASTS, connected=False):
        call, wanted = await self.asked()
        offer = Offer(content, lasts, connected) if content or connected else Offer()
        await self.world.write(lambda work: pairing.answered(work, call, offer))
        return wanted

    async def later(self, seconds=20):
        """Let the time pass, and what is due be done, but nothing be answered."""
        self.world.clock.at += timedelta(seconds=seconds)
        await self.world.sweep()

    async def known(self):
        return await self.world.read(lambda work: work.pairings.get(KEY))

    async def shows(self):
        return (await self.world.read(lambda work: work.messages.get(KEY))).facts

    async def secret(self):
        kept = await self.world.read(lambda work: work.tokens.secret(pairing.secret_key(KEY)))
        return None if kept is None else self.world.store._vault.open(kept)

    async def looks(self):
        return len([key for _, key in await self.world.due() if key.startswith(pairing.LOOK)])


@pytest.fixture
async def phone(world, acme):
    (made,) = await acme.new("loja-1")
    return Phone(world, acme, made)


async def test_three_pictures_are_shown_one_after_the_other_and_then_it_is_over(phone):
    await phone.begins()
    assert (await phone.shows())["nth"] == 0
    for nth in (1, 2, 3):
        assert await phone.offers(f"2@{nth}") == Wanted(True, None)
        shown = await phone.shows()
        assert (shown["nth"], shown["document"]["what"]) == (nth, "pair_qr")
        assert await phone.secret() == f"2@{nth}"
        await phone.later(10)
        assert await phone.offers() == Wanted(False, None)
        await phone.later(10)
    assert await phone.offers() == Wanted(False, None)
    shown = await phone.shows()
    assert (shown["state"], shown["document"]["what"]) == ("over", "pair_over")
    assert (await phone.secret(), await phone.looks()) == (None, 0)
    rows = await phone.world.sql("SELECT buttons FROM messages WHERE key = :key", key=KEY)
    assert '"pair_again"' in rows[0]["buttons"]


async def test_a_number_that_is_connected_is_told_in_the_same_message(world, acme, phone):
    await phone.begins()
    await phone.offers("2@1")
    await phone.later(10)
    await phone.offers(connected=True)
    shown = await phone.shows()
    assert (shown["state"], shown["document"]["what"]) == ("connected", "pair_connected")
    assert (await world.read(lambda work: work.links.get(phone.instance))).link.connected is True
    assert (await phone.secret(), await phone.looks()) == (None, 0)
    assert "2@1" not in str(await world.sql("SELECT facts FROM messages"))


async def test_a_code_is_shown_once_for_as_long_as_it_lasts(phone):
    await phone.begins("5511987654321")
    wanted = await phone.offers("ABCD-1234", lasts=timedelta(seconds=25))
    assert wanted == Wanted(True, "5511987654321")
    assert "document" not in await phone.shows()
    for seconds in (10, 10, 5):
        await phone.later(seconds)
        await phone.offers()
    shown = await phone.shows()
    assert (shown["state"], shown["by"]) == ("over", "code")
    assert (await phone.known()).phone is None


async def test_a_platform_that_does_not_answer_is_asked_again_until_it_is_too_late(phone):
    await phone.begins()
    for _ in range(30):
        call, wanted = await phone.asked()
        assert wanted == Wanted(True, None)
        await phone.world.write(lambda work: pairing.silent(work, call, "no answer"))  # noqa: B023
        await phone.later(10)
    assert (await phone.known()).state is PairingState.OVER
    assert await phone.world.read(lambda work: work.calls.open_by(work.now)) == []


async def test_one_that_falls_silent_after_the_last_picture_is_not_waited_for(phone):
    await phone.begins()
    for _ in range(3):
        await phone.offers("2@x")
        await phone.later(20)
    call, _ = await phone.asked()
    await phone.world.write(lambda work: pairing.silent(work, call, "no answer"))
    assert (await phone.known()).state is PairingState.OVER


async def test_what_the_platform_refuses_is_over(phone):
    await phone.begins()
    call, _ = await phone.asked()
    await phone.world.write(lambda work: pairing.refused(work, call, "no"))
    assert (await phone.shows())["state"] == "refused"
    for late in (pairing.refused, pairing.silent):
        await phone.world.write(lambda work: late(work, call, "no"))  # noqa: B023
    assert (await phone.shows())["state"] == "refused"


async def test_an_answer_counts_once_and_one_that_comes_too_late_says_nothing(world, phone):
    await phone.begins()
    call, _ = await phone.asked()
    for _ in range(2):
        await world.write(lambda work: pairing.answered(work, call, Offer("2@1", LASTS)))
    assert (await phone.shows())["nth"] == 1
    await phone.later(10)
    late = await phone.call()
    await world.sql("UPDATE pairings SET state = 'over'")
    await world.write(lambda work: pairing.answered(work, late, Offer(connected=True)))
    assert (await phone.shows())["nth"] == 1
    assert (await world.read(lambda work: work.links.get(phone.instance))).link.connected is True


async def test_nobody_is_asked_for_who_does_not_wait_any_more(world, phone):
    await phone.begins()
    await world.sql("UPDATE pairings SET state = 'over'")
    _, wanted = await phone.asked()
    assert wanted is None
    assert await world.read(lambda work: work.calls.open_by(work.now)) == []


@pytest.mark.parametrize("how", ["deleted", "over", "forgotten"])
async def test_a_look_that_is_pointless_asks_nobody(world, acme, phone, how):
    await phone.begins()
    await phone.offers("2@1")
    if how == "deleted":
        await acme.act("delete", phone.instance, settle=False)
    else:
        await world.sql(
            "UPDATE pairings SET state = 'over'" if how == "over" else "DELETE FROM pairings"
        )
    await phone.later(10)
    found = await world.read(lambda work: work.calls.open_by(work.now))
    assert [call.operation for call in found] == (["delete"] if how == "deleted" else [])
    await world.settle()


async def test_only_what_runs_is_connected_by_who_operates_it(world, acme, phone):
    viewer = await acme.joined(31, "viewer")
    other = await world.enrolled(12, "Other")
    given = {"chat_id": 1, "message_key": "x"}
    for firm, refusal in ((viewer, NoRight), (other, NotFound)):
        with pytest.raises(refusal):
            await firm.do(pairing.begin, phone.instance, None, **given)
    await acme.delete(phone.instance)
    with pytest.raises(NotInThisState):
        await acme.do(pairing.begin, phone.instance, None, **given)


async def test_asked_once_more_under_the_same_key_it_begins_anew(phone):
    await phone.begins()
    await phone.offers("2@1")
    await phone.begins()
    assert (await phone.known()).shown == 0


def test_a_look_is_one_of_the_things_that_are_due():
    assert clockwork.CARRIES[pairing.LOOK] is pairing.look
    assert pairing.LOOK not in clockwork.HELD_BY_HALT


async def test_a_picture_of_the_platform_s_own_is_shown_in_place_of_a_text(world, phone):
    await phone.begins()
    call, _ = await phone.asked()
    offer = Offer(picture=b"\x89PNG", lasts=LASTS)
    await world.write(lambda work: pairing.answered(work, call, offer))
    assert (await phone.shows())["nth"] == 1
    assert offer.shown == "data:image/png;base64,iVBORw=="
    assert Offer("2@1", picture=b"\x89PNG").shown == "2@1"
