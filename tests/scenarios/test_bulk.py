"""Many instances through the sandbox's HTTP: pasted, in files, and through a kill -9."""

from __future__ import annotations

import asyncio
import base64
import sqlite3
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import openpyxl
import pytest

from tests.scenarios.process import BotProcess
from tests.scenarios.test_people import invited
from tests.scenarios.world import Human, World, enrolled, living_in

# So many trials may be open at once.
EACH = 50


def attached(name: str, content: bytes) -> dict[str, Any]:
    return {"document": {"file_name": name, "base64": base64.b64encode(content).decode()}}


def spreadsheet(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


async def test_a_file_is_looked_over_done_and_told_row_by_row():
    async with living_in() as world:
        carla = await enrolled(world)
        rows = "name,customer,price,paid until\nshop-1,Bakery,99.90,2026-02-03\nshop-2,,,\nall,,,\n"
        [asked] = await carla.says("/new", **attached("shops.csv", rows.encode()))
        assert "Create 2 instances?" in asked.text
        assert "Left out" in asked.text
        await carla.presses("Confirm")
        assert await world.platform() == {"shop-1": "trial", "shop-2": "trial"}
        [listed] = await carla.says("/list")
        assert "for Bakery" in listed.text
        names = attached("names.txt", b"shop-1\nshop-2\n")
        [asked] = await carla.says("/subscribe", **names)
        assert "Subscribe 2 instances?" in asked.text
        await carla.presses("Confirm")
        assert set((await world.platform()).values()) == {"active"}
        [nothing] = await carla.says("/cancel", **attached("x.bin", b"\0\1\2"))
        assert "cannot be read" in nothing.text
        vera = await invited(world, carla, "Vera", "viewer")
        [refused] = await vera.says("/delete", **names)
        assert "Your role does not allow that" in refused.text


async def test_a_spreadsheet_in_portuguese():
    async with living_in() as world:
        carla = await enrolled(world)
        bia = await invited(world, carla, "Bia", "manager", "pt-br")
        content = spreadsheet(("nome", "cliente", "preço"), ("loja-1", "Padaria", 99.9))
        [asked] = await bia.says("/criar", **attached("lojas.xlsx", content))
        assert "Criar 1 instância?" in asked.text
        await bia.presses("Confirmar")
        [shown] = await bia.says("/ver loja-1")
        assert "Cliente: Padaria · R$\xa099,90 por mês" in shown.text
        content = spreadsheet(("id", "cliente"), ("loja-1", "Açougue"), ("loja-9", "X"))
        [asked] = await bia.says("/cliente", **attached("clientes.xlsx", content))
        assert "Anotar o cliente de 1 instância?" in asked.text
        await bia.presses("Confirmar")
        [shown] = await bia.says("/ver loja-1")
        assert "Cliente: Açougue" in shown.text


@pytest.mark.parametrize("rounds", [1, pytest.param(4, marks=pytest.mark.long)])
async def test_calls_go_on_after_a_kill_in_the_middle(tmp_path: Path, monkeypatch, rounds):
    monkeypatch.setenv("EMBEDDED_DELAY_SECONDS", "0.05")
    bot = BotProcess(tmp_path, webhook=False)
    await bot.start("--fresh")
    async with aiohttp.ClientSession() as http:
        world = World(http, bot.url)
        carla = await enrolled(world)
        await (await world.staff()).says("/grant Acme definitive")
        for number in range(rounds):
            names = "\n".join(f"shop-{number}-{n:02d}" for n in range(EACH))
            await carla.says(f"/new {names}")
            await carla.says("/subscribe trial")
            await carla.presses("Confirm")
        await carla.says("/delete all")
        confirm = await carla.find("Confirm")
        body = {"chat_id": carla.chat_id, "from_id": carla.id, "button": "Confirm"}
        await world.post("presses", {**body, "message_id": confirm.message_id})
    before = await killed_in_the_middle(bot)
    assert 0 < before < rounds * EACH
    await bot.start()
    await until(lambda: not count(bot.database, "state = 'open'"))
    async with aiohttp.ClientSession() as http:
        world = World(http, bot.url)
        await world.settle()
        assert set((await world.platform()).values()) == {"deleted"}
        last = await carla_in(world, carla.id)
    assert f"🗑 {rounds * EACH} instances deleted." in last
    assert await bot.end() == 0


@pytest.mark.parametrize("rounds", [1, pytest.param(4, marks=pytest.mark.long)])
async def test_each_is_created_once_though_killed_in_the_middle(
    tmp_path: Path, monkeypatch, rounds
):
    monkeypatch.setenv("EMBEDDED_DELAY_SECONDS", "0.05")
    bot = BotProcess(tmp_path, webhook=False)
    await bot.start("--fresh")
    async with aiohttp.ClientSession() as http:
        carla = await enrolled(world := World(http, bot.url))
        await (await world.staff()).says("/grant Acme definitive")
    for number in range(1, rounds + 1):
        await created_with_a_kill(bot, carla.id, number)
    names = f"SELECT COUNT(DISTINCT name) FROM instances WHERE name LIKE 'shop-{'_' * 4}'"
    assert asked(bot.database, names) == rounds * EACH
    made = "SELECT COUNT(*) FROM embedded_instances"
    assert asked(bot.database, made) == rounds * EACH
    assert await bot.end() == 0


async def created_with_a_kill(bot: BotProcess, person_id: int, number: int) -> None:
    """Create some, killed in the middle; then they are subscribed, so that others can follow."""
    names = "\n".join(f"shop-{number}-{n:02d}" for n in range(EACH))
    body = {"chat_id": person_id, "from_id": person_id, "text": f"/new {names}"}
    before = count(bot.database, "operation = 'create' AND state = 'done'")
    async with aiohttp.ClientSession() as http:
        await World(http, bot.url).post("messages", body)
    left = await killed_in_the_middle(bot, "create", before)
    assert 0 < left < EACH
    await bot.start()
    await until(lambda: not count(bot.database, "state = 'open'"))
    async with aiohttp.ClientSession() as http:
        world = World(http, bot.url)
        await world.settle()
        assert f"✅ {EACH} instances created." in await carla_in(world, person_id)
        carla = Human(world, person_id, "Carla", person_id)
        await carla.says("/subscribe trial")
        await carla.presses("Confirm")


async def carla_in(world: World, person_id: int) -> str:
    said = await world.get("messages", chat_id=person_id, limit=1000)
    return str([one for one in said if one["from"]["is_bot"]][-1]["text"])


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while True:
            if reached():
                return
            await asyncio.sleep(0.01)


async def killed_in_the_middle(bot: BotProcess, operation: str = "delete", before: int = 0) -> int:
    """Kill the bot once some more of the calls are done; return how many were left."""
    some, of = before + EACH // 4, f"operation = '{operation}'"
    await until(lambda: count(bot.database, f"{of} AND state = 'done'") >= some)
    await bot.kill()
    return count(bot.database, f"{of} AND state = 'open'")


def count(path: Path, where: str) -> int:
    return asked(path, f"SELECT COUNT(*) FROM platform_calls WHERE {where}")


def asked(path: Path, question: str) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute(question).fetchone()[0])
    finally:
        connection.close()
