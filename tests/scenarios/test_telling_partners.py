"""Staff tell partners things unasked, act for them, and hear who cannot be reached."""

from __future__ import annotations

from tests.scenarios.test_support import card_of, picture
from tests.scenarios.world import Human, enrolled, living_in


async def test_say_reaches_everybody_of_a_partner_and_their_replies_come_back():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme Store")
        sofia = await world.staff()
        (sent,) = await sofia.says("/say Acme Store Two lines:\nthe second")
        assert sent.text == "✅ Sent to Acme Store, 1 person."
        told = await carla.last()
        assert told.text == "💬 Our staff:\nTwo lines:\nthe second"
        await carla.says("Fine", reply_to=told.message_id)
        assert "Acme Store, Carla" in (await card_of(sofia, "Fine")).text
        await sofia.says("/say Acme Look", photo=picture())
        assert (await carla.last()).raw["document"]["file_name"] == "screen.png"
        (asked,) = await sofia.says("/say Acme")
        assert "What shall I tell Acme Store?" in asked.text
        await sofia.says("This", reply_to=asked.message_id)
        assert (await carla.last()).text.endswith("This")
        sam = await world.staff("Sam")
        assert "Sent to" in (await sam.says("/say Acme From Sam"))[0].text
        assert "⛔" in (await carla.says("/say Acme hi"))[0].text


async def test_a_broadcast_is_shown_first_sent_and_counted():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        bia = await enrolled(world, "Bia", "Bazar")
        await world.post(f"people/{bia.id}/block", settle=1)
        sofia, sam = await world.staff(), await world.staff("Sam")
        assert (
            "staff right that you do not have" in (await sam.says("/broadcast all hello"))[0].text
        )
        (refused,) = await sofia.says("/broadcast nobody hello")
        assert "integrator" in refused.text
        (preview,) = await sofia.says("/broadcast all New prices\nfrom May.")
        assert "2 partners" in preview.text
        assert "2 people" in preview.text
        assert preview.labels == ["Confirm", "Back"]
        before = len(await carla.heard())
        await sofia.presses("Confirm")
        assert (await carla.heard())[-1].text == "New prices\nfrom May."
        await world.advance("2m")
        report = [one.text for one in await sofia.heard() if one.text.startswith("📣")]
        assert report == [
            "📣 To all partners, 2 in all, from Sofia\n✅ sent: 1\n⛔ have blocked the bot: 1"
        ]
        assert len(await carla.heard()) == before + 1
        await carla.says("Thanks!", reply_to=(await carla.last()).message_id)
        assert "Acme, Carla" in (await card_of(sofia, "Thanks!")).text

        await sofia.says("/broadcast overdue pay please")
        assert "nobody" in (await sofia.last()).text
        await sofia.says("/broadcast integrator not this")
        await sofia.presses("Back")
        await world.advance("5m")
        assert "not this" not in (await carla.last()).text


async def test_as_acts_with_a_managers_rights_in_ones_own_name():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        await carla.says("/new loja-1, loja-2,")
        sam = await world.staff("Sam")
        (shown,) = await sam.says("/as Acme subscribe loja-1")
        assert shown.text.startswith("👤 For Acme:")
        assert "Confirm" in shown.labels
        heard = len(await carla.heard())
        await sam.presses("Confirm")
        assert (await sam.last()).text.startswith("👤 For Acme:")
        told = (await carla.heard())[heard:]
        assert [one.text.splitlines()[0] for one in told] == ["👤 Our staff did this for you:"]
        assert "loja-1" in told[0].text
        assert (await world.platform())["loja-1"] == "active"
        assert "for " in (await sam.says("/audit loja-1"))[0].text

        await sam.says("/as Acme new")
        await sam.says("loja-3", reply_to=(await sam.last()).message_id)
        assert "loja-3" in await world.platform()
        assert not [label for label in (await sam.last()).labels if label == "Show token"]
        (listed,) = await sam.says("/as Acme list")
        assert "loja-3" in listed.text
        # Read, not changed: nobody is told.
        assert "loja-2" not in (await carla.last()).text


async def test_as_does_no_more_than_a_manager_may():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        sofia = await world.staff()
        heard = len(await carla.heard())
        for refused in ("token", "leave", "pay INT-1", "team", "apply Other"):
            (told,) = await sofia.says(f"/as Acme {refused}")
            assert "only the partner itself" in told.text, refused
        (near,) = await sofia.says("/as Acme cancle loja-1")
        assert "/cancel" in near.labels
        assert "Nobody" in (await sofia.says("/as Nobody list"))[0].text
        assert len(await carla.heard()) == heard
        private = Human(world, sofia.id, "Sofia", sofia.id)
        assert "staff group" in (await private.says("/as Acme list"))[0].text


async def test_who_blocked_the_bot_is_stood_in_for():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        sofia = await world.staff()
        await carla.says("/support Hello?")
        card = await card_of(sofia, "Hello?")
        await world.post(f"people/{carla.id}/block", settle=1)
        await sofia.says("Yes?", reply_to=card.message_id)
        told = await sofia.last()
        assert "Carla of Acme cannot be reached" in told.text
        assert "Nobody else" in told.text


async def test_staff_are_spoken_to_in_portuguese():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        await carla.says("/new loja-1")
        sofia = await world.staff()
        await sofia.says("/language português")
        (sent,) = await sofia.says("/dizer Acme Bom dia")
        assert sent.text == "✅ Enviado a Acme, 1 pessoa."
        assert (await carla.last()).text == "💬 Our staff:\nBom dia"
        (shown,) = await sofia.says("/como Acme assinar loja-1")
        assert shown.text.startswith("👤 Por Acme:")
        (refused,) = await sofia.says("/como Acme sair")
        assert "só o próprio parceiro" in refused.text
        (preview,) = await sofia.says("/transmitir teste Novidades")
        assert "parceiros com testes" in preview.text
        await sofia.presses("Confirmar")
        assert (await carla.last()).text == "Novidades"
        (help_card,) = await sofia.says("/ajuda transmitir")
        assert "SEGMENTO" in help_card.text
