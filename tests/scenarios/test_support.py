"""Partners and staff talk with each other: /support and replies both ways, with files."""

from __future__ import annotations

import base64

from tests.scenarios.world import Human, Said, enrolled, living_in


def picture(name: str = "screen.png") -> dict[str, str]:
    return {"file_name": name, "base64": base64.b64encode(b"picture").decode()}


async def card_of(staff: Human, text: str) -> Said:
    """Return the newest card of what a partner wrote with that text."""
    cards = [one for one in await staff.heard() if one.text.startswith("💬") and text in one.text]
    return cards[-1]


async def said_by(person: Human, text: str) -> Said:
    return [one for one in await person.heard() if not one.by_bot and text in one.text][-1]


async def test_a_question_is_answered_and_goes_on_in_threads():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        sofia = await world.staff()
        (sent,) = await carla.says("/support Where is\nmy invoice?")
        assert "Sent to our staff" in sent.text
        card = await card_of(sofia, "Where is\nmy invoice?")
        assert "Acme, Carla" in card.text
        assert card.labels == ["Claim", "Done", "Partner"]
        assert "Messages unanswered: 1" in (await sofia.says("/queue"))[0].text

        await sofia.presses("Claim", on=card)
        assert "Sofia sees to it" in (await card_of(sofia, "my invoice?")).text
        assert await sofia.says("In your mail.", reply_to=card.message_id) == []
        answer = await carla.last()
        assert answer.text == "💬 Our staff:\nIn your mail."
        assert answer.raw["reply_to"] == (await said_by(carla, "/support")).message_id
        card = await card_of(sofia, "my invoice?")
        assert "Answered by Sofia" in card.text
        assert card.labels == ["Partner"]
        assert "Nothing waits" in (await sofia.says("/queue"))[0].text

        # What replies is no command, though it is called as one.
        (sent,) = await carla.says("list", reply_to=answer.message_id)
        assert "Sent to our staff" in sent.text
        again = await card_of(sofia, "list")
        assert again.raw["reply_to"] == (await said_by(sofia, "In your mail.")).message_id
        await sofia.presses("Done", on=again)
        assert (await card_of(sofia, "list")).labels == ["Partner"]
        assert "Nothing waits" in (await sofia.says("/queue"))[0].text
        (late,) = await sofia.says("And more.", reply_to=card.message_id)
        assert late.text == "✅ Sent."


async def test_files_go_along_both_ways_and_what_is_long_is_whole():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        sofia = await world.staff()
        await carla.says("/support It looks so", photo=picture())
        shown = (await sofia.heard())[-1]
        assert shown.text == "📎 Acme, Carla"
        assert shown.raw["document"]["mime_type"].startswith("image/")
        await sofia.says("", document=picture("fix.pdf"), reply_to=shown.message_id)
        assert (await carla.last()).raw["document"]["file_name"] == "fix.pdf"
        assert "Answered" in (await card_of(sofia, "It looks so")).text

        await carla.says("/support")
        await carla.says("", document=picture("log.txt"))
        assert (await sofia.heard())[-1].raw["document"]["file_name"] == "log.txt"
        long = "".join(f"line {n}\n" for n in range(440)).strip()
        await carla.says(f"/support {long}")
        newest = [one.text for one in await sofia.heard()][-3:]
        found = "".join(newest)
        assert "line 0\n" in found
        assert "line 439" in found
        assert all(f"line {n}\n" in found.replace("\n💬", "") for n in (1, 100, 438))
        await sofia.says(f"Reply: {long}", reply_to=(await sofia.heard())[-1].message_id)
        assert (await carla.last()).text.endswith("line 439")


async def test_is_spoken_in_portuguese_too():
    async with living_in() as world:
        rui = await world.newcomer("Rui", "pt-br")
        await rui.says("/candidatar Norte")
        sofia = await world.staff()
        await sofia.presses("Approve")
        await sofia.presses("integrator")
        (sent,) = await rui.says("/suporte Cadê minha fatura?")
        assert "Enviado" in sent.text
        await sofia.says("Aqui.", reply_to=(await card_of(sofia, "Cadê")).message_id)
        assert (await rui.last()).text == "💬 Nossa equipe:\nAqui."


async def test_nobody_else_is_heard():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        sofia = await world.staff()
        stranger = await world.newcomer("Steve")
        assert "Sent" not in (await stranger.says("/support hello"))[0].text
        await carla.says("/support Help")
        card = await card_of(sofia, "Help")
        # As the group: nobody knows who that is.
        anonymous = Human(world, 1087968824, "Group", sofia.chat_id)
        told = await anonymous.says("It works.", reply_to=card.message_id)
        assert "not anonymously" in told[-1].text
        assert "✅ Sent" in (await carla.last()).text
        assert "Reply to this message" in (await card_of(sofia, "Help")).text
        body = {"text": "changed", "edit_of": (await said_by(carla, "Help")).message_id}
        await carla.says(**body)
        assert "changed" not in (await card_of(sofia, "Help")).text
