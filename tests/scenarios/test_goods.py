"""A partner's goods through the sandbox's HTTP: customers, margins, numbers connected, many."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.scenarios.test_people import invited
from tests.scenarios.world import Human, Said, World, enrolled, living_in


async def passes(world: World, seconds: int) -> None:
    """Let so many seconds pass."""
    now = await world.now()
    await world.until((now + timedelta(seconds=seconds)).isoformat())


async def picture(world: World, person: Human) -> tuple[Said, bytes]:
    """Return what the bot said last, and the picture on it."""
    last = await person.last()
    return last, await world.file(last.raw["document"] or last.raw["photo"])


async def id_of(world: World, name: str) -> str:
    held: list[dict[str, Any]] = await world.get("platform/instances")
    return next(str(one["id"]) for one in held if one["name"] == name)


async def test_customers_and_what_they_leave_in_english():
    async with living_in() as world:
        carla = await enrolled(world)
        await carla.says("/new shop-1 shop-2")
        await carla.says("/subscribe shop-1")
        await carla.presses("Confirm")
        [told] = await carla.says("/customer shop-1 Corner Bakery 99.90 paid until 2026-02-02")
        assert "Corner Bakery · R$99.90 a month · paid until Mon 2 Feb" in told.text
        [shown] = await carla.says("/show shop-1")
        assert "Customer: Corner Bakery" in shown.text
        [margin] = await carla.says("/margin")
        assert "To charge this week" in margin.text
        assert "leaves" in margin.text
        await carla.presses("Excel")
        name = (await carla.last()).raw["document"]["file_name"]
        assert name.endswith("-margin-2026-01.xlsx")
        vera = await invited(world, carla, "Vera", "viewer")
        for command in ("/margin", "/customer shop-1 Mine", "/pair shop-1"):
            [refused] = await vera.says(command)
            assert "Your role does not allow that" in refused.text


async def test_customers_and_what_they_leave_in_portuguese():
    async with living_in() as world:
        carla = await enrolled(world)
        bia = await invited(world, carla, "Bia", "owner", "pt-br")
        await bia.says("/criar loja-1")
        [told] = await bia.says("/cliente loja-1 Padaria do Zé R$ 99,90 pago até 02/02/2026")
        assert "Padaria do Zé · R$\xa099,90 por mês · pago até seg. 02/02" in told.text
        [margin] = await bia.says("/margem")
        assert "A cobrar nesta semana" in margin.text
        [told] = await bia.says("/cliente loja-1 -")
        assert "não tem cliente" in told.text


async def test_a_number_is_connected_by_the_second_picture():
    async with living_in() as world:
        carla = await enrolled(world)
        await carla.says("/new shop-1")
        await carla.says("/pair shop-1")
        first, content = await picture(world, carla)
        assert "1 of 3" in first.text
        await passes(world, 20)
        second, renewed = await picture(world, carla)
        assert (second.message_id, "2 of 3" in second.text) == (first.message_id, True)
        assert renewed != content
        link = f"platform/instances/{await id_of(world, 'shop-1')}/link"
        await world.post(link, {"connected": True})
        await passes(world, 10)
        last, _ = await picture(world, carla)
        assert last.message_id == first.message_id
        assert "is connected" in last.text
        [shown] = await carla.says("/show shop-1")
        assert "📱 Connected" in shown.text
        assert "Connect" not in shown.labels


async def test_nobody_connects_it_and_it_is_asked_once_more_in_portuguese():
    async with living_in() as world:
        carla = await enrolled(world)
        bia = await invited(world, carla, "Bia", "manager", "pt-br")
        await bia.says("/criar loja-1")
        await bia.says("/parear loja-1")
        before = await bia.last()
        await passes(world, 70)
        over = await bia.last()
        assert over.message_id == before.message_id
        assert "não foi conectada a tempo" in over.text
        await bia.presses("De novo")
        again = await bia.last()
        assert again.message_id > over.message_id
        assert "1 de 3" in again.text


async def test_a_code_for_a_number_is_typed_on_the_phone():
    async with living_in() as world:
        carla = await enrolled(world)
        await carla.says("/new shop-1")
        [unclear] = await carla.says("/pair shop-1 soon")
        assert "is no phone number" in unclear.text
        [shown] = await carla.says("/pair shop-1 +55 11 98765-4321")
        assert "Link with phone number" in shown.text
        await world.post(
            f"platform/instances/{await id_of(world, 'shop-1')}/link", {"connected": True}
        )
        await passes(world, 10)
        last = await carla.last()
        assert (last.message_id, "is connected" in last.text) == (shown.message_id, True)
        [again] = await carla.says("/pair shop-1")
        assert "is connected" in again.text


async def test_a_platform_that_refuses_or_is_silent_is_told_of_and_asked_again():
    async with living_in() as world:
        carla = await enrolled(world)
        await carla.says("/new shop-1")
        await world.post("faults", {"platform": "pair", "times": 1, "kind": "refused"})
        [refused] = await carla.says("/pair shop-1")
        assert "cannot connect" in refused.text
        await world.post("faults", {"platform": "pair", "times": 1, "kind": "500"})
        await carla.presses("Once more")
        await passes(world, 2)
        waiting = await carla.last()
        assert "I ask the platform" in waiting.text
        await passes(world, 10)
        shown, _ = await picture(world, carla)
        assert (shown.message_id, "1 of 3" in shown.text) == (waiting.message_id, True)
        await carla.says("/delete shop-1")
        await carla.presses("Confirm")
        await passes(world, 10)
        over = next(said for said in await carla.heard() if said.message_id == shown.message_id)
        assert "not connected in time" in over.text
