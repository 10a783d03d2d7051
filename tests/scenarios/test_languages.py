"""Partners in other languages, told through the doors: commands, words, buttons and dates."""

import re

from tests.scenarios.world import Human, World, living_in

NUMBER = re.compile(r"DAY-2026-\d{5}")
START = "2026-03-02T10:02:00+00:00"


async def enrolled_in_spanish(world: World, programme: str) -> Human:
    """Return a newcomer who speaks Spanish and whose application was approved."""
    lucia = await world.newcomer("Lucía", "es-419")
    [asked] = await lucia.says("/solicitar Acme")
    assert "Nuestro equipo tiene tu solicitud para Acme" in asked.text
    sofia = await world.staff()
    await sofia.presses("Approve")
    await sofia.presses(programme)
    assert "Te damos la bienvenida, Acme" in (await lucia.last()).text
    return lucia


async def test_a_partner_is_served_in_spanish():
    async with living_in(at=START) as world:
        lucia = await enrolled_in_spanish(world, "integrator")
        await lucia.says("crear tienda-1 tienda-2")
        shown = await lucia.last()
        assert "2 instancias creadas" in shown.text
        assert "mié 4 mar a las" in shown.text
        card, *_ = await lucia.says("/suscribir tienda-1")
        assert "¿Suscribir tienda-1" in card.text
        await lucia.presses("Confirmar")
        assert (await world.platform())["tienda-1"] == "active"
        [trials] = await lucia.says("/lista prueba")
        assert "tienda-2" in trials.text
        assert "tienda-1" not in trials.text
        [unknown] = await lucia.says("/ysi agregar 3")
        assert "Como quedaría: 4 líneas" in unknown.text
        [english] = await lucia.says("/language English")
        assert "I speak English" in english.text
        [back] = await lucia.says("/idioma español")
        assert "Desde ahora te hablo en Español" in back.text


async def test_days_are_bought_and_given_in_spanish():
    async with living_in(at=START) as world:
        lucia = await enrolled_in_spanish(world, "days")
        await lucia.says("/crear chip-1 chip-2")
        [quote] = await lucia.says("/comprar 10 canales")
        assert "¿Comprar 10 canales, 300 días?" in quote.text
        await lucia.presses("Confirmar")
        assert "a más tardar" in (await lucia.last()).text
        sofia = await world.staff()
        await sofia.presses("Prepare invoice")
        number = NUMBER.search((await lucia.find("Pagar")).text)
        assert number is not None
        await sofia.says(f"/paid {number[0]} 300.00 WIRE-1")
        [short] = await lucia.says("/extender todas a 30")
        assert "a cada una le queden 30 días" in short.text
        await lucia.presses("Confirmar")
        assert set((await world.platform()).values()) == {"active"}
        [switched] = await lucia.says("/automatico todas activar 30")
        assert "2 instancias se extienden solas 30 días" in switched.text
        [refused] = await lucia.says("/extender chip-1 hasta 31/02/2026")
        assert "El día 31/02/2026 no existe" in refused.text


async def enrolled_in_russian(world: World, programme: str) -> Human:
    """Return a newcomer who speaks Russian and whose application was approved."""
    olga = await world.newcomer("Ольга", "ru")
    [asked] = await olga.says("/zayavka Acme")
    assert "Ваша заявка для Acme у наших сотрудников" in asked.text
    sofia = await world.staff()
    await sofia.presses("Approve")
    await sofia.presses(programme)
    assert "Добро пожаловать, Acme" in (await olga.last()).text
    return olga


async def test_a_partner_is_served_in_russian():
    async with living_in(at=START) as world:
        olga = await enrolled_in_russian(world, "integrator")
        await olga.says("/sozdat магазин-1 магазин-2")
        shown = await olga.last()
        assert "2 инстанса созданы" in shown.text
        assert "ср 04.03, " in shown.text
        card, *_ = await olga.says("/podpiska магазин-1")
        assert "Оформить подписку на магазин-1" in card.text
        await olga.presses("Подтвердить")
        assert (await world.platform())["магазин-1"] == "active"
        [trials] = await olga.says("/spisok пробные")
        assert "магазин-2" in trials.text
        assert "магазин-1" not in trials.text
        [foreseen] = await olga.says("/chtoesli создать 3")
        assert "Как было бы: 4 строки" in foreseen.text
        [english] = await olga.says("/language English")
        assert "I speak English" in english.text
        [back] = await olga.says("/yazyk русский")
        assert "Теперь мой язык с вами: Русский" in back.text


async def test_days_are_bought_and_given_in_russian():
    async with living_in(at=START) as world:
        olga = await enrolled_in_russian(world, "days")
        await olga.says("/sozdat чип-1 чип-2")
        [quote] = await olga.says("/kupit 10 каналов")
        assert "Купить: 10 каналов, 300 дней?" in quote.text
        await olga.presses("Подтвердить")
        assert "Счёт будет до" in (await olga.last()).text
        sofia = await world.staff()
        await sofia.presses("Prepare invoice")
        number = NUMBER.search((await olga.find("Оплатить")).text)
        assert number is not None
        # As an amount of thousands is shown, and copied, in Russian.
        await sofia.says("/yazyk русский")
        [booked] = await sofia.says(f"/oplacheno {number[0]} 1 300,00 WIRE-1")
        assert "Лишнее, в авансе: 1\xa0000,00" in booked.text
        [short] = await olga.says("/prodlit все до 30")
        assert "чтобы у каждого осталось: 30 дней" in short.text
        await olga.presses("Подтвердить")
        assert set((await world.platform()).values()) == {"active"}
        [switched] = await olga.says("/avto все вкл 30")
        assert "2 инстанса продлеваются сами на 30 дней" in switched.text
        [refused] = await olga.says("/prodlit чип-1 до 31.02.2026")
        assert "Дня 31.02.2026 нет" in refused.text
