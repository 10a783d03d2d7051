"""The staff's day, as it is lived: the queue, claims, undo, debts, the morning's summary."""

from __future__ import annotations

from tests.scenarios.world import enrolled, living_in


def files(heard):
    return [said.raw["document"]["file_name"] for said in heard if said.raw["document"]]


async def test_an_application_is_claimed_declined_and_the_decline_taken_back():
    async with living_in() as world:
        carla = await world.newcomer("Carla")
        await carla.says("/apply Padaria Sol")
        sofia, sam = await world.staff(), await world.staff("Sam")
        (queue,) = await sam.says("/queue")
        assert "Padaria Sol" in queue.text
        await sam.presses("Claim")
        assert "Sam is looking at it" in (await carla.last()).text
        question = await sofia.presses("Decline")
        assert question["alert"] is None
        asked = (await sofia.last()).message_id
        await sofia.says("no tax id", reply_to=asked)
        texts = await carla.texts()
        assert any("was declined" in text for text in texts)
        await sofia.presses("Undo")
        texts = await carla.texts()
        assert "open again" in texts[-1]
        assert "with our staff" in texts[0]
        await sofia.presses("Approve")
        await sofia.presses("integrator")
        assert "was approved" in (await carla.texts())[0]


async def test_debts_reports_and_pictures_go_with_the_money():
    async with living_in(at="2026-01-30T15:00:00-03:00") as world:
        carla = await enrolled(world)
        await carla.says("/new loja-1")
        await carla.says("/subscribe loja-1")
        await carla.presses("Confirm")
        assert files(await carla.says("/chart")) == ["chart.png"]
        await world.until("2026-02-07T10:00:00-03:00")
        sofia = await world.staff()
        summaries = [text for text in await sofia.texts() if "what the day brings" in text]
        assert any("Due today" in text for text in summaries)
        assert "Overdue: 1 invoice" in summaries[-1]
        said = await sofia.says("/debts")
        assert "2 days overdue" in said[0].text
        assert files(said) == ["debts.png", "debts.xlsx"]
        said = await sofia.says("/report 2026-02")
        assert files(said) == ["report-2026-02.png", "report-2026-02.xlsx"]
        assert "Invoices issued: 1" in said[0].text
        (refused,) = await (await world.staff("Sam")).says("/debts")
        assert "Owed" not in refused.text


async def test_the_same_in_portuguese():
    async with living_in() as world:
        bruna = await world.newcomer("Bruna", "pt-br")
        sofia = await world.staff()
        await sofia.says("/idioma português")
        await bruna.says("/candidatar Padaria Sol")
        (queue,) = await sofia.says("/fila")
        assert "Pedidos" in queue.text
        assert "desde" in queue.text
        await sofia.presses("Aprovar")
        await sofia.presses("integrator")
        assert "aprovado" in (await bruna.texts())[0]
        await bruna.says("/criar loja-1")
        assert files(await bruna.says("/grafico")) == ["chart.png"]
        await sofia.says("/parar manutenção")
        await sofia.says("/desfazer")
        assert "exclusões seguem" in (await sofia.last()).text
        (debts,) = await sofia.says("/dividas")
        assert "Ninguém deve" in debts.text
        (health,) = await sofia.says("/saude")
        assert "Atualizações" in health.text
        (settings,) = await sofia.says("/configuracoes")
        assert "billing/programmes/integrator.toml" in settings.text
        (refused,) = await bruna.says("/saude")
        assert "billing" not in refused.text
